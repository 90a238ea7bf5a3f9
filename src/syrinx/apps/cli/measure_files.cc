// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/cli/measure_files.h"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <mutex>

#include "syrinx/core/base/limits.h"
#include "syrinx/core/base/thread_pool.h"
#include "syrinx/core/io/audio_file.h"
#include "syrinx/stages/measure/report/page/files_page.h"

namespace syrinx::cli {
namespace {

namespace fs = std::filesystem;

bool is_hidden(const fs::path& path) { return path.filename().string().starts_with("."); }

bool looks_like_audio(const fs::path& path) {
  const auto format = io::audio_format_for(path);
  const bool readable = format && *format != io::AudioFormat::kRaw && !io::is_aac(*format);
  return readable && !is_hidden(path);
}

Error folder_error(const std::string& folder, const std::error_code& failed) {
  return make_error(ErrorCode::kIo, "cannot list the folder ", folder, ": ", failed.message());
}

Result<std::vector<std::string>> audio_beneath(const std::string& folder) {
  std::vector<std::string> found;
  std::error_code failed;
  fs::recursive_directory_iterator entry(folder, fs::directory_options::skip_permission_denied,
                                         failed);
  for (; !failed && entry != fs::recursive_directory_iterator(); entry.increment(failed)) {
    std::error_code ignored;
    if (entry->is_directory(ignored)) {
      if (is_hidden(entry->path())) entry.disable_recursion_pending();
      continue;
    }
    if (!entry->is_regular_file(ignored) || !looks_like_audio(entry->path())) continue;
    found.push_back(entry->path().string());
    if (found.size() > limits::kMaxMeasuredFiles)
      return make_error(ErrorCode::kLimitExceeded, "the folder ", folder, " holds more than ",
                        limits::kMaxMeasuredFiles, " audio files; measure its parts");
  }
  if (failed) return folder_error(folder, failed);
  if (found.empty())
    return make_error(ErrorCode::kNotFound, "the folder ", folder,
                      " holds no audio file (wav, flac, ogg, opus, mp3, aiff)");
  std::sort(found.begin(), found.end());
  return found;
}

Result<io::AudioReader> open_reader(const std::string& path) {
  if (path == "-") return io::AudioReader::from_fd(STDIN_FILENO, "standard input");
  return io::AudioReader::open(path);
}

Error named(const std::string& path, const Error& error) {
  if (error.message.find(path) != std::string::npos) return error;
  return make_error(error.code, path, ": ", error.message);
}

std::vector<std::string> notes_of(const io::AudioReader& reader) {
  std::vector<std::string> notes;
  if (reader.truncated())
    notes.push_back("The file ends before its header's promise; what is there was measured.");
  if (const auto bad = reader.non_finite_samples(); bad > 0)
    notes.push_back(std::to_string(bad) +
                    (bad == 1 ? " sample is no number (NaN or infinite) and counts as 0."
                              : " samples are no numbers (NaN or infinite) and count as 0."));
  return notes;
}

Result<measure::SoundReport> report_of(AudioView audio, const MeasureSetup& setup) {
  measure::SoundReportOptions options;
  options.groups = setup.groups;
  options.f0 = setup.f0;
  options.calibration = setup.calibration;
  if (setup.loudspeaker && setup.microphone)
    options.echo = {*setup.loudspeaker, *setup.microphone, setup.scenario};
  if (setup.reference) return measure::report_sound(audio, *setup.reference, options);
  return measure::report_sound(audio, options);
}

}  // namespace

Result<std::vector<std::string>> expand_inputs(const std::vector<std::string>& inputs) {
  std::vector<std::string> paths;
  for (const std::string& input : inputs) {
    std::error_code ignored;
    if (input == "-" || !fs::is_directory(input, ignored)) {
      paths.push_back(input);
      continue;
    }
    SYRINX_ASSIGN(const auto found, audio_beneath(input));
    paths.insert(paths.end(), found.begin(), found.end());
  }
  if (paths.size() > limits::kMaxMeasuredFiles)
    return make_error(ErrorCode::kLimitExceeded, paths.size(), " files were given and ",
                      limits::kMaxMeasuredFiles, " is the most; measure them in parts");
  return paths;
}

Result<ReadSound> read_sound(const std::string& path, const std::stop_token& stop) {
  auto reader = open_reader(path);
  if (!reader) return named(path, reader.error());
  auto audio = io::read_all(*reader, stop);
  if (!audio) return named(path, audio.error());
  if (audio->empty())
    return make_error(ErrorCode::kInvalidArgument, path,
                      " holds no sound, so there is nothing to measure");
  return ReadSound{std::move(*audio), notes_of(*reader)};
}

Result<MeasuredFile> measure_file(const std::string& path, const MeasureSetup& setup,
                                  const std::stop_token& stop) {
  SYRINX_ASSIGN(auto sound, read_sound(path, stop));
  auto report = report_of(sound.audio, setup);
  if (!report) return named(path, report.error());
  MeasuredFile file{path, std::move(sound.audio), std::move(*report), std::move(sound.notes), {}};
  if (setup.small_pictures) {
    SYRINX_ASSIGN(file.picture_uri, measure::small_picture(file.audio));
  }
  if (!setup.keep_sounds) {
    file.audio = {};
    file.report.f0 = {};
    file.report.loudness = {};
  }
  return file;
}

std::vector<Result<MeasuredFile>> measure_files(const std::vector<std::string>& paths,
                                                const MeasureSetup& setup,
                                                const std::stop_token& stop, const FileDone& done) {
  const Error cancelled = make_error(ErrorCode::kCancelled, "interrupted");
  std::vector<Result<MeasuredFile>> files(paths.size(), cancelled);
  std::mutex one_at_a_time;
  std::size_t ended = 0;
  ThreadPool pool;
  pool.parallel_for(paths.size(), [&](std::size_t i) {
    if (stop.stop_requested()) return;
    files[i] = measure_file(paths[i], setup, stop);
    const std::scoped_lock lock(one_at_a_time);
    done(++ended, paths[i]);
  });
  return files;
}

}  // namespace syrinx::cli
