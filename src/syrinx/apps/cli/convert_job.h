// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "syrinx/apps/cli/progress.h"
#include "syrinx/apps/cli/sound_files.h"
#include "syrinx/core/base/result.h"
#include "syrinx/engines/conversion/conversion_stream.h"
#include "syrinx/engines/conversion/improve/improve.h"
#include "syrinx/engines/conversion/page/conversion_page.h"
#include "syrinx/engines/conversion/style/style_transfer.h"

// One voice changed, from a file to a file.
namespace syrinx::cli {

// What of a voice is changed: what a target makes of it, and then what was given itself.
struct VoiceWish {
  std::string target;         // "" for none.
  std::optional<double> age;  // In years.
  // "happy:0.6", which also changes the speed; "neutral..happy:0.8" or a timeline's file, which do
  // not; "" for none.
  std::string emotion;
  std::optional<double> pitch_semitones;
  std::optional<double> formant_ratio;
  std::optional<double> intonation;
  std::optional<double> tilt_db_per_octave;
  std::optional<double> breathiness;
  std::optional<double> roughness;
  std::optional<double> aspiration;
  std::optional<double> whisper;
  std::optional<double> tremor_semitones;
  std::optional<double> tremor_hz;
  std::string f0 = "streaming";  // How F0 is found; or "swift".

  // Whether the voice's F0 has to be known first.
  bool needs_f0() const noexcept { return !target.empty() || age.has_value(); }
};

// The settings with what the wish gives itself: pitch and formants on top of what is there, the
// rest in its place. Errors: as voice::validate().
Result<voice::VoiceSettings> with_own(const VoiceWish& wish, voice::VoiceSettings settings);

struct ConvertJob : SoundOutput {
  std::string input;  // "-" for standard input.
  VoiceWish wish;
  conversion::ConversionOptions options;  // All but the voice's settings.
  std::string style;                      // A sound whose manner is taken over; "" for none.
  conversion::Keep keep = conversion::Keep::kNothing;
  bool measure = false;      // How good it is, for the report.
  bool improve = false;      // Whether other ways are tried, and kept where they measure better.
  bool keep_sounds = false;  // Source and result in ConvertDone, for a page.
};

// The sounds of a job and what is known of them.
struct ConvertHeard {
  AudioBuffer source;
  AudioBuffer result;
  double speed = 1.0;
  conversion::ConversionGrades grades;
  std::vector<conversion::PageFact> asked;
  std::vector<conversion::PageFact> measured;
  std::vector<conversion::Try> tries;
  std::vector<std::string> notes;
};

struct ConvertDone {
  nlohmann::json report;
  io::AudioWriteOptions written;
  std::uint64_t clipped_samples = 0;   // Beyond full scale in an encoding that cuts them off.
  std::uint64_t repaired_samples = 0;  // NaN or infinite in the input, now 0.
  bool truncated = false;              // The input ended before its header's promise.
  std::optional<ConvertHeard> heard;   // Where the job keeps its sounds.
};

// Block by block; the output appears under its name when all of it is there. Standard input is read
// into memory where it has to be heard more than once, and every input that is improved or kept, of
// up to conversion::kMostJudgedS. Errors: as AudioReader, AudioWriter, settings_to(), take_style(),
// make_sound() and improve(); kLimitExceeded; kCancelled. After an error there is no output, or the
// old one.
Result<ConvertDone> convert_file(const ConvertJob& job, const ShowProgress& progress,
                                 const std::stop_token& stop);

}  // namespace syrinx::cli
