// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/cli/sound_files.h"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "syrinx/core/dsp/kernels.h"

namespace syrinx::cli {
namespace {

namespace fs = std::filesystem;

bool is_sound(const fs::directory_entry& entry) {
  std::error_code ignored;
  if (!entry.is_regular_file(ignored) || entry.path().filename().string().starts_with('.'))
    return false;
  const auto format = io::audio_format_for(entry.path());
  return format && *format != io::AudioFormat::kRaw;
}

Result<std::vector<std::string>> sounds_in(const std::string& folder) {
  std::vector<std::string> sounds;
  std::error_code failed;
  for (fs::directory_iterator at(folder, failed), end; !failed && at != end; at.increment(failed))
    if (is_sound(*at)) sounds.push_back(at->path().string());
  if (failed)
    return make_error(ErrorCode::kIo, "cannot read the folder '", folder, "': ", failed.message());
  if (sounds.empty())
    return make_error(ErrorCode::kNotFound, "there is no audio file in the folder '", folder, "'");
  std::sort(sounds.begin(), sounds.end());
  return sounds;
}

// Samples above 1 or below -1.
std::uint64_t beyond_full_scale(AudioView block) {
  std::uint64_t count = 0;
  for (std::size_t c = 0; c < block.channels(); ++c) {
    const auto row = block.channel(c);
    if (dsp::kernels().peak(row.data(), row.size()) <= 1.0f) continue;
    for (const float x : row) count += std::abs(x) > 1.0f ? 1 : 0;
  }
  return count;
}

}  // namespace

void add_format_options(CLI::App& command, SoundOutput& output) {
  command
      .add_option("--format", output.format, "wav flac ogg opus mp3 aac m4a m4b aiff raw [by name]")
      ->type_name("FORMAT");
  command.add_option("--encoding", output.encoding, "int16 int24 int32 float32 [the input's]")
      ->type_name("ENCODING");
  command.add_flag("--dither", output.dither, "Dither when rounding to int16 or int24");
}

Result<io::AudioReader> open_input(const std::string& name, const io::AudioReadOptions& options) {
  if (name == "-") return io::AudioReader::from_fd(STDIN_FILENO, "standard input", options);
  return io::AudioReader::open(name, options);
}

Result<std::vector<std::string>> with_folders_opened(const std::vector<std::string>& names) {
  std::vector<std::string> files;
  for (const std::string& name : names) {
    std::error_code ignored;
    if (!fs::is_directory(name, ignored)) {
      files.push_back(name);
      continue;
    }
    SYRINX_ASSIGN(const auto sounds, sounds_in(name));
    files.insert(files.end(), sounds.begin(), sounds.end());
  }
  return files;
}

io::SampleEncoding kept_encoding(io::SampleEncoding given, io::AudioFormat format) noexcept {
  using io::SampleEncoding;
  SampleEncoding wanted = given;
  if (given == SampleEncoding::kFloat64) wanted = SampleEncoding::kFloat32;
  const bool writable = wanted == SampleEncoding::kInt16 || wanted == SampleEncoding::kInt24 ||
                        wanted == SampleEncoding::kInt32 || wanted == SampleEncoding::kFloat32;
  if (!writable) return io::default_encoding(format);
  if (io::supports_encoding(format, wanted)) return wanted;
  const bool finer = wanted != SampleEncoding::kInt16;
  if (finer && io::supports_encoding(format, SampleEncoding::kInt24)) return SampleEncoding::kInt24;
  return io::default_encoding(format);
}

Result<io::AudioWriteOptions> write_options(const SoundOutput& output,
                                            const io::AudioFileInfo& input, int sample_rate_hz,
                                            std::size_t channels) {
  io::AudioWriteOptions options;
  if (!output.format.empty()) {
    SYRINX_ASSIGN(options.format, io::parse_audio_format(output.format));
  } else if (output.output != "-") {
    SYRINX_ASSIGN(options.format, io::audio_format_for(output.output));
  }
  options.encoding = kept_encoding(input.encoding, options.format);
  if (!output.encoding.empty()) {
    SYRINX_ASSIGN(options.encoding, io::parse_sample_encoding(output.encoding));
  }
  options.sample_rate_hz = sample_rate_hz;
  options.channels = channels;
  options.dither = output.dither;
  io::fit_sample_rate(options);
  return options;
}

Result<io::AudioWriter> open_output(const std::string& name, const io::AudioWriteOptions& options) {
  if (name == "-") return io::AudioWriter::to_fd(STDOUT_FILENO, "standard output", options);
  return io::AudioWriter::create(name, options);
}

nlohmann::json written_json(const io::AudioWriteOptions& options) {
  return {
      {"format", io::to_string(options.format)},
      {"encoding", io::to_string(options.encoding.value_or(io::default_encoding(options.format)))},
      {"sample_rate_hz", options.sample_rate_hz},
      {"channels", options.channels}};
}

void tell_fitted_rate(const Context& context, const std::string& name,
                      const io::AudioWriteOptions& options) {
  if (!options.input_rate_hz) return;
  note(context, name + ": " + std::string(io::to_string(options.format)) + " cannot have " +
                    std::to_string(*options.input_rate_hz) + " Hz; it has " +
                    std::to_string(options.sample_rate_hz) + " Hz");
}

Result<std::uint64_t> write_all(AudioSource& sound, io::AudioWriter& writer,
                                const std::stop_token& stop) {
  const bool cuts = writer.options().encoding != io::SampleEncoding::kFloat32;
  std::uint64_t clipped = 0;
  AudioBuffer block;
  for (;;) {
    SYRINX_ASSIGN(const bool more, sound.next(block, stop));
    if (stop.stop_requested())
      return make_error(ErrorCode::kCancelled, "stopped; nothing is written");
    if (!more) break;
    if (cuts) clipped += beyond_full_scale(block);
    SYRINX_TRY(writer.write(block));
  }
  SYRINX_TRY(writer.finish());
  return clipped;
}

}  // namespace syrinx::cli
