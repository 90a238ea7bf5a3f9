// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/io/audio_writer.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "syrinx/core/base/limits.h"
#include "syrinx/core/dsp/resample.h"
#include "syrinx/core/io/byte_sink.h"
#include "syrinx/core/io/comment_tags.h"
#include "syrinx/core/io/encoder.h"
#include "syrinx/core/io/id3_tag.h"
#include "syrinx/core/io/pcm_header.h"

namespace syrinx::io {
namespace {

// What an encoder is handed at a time, so that how the caller cut the sound leaves no trace.
constexpr std::size_t kBlockFrames = 1'024;

}  // namespace

struct AudioWriter::Impl {
  std::string name;
  AudioWriteOptions options;
  std::unique_ptr<ByteSink> sink;
  std::unique_ptr<Encoder> encoder;  // After the sink: it goes first.
  std::uint64_t header_bytes = 0;
  std::optional<dsp::Resampler> resampler;
  AudioBuffer repaired;      // What goes into the resampler.
  AudioBuffer resampled;     // What comes out of it.
  std::vector<float> held;   // Interleaved frames, fewer than a block.
  std::uint64_t given = 0;   // Frames.
  std::uint64_t frames = 0;  // Stored, or held for it.
  std::uint64_t non_finite = 0;
  std::optional<Error> failure;
  bool finished = false;

  PcmFormat pcm() const noexcept {
    return {*options.encoding, options.sample_rate_hz, options.channels};
  }
  bool has_own_header() const noexcept {
    return options.format == AudioFormat::kWav || options.format == AudioFormat::kAiff;
  }
  std::vector<std::byte> make_header(std::uint32_t data_bytes) const {
    const bool is_wav = options.format == AudioFormat::kWav;
    return is_wav ? make_wav_header(pcm(), data_bytes) : make_aiff_header(pcm(), data_bytes);
  }

  // Tags that go into the header which the encoder writes.
  void tag_header() {
    if (options.tags.empty()) return;
    const int rate_hz = options.sample_rate_hz;
    if (options.format == AudioFormat::kFlac)
      sink = make_flac_tag_sink(std::move(sink), options.tags, rate_hz);
    if (options.format == AudioFormat::kOpus || options.format == AudioFormat::kOggVorbis)
      sink = make_ogg_tag_sink(std::move(sink), options.format, options.tags, rate_hz);
  }

  Result<void> start() {
    tag_header();
    if (options.input_rate_hz) {
      SYRINX_ASSIGN(auto made, dsp::Resampler::create(*options.input_rate_hz,
                                                      options.sample_rate_hz, options.channels));
      resampler.emplace(std::move(made));
    }
    if (has_own_header()) {
      const auto header = make_header(kUnknownSize);
      SYRINX_TRY(sink->write_at(0, header));
      header_bytes = header.size();
    }
    if (options.format == AudioFormat::kMp3 && !options.tags.empty()) {
      const auto tag = make_id3_tag(options.tags, options.sample_rate_hz);
      SYRINX_TRY(sink->write_at(0, tag));
      header_bytes = tag.size();
    }
    SYRINX_ASSIGN(encoder, Encoder::create(*sink, header_bytes, options));
    return {};
  }

  // The most frames that the sizes in the header can count; a pipe's header has none.
  std::uint64_t max_frames() const noexcept {
    const bool counted = has_own_header() && sink->seekable();
    return counted ? kMaxPcmDataBytes / pcm().frame_bytes()
                   : std::numeric_limits<std::uint64_t>::max();
  }

  Result<void> check_room(std::size_t more) const {
    if (more <= max_frames() - frames) return {};
    return make_error(ErrorCode::kLimitExceeded, "'", name, "' would be longer than the ",
                      max_frames(), " frames that a ", to_string(options.format),
                      " file can hold; write flac or raw, or several files");
  }

  float repair(float sample) noexcept {
    if (std::isfinite(sample)) return sample;
    ++non_finite;
    return 0.0f;
  }

  void hold(AudioView block) {
    const std::size_t before = held.size();
    const std::size_t channels = block.channels();
    held.resize(before + block.frames() * channels);
    for (std::size_t c = 0; c < channels; ++c) {
      float* to = held.data() + before + c;
      for (const float sample : block.channel(c)) {
        *to = repair(sample);
        to += channels;
      }
    }
  }

  Result<void> pass_on() {
    if (held.empty()) return {};
    SYRINX_TRY(encoder->write(held));
    held.clear();
    return {};
  }

  Result<void> write(AudioView block) {
    given += block.frames();
    return resampler ? store_resampled(block) : store(block);
  }

  // What is not finite would stay in the resampler for good.
  void keep_finite(AudioView block) {
    repaired.reshape(block.channels(), block.frames(), block.sample_rate_hz());
    for (std::size_t c = 0; c < block.channels(); ++c) {
      auto to = repaired.channel(c).begin();
      for (const float sample : block.channel(c)) *to++ = repair(sample);
    }
  }

