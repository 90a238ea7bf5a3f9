// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/io/audio_writer.h"
#include "syrinx/engines/tts/book.h"
#include "syrinx/engines/tts/captions.h"
#include "syrinx/engines/tts/job_folder.h"

namespace syrinx::tts {

struct AssemblyOptions {
  std::filesystem::path output;
  // What to write. A rate of 0 is the job's own or the nearest that the format takes. Tags get the
  // chapters here, where the format has any.
  io::AudioWriteOptions write;
  // Each voice is brought to this loudness (BS.1770-4, LUFS) by one gain for the whole job, -40 to
  // -10, and true peaks are held below -1 dBTP. Nothing: the sound stays as it is.
  std::optional<double> loudness_lufs = -18.0;
  std::vector<std::filesystem::path> captions;
};

struct AssemblyReport {
  double duration_s = 0;
  int sample_rate_hz = 0;
  std::size_t sentences = 0;  // That are heard.
  std::size_t words = 0;
  std::size_t skipped = 0;  // Pieces of the text that were not said.
  std::vector<SpokenChapter> chapters;
  std::map<std::string, double> voice_gain_db;
  double loudness_lufs = 0;  // Of what was written; minus infinity for less than 0.4 s.
  double true_peak_dbtp = 0;
};

// What is being done ("measuring", "writing") and how much of it is, 0 to 1.
using AssemblyListener = std::function<void(const char* doing, double share)>;

// Whether the options make sense, for those who ask before they speak for hours. Errors:
// kInvalidArgument.
Result<void> check_options(const AssemblyOptions& options);

// The second half of reading a book aloud: makes the sound file and the captions of a finished job.
// Reads the job's sound twice, first to measure it, each voice with the silences before it; depends
// on nothing but the job and the options, so that doing it again gives the same bytes. Files take
// their names when they are complete, the captions after the sound. The job stays. Errors: those of
// the writers; kInvalidArgument for options; kCancelled; kIo.
Result<AssemblyReport> assemble(const JobFolder& job, const Book& book,
                                const AssemblyOptions& options, const AssemblyListener& listener,
                                const std::stop_token& stop);

}  // namespace syrinx::tts
