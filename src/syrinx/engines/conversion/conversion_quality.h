// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"
#include "syrinx/stages/measure/quality/quality_targets.h"

namespace syrinx::conversion {

// What was asked of a conversion, to judge it by.
struct Asked {
  double pitch_ratio = 1.0;
  double formant_ratio = 1.0;
  double speed = 1.0;
};

// How far a result is what was asked. What cannot be measured is absent, and `missing` says why.
struct ConversionQuality {
  double duration_error = 0.0;  // Of the duration that was asked for: 0.001 is a thousandth.
  // Over the frames (10 ms) that are voiced in both, by the autocorrelation of Praat, at places
  // whose neighbours are voiced in the source too.
  std::size_t voiced_frames = 0;
  std::optional<double> f0_ratio;        // The median of result over source.
  std::optional<double> f0_error_rms;    // Of the ratio over that asked for, less 1, of frames that
                                         // are not grossly off.
  std::optional<double> f0_gross_share;  // Of the frames that are more than 20 % off.
  // Medians of F1 to F3 over voiced frames (Burg), result over source.
  std::array<std::optional<double>, 3> formant_ratios;
  // The correlation of log F0 over those frames, -1 to 1; absent where the melody hardly moves.
  std::optional<double> melody_agreement;
  std::optional<double> envelope_agreement;     // As envelope_agreement() of conversion_grades.h.
  std::optional<double> way_gone;               // As there, of F0 and formants.
  std::optional<double> source_artifact_share;  // Of time; the result's is in `measured`.
  std::optional<double> source_mos;
  measure::QualityMeasurement measured;  // Of the result; without similarity to a person.
  measure::QualityState verdict;         // Of those, by the default targets.
  std::vector<std::string> missing;
};

// The longest sound that is judged: all of it is in memory, and the measures take a while.
inline constexpr double kMostJudgedS = 600.0;

// Judges the first channels; without `listen_to_source`, the source's own MOS and artifacts stay
// absent, which takes half the time. Errors: kInvalidArgument for sounds without frames;
// kLimitExceeded for more than kMostJudgedS.
Result<ConversionQuality> judge(AudioView source, AudioView result, const Asked& asked,
                                bool listen_to_source = true);

}  // namespace syrinx::conversion