  Result<void> store_resampled(AudioView block) {
    for (std::size_t at = 0; at < block.frames(); at += kBlockFrames) {
      keep_finite(block.slice(at, std::min(kBlockFrames, block.frames() - at)));
      SYRINX_TRY(store_through_resampler(repaired));
    }
    return {};
  }

  Result<void> store_through_resampler(AudioView block) {
    const std::size_t most = resampler->most_output_frames(block.frames());
    resampled.reshape(options.channels, most, options.sample_rate_hz);
    for (std::size_t at = 0; at < block.frames();) {
      const AudioView rest = block.slice(at, block.frames() - at);
      const auto moved = resampler->process(rest, resampled.view());
      at += moved.consumed;
      if (moved.produced > 0) SYRINX_TRY(store(resampled.view().slice(0, moved.produced)));
      if (moved.consumed == 0 && moved.produced == 0) break;
    }
    return {};
  }

  Result<void> end_resampling() {
    if (!resampler) return {};
    resampled.reshape(options.channels, kBlockFrames, options.sample_rate_hz);
    while (const std::size_t count = resampler->flush(resampled.view()))
      SYRINX_TRY(store(resampled.view().slice(0, count)));
    return {};
  }

  Result<void> store(AudioView block) {
    SYRINX_TRY(check_room(block.frames()));
    for (std::size_t at = 0; at < block.frames();) {
      const std::size_t room = kBlockFrames - held.size() / options.channels;
      const std::size_t count = std::min(room, block.frames() - at);
      hold(block.slice(at, count));
      at += count;
      if (count == room) SYRINX_TRY(pass_on());
    }
    frames += block.frames();
    // Samples that are stored one by one need no blocks: whoever listens to a pipe gets them now.
    const bool stored_singly = options.format == AudioFormat::kRaw || has_own_header();
    return stored_singly ? pass_on() : Result<void>{};
  }

  // Puts the sizes into the header, and the chunk's padding byte behind samples of odd length.
  Result<void> complete_header() {
    constexpr std::byte kPadding[1]{};
    const std::uint64_t bytes = frames * pcm().frame_bytes();
    if (bytes % 2 != 0) SYRINX_TRY(sink->write_at(header_bytes + bytes, kPadding));
    return sink->write_at(0, make_header(static_cast<std::uint32_t>(bytes)));
  }

  Result<void> checkpoint() {
    if (!has_own_header() || !sink->seekable()) return {};
    SYRINX_TRY(pass_on());
    return sink->write_at(0, make_header(static_cast<std::uint32_t>(frames * pcm().frame_bytes())));
  }

  // Removes the temporary file now, not when the writer goes.
  void abandon(const Error& error) {
    failure = error;
    encoder.reset();
    sink.reset();
  }

  // An Ogg stream of headers alone is one that decoders refuse.
  Result<void> check_not_empty() const {
    const bool needs_sound = options.format == AudioFormat::kOggVorbis ||
                             options.format == AudioFormat::kOpus || is_aac(options.format);
    if (frames > 0 || !needs_sound) return {};
    return make_error(ErrorCode::kInvalidArgument, "there was no sound to write to '", name,
                      "', and ", to_string(options.format), " cannot store none");
  }

