// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"
#include "syrinx/stages/measure/report/sound_report.h"

// From what was named on the command line to what was measured.
namespace syrinx::cli {

// The audio files among and beneath `inputs`: a file is itself, whatever its name; a folder is all
// files beneath it with the extension of a format that is read, by name, hidden ones and raw
// samples left out. `-` is standard input. Errors: kNotFound for what is not there, or a folder
// without such a file; kLimitExceeded for more than limits::kMaxMeasuredFiles.
Result<std::vector<std::string>> expand_inputs(const std::vector<std::string>& inputs);

// A sound in memory, and what is to be said of its file: that it was cut short, that samples were
// no numbers.
struct ReadSound {
  AudioBuffer audio;
  std::vector<std::string> notes;
};
// Errors: those of reading, and kInvalidArgument for a file without sound; each names the file.
Result<ReadSound> read_sound(const std::string& path, const std::stop_token& stop);

// What all sounds of one run are measured with.
struct MeasureSetup {
  std::optional<AudioBuffer> reference;
  std::optional<AudioBuffer> loudspeaker;
  std::optional<AudioBuffer> microphone;
  measure::TalkScenario scenario = measure::TalkScenario::kDoubleTalk;
  measure::ReportGroups groups;
  measure::F0Method f0 = measure::F0Method::kPyin;
  measure::Calibration calibration;
  bool small_pictures = false;  // For a page of many.
  bool keep_sounds = true;  // Else only what was measured stays: a folder need not fit in memory.
};

struct MeasuredFile {
  std::string path;
  AudioBuffer audio;  // With keep_sounds.
  measure::SoundReport report;
  std::vector<std::string> notes;
  std::string picture_uri;  // With small_pictures.
};

Result<MeasuredFile> measure_file(const std::string& path, const MeasureSetup& setup,
                                  const std::stop_token& stop);

// Measures all, spread over the processors; results in the order of `paths`. `done` is told of each
// file that ends, from any thread but one at a time, with how many have ended.
using FileDone = std::function<void(std::size_t files, const std::string& path)>;
std::vector<Result<MeasuredFile>> measure_files(const std::vector<std::string>& paths,
                                                const MeasureSetup& setup,
                                                const std::stop_token& stop, const FileDone& done);

}  // namespace syrinx::cli
