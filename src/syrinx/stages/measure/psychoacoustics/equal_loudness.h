// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>

#include "syrinx/core/base/result.h"

// Which pure tones sound equally loud: ISO 226:2003, clause 4 and table 1, for listeners of 18 to
// 25 years facing the source in a free field.
namespace syrinx::measure {

inline constexpr std::size_t kEqualLoudnessPoints = 29;
// The frequencies of table 1: third octaves from 20 Hz to 12.5 kHz.
const std::array<double, kEqualLoudnessPoints>& equal_loudness_frequencies_hz() noexcept;

// The sound pressure level at which a tone is as loud as one of `phon` dB at 1 kHz. Between the
// frequencies of the table its parameters are interpolated over the logarithm of frequency.
// Errors: kInvalidArgument outside 20 Hz to 12.5 kHz, below 20 phon, above 90 phon, or (over 4 kHz)
// above 80 phon, where the standard gives no contour.
Result<double> equal_loudness_db_spl(double hz, double phon);
// The inverse: the loudness level in phon of a tone. Errors: kInvalidArgument outside 20 Hz to
// 12.5 kHz or where the formula has no level (far below threshold).
Result<double> loudness_level_phon(double hz, double db_spl);
// The threshold of hearing in dB SPL. Errors: kInvalidArgument outside 20 Hz to 12.5 kHz.
Result<double> hearing_threshold_db_spl(double hz);

}  // namespace syrinx::measure