  Result<void> finish() {
    SYRINX_TRY(end_resampling());
    SYRINX_TRY(check_not_empty());
    SYRINX_TRY(pass_on());
    SYRINX_TRY(encoder->finish());
    if (has_own_header() && sink->seekable()) SYRINX_TRY(complete_header());
    return sink->finish();
  }
};

namespace {

Result<void> check_encoding(const AudioWriteOptions& options) {
  if (supports_encoding(options.format, *options.encoding)) return {};
  std::string possible;
  for (const auto encoding :
       {SampleEncoding::kInt16, SampleEncoding::kInt24, SampleEncoding::kInt32,
        SampleEncoding::kFloat32, SampleEncoding::kLossy}) {
    if (!supports_encoding(options.format, encoding)) continue;
    possible += (possible.empty() ? "" : ", ") + std::string(to_string(encoding));
  }
  return make_error(ErrorCode::kInvalidArgument, to_string(options.format), " cannot store ",
                    to_string(*options.encoding), " samples; it stores ", possible);
}

Result<AudioWriteOptions> check_options(AudioWriteOptions options) {
  if (!options.encoding) options.encoding = default_encoding(options.format);
  if (options.input_rate_hz == options.sample_rate_hz) options.input_rate_hz.reset();
  SYRINX_TRY(check_encoding(options));
  SYRINX_TRY(check_tags(options.format, options.tags));
  if (!supports_sample_rate(options.format, options.sample_rate_hz)) {
    return make_error(ErrorCode::kInvalidArgument, to_string(options.format), " cannot have ",
                      options.sample_rate_hz, " Hz; it takes ",
                      sample_rates_in_words(options.format), ": resample to one of these first");
  }
  if (options.channels >= 1 && options.channels <= max_channels(options.format)) return options;
  return make_error(ErrorCode::kInvalidArgument, to_string(options.format), " cannot have ",
                    options.channels, " channels; it takes 1 to ", max_channels(options.format));
}

bool goes_back_to_its_header(AudioFormat format) noexcept {
  return format == AudioFormat::kFlac || format == AudioFormat::kAiff ||
         format == AudioFormat::kM4a || format == AudioFormat::kM4b;
}

Result<AudioWriter> start_writing(std::unique_ptr<ByteSink> sink, std::string name,
                                  AudioWriteOptions options) {
  if (!sink->seekable() && goes_back_to_its_header(options.format)) {
    SYRINX_ASSIGN(sink, make_spooling_sink(std::move(sink)));
  }
  auto impl = std::make_unique<AudioWriter::Impl>();
  impl->name = std::move(name);
  impl->options = std::move(options);
  impl->sink = std::move(sink);
  impl->held.reserve(kBlockFrames * impl->options.channels);
  SYRINX_TRY(impl->start());
  return AudioWriter(std::move(impl));
}

}  // namespace

void fit_sample_rate(AudioWriteOptions& options) noexcept {
  const int fitting_hz = nearest_sample_rate_hz(options.format, options.sample_rate_hz);
  if (fitting_hz == options.sample_rate_hz) return;
  if (!options.input_rate_hz) options.input_rate_hz = options.sample_rate_hz;
  options.sample_rate_hz = fitting_hz;
}

AudioWriter::AudioWriter(std::unique_ptr<Impl> impl) noexcept : impl_(std::move(impl)) {}
AudioWriter::AudioWriter(AudioWriter&&) noexcept = default;
AudioWriter& AudioWriter::operator=(AudioWriter&&) noexcept = default;
AudioWriter::~AudioWriter() = default;

Result<AudioWriter> AudioWriter::create(const std::filesystem::path& path,
                                        AudioWriteOptions options) {
  SYRINX_ASSIGN(options, check_options(options));
  SYRINX_ASSIGN(auto sink, make_file_sink(path));
  return start_writing(std::move(sink), path.string(), std::move(options));
}

Result<AudioWriter> AudioWriter::to_fd(int fd, std::string name, AudioWriteOptions options) {
  SYRINX_ASSIGN(options, check_options(options));
  auto sink = make_fd_sink(fd, name);
  return start_writing(std::move(sink), std::move(name), std::move(options));
}

const AudioWriteOptions& AudioWriter::options() const noexcept { return impl_->options; }
std::uint64_t AudioWriter::frames_written() const noexcept { return impl_->given; }
std::uint64_t AudioWriter::non_finite_samples() const noexcept { return impl_->non_finite; }

Result<void> AudioWriter::write(AudioView block) {
  Impl& self = *impl_;
  if (self.failure) return *self.failure;
  if (self.finished) {
    return make_error(ErrorCode::kInvalidArgument, "'", self.name, "' is already finished");
  }
  if (block.sample_rate_hz() != sample_rate_hz()) {
    return wrong_rate_error("the file '" + self.name + "'", block.sample_rate_hz(),
                            sample_rate_hz());
  }
  if (block.channels() != channels()) {
    return make_error(ErrorCode::kInvalidArgument, "'", self.name, "' was given ", block.channels(),
                      " channels but was opened for ", channels());
  }
  auto written = self.write(block);
  if (!written) self.abandon(written.error());
  return written;
}

Result<void> AudioWriter::checkpoint() {
  Impl& self = *impl_;
  if (self.failure) return *self.failure;
  if (self.finished) return {};
  auto done = self.checkpoint();
  if (!done) self.abandon(done.error());
  return done;
}

Result<void> AudioWriter::finish() {
  Impl& self = *impl_;
  if (self.failure) return *self.failure;
  if (self.finished) return {};
  auto done = self.finish();
  self.finished = done.has_value();
  if (!done) self.abandon(done.error());
  return done;
}

Result<void> write_audio(const std::filesystem::path& path, AudioView audio,
                         AudioWriteOptions options) {
  options.sample_rate_hz = audio.sample_rate_hz();
  options.channels = audio.channels();
  SYRINX_ASSIGN(AudioWriter writer, AudioWriter::create(path, options));
  SYRINX_TRY(writer.write(audio));
  return writer.finish();
}

Result<void> write_audio(const std::filesystem::path& path, AudioView audio) {
  AudioWriteOptions options;
  SYRINX_ASSIGN(options.format, audio_format_for(path));
  return write_audio(path, audio, options);
}

}  // namespace syrinx::io
