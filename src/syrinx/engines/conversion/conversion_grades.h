// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"
#include "syrinx/engines/conversion/conversion_quality.h"

namespace syrinx::conversion {

// One measure of a conversion and what it ought to reach.
struct Grade {
  std::optional<double> value;  // Absent: not measured.
  double target = 0.0;
  bool low_is_good = false;

  // Whether the target is reached; absent where nothing was measured.
  std::optional<bool> met() const noexcept;
};

// The four measures that a conversion is judged by.
struct ConversionGrades {
  // How near the result is to what was asked: of a change of pitch and formants, the mean share of
  // the way that was gone (see way_gone()); of a voice to be like, the similarity of the profiles.
  // 0 to 1. It does not recognise a person.
  Grade similarity{std::nullopt, 0.85, false};
  // Of what was said and how: the mean of the envelopes' and the melody's correlation, 0 to 1.
  Grade preservation{std::nullopt, 0.90, false};
  Grade predicted_mos{std::nullopt, 4.0, false};   // DNSMOS, overall, 1 to 5.
  Grade artifact_share{std::nullopt, 0.05, true};  // Of time.
};

inline constexpr std::size_t kGrades = 4;
inline constexpr std::array<std::string_view, kGrades> kGradeNames = {
    "similarity", "preservation", "predicted_mos", "artifact_share"};
// In the order of the names.
std::array<const Grade*, kGrades> all_of(const ConversionGrades& grades) noexcept;

// Of what judge() found. `similarity` takes the place of the share of the way where it is given.
ConversionGrades grades_of(const ConversionQuality& quality,
                           std::optional<double> similarity = std::nullopt);

// What the grades lack: 0 where all that were measured are met. Similarity, preservation and
// artifacts count by how far they are from their targets, MOS by a third of it, so that 0.05 of
// time with artifacts weighs as much as 0.15 MOS. Only for comparing results of one task.
double shortfall(const ConversionGrades& grades) noexcept;

// 1 where a ratio is as asked, 0 where it is as far off as `reach_semitones`, or as the change that
// was asked for where that is larger. Pre: both ratios > 0.
double way_gone(double ratio, double asked_ratio, double reach_semitones) noexcept;

// How well the envelopes of the result follow those of the source, 0 to 1: the mean correlation
// over stretches of 384 ms of the loudness (power to 0.3) in 15 bands a third of an octave apart
// from 150 Hz up, after short-time objective intelligibility (Taal et al. 2011); here the bands are
// at least 600 Hz wide, so that single harmonics that move do not count. The result's bands stand
// at `formant_ratio` times the frequencies, and its time runs `speed` times as fast. Absent where
// less than 0.4 s of the source is within 40 dB of its loudest. Of the first channels.
// Errors: kInvalidArgument for sounds without frames or a ratio that is not above 0; those of
// resampling.
Result<std::optional<double>> envelope_agreement(AudioView source, AudioView result, double speed,
                                                 double formant_ratio);

}  // namespace syrinx::conversion
