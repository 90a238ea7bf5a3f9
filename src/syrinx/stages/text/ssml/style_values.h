// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "syrinx/stages/text/script/script.h"

// The values of SSML's attributes. Each reader leaves nothing for what is not a value of its kind.
namespace syrinx::text {

// A number as SSML writes it: digits, perhaps a fraction and a sign; no exponent.
std::optional<double> read_number(std::string_view text) noexcept;
// "300ms", "1.5s", "+2s" in seconds; not below 0.
std::optional<double> read_time_s(std::string_view text) noexcept;

// What an attribute of <prosody> makes of what was before.
struct StyleValue {
  double value = 0;
  std::string note;  // What was done instead of what it says, or "".
};

// Percentages without a sign and labels are of the voice's own rate, those with a sign ("+10%") of
// the rate before; a number ("1.5") is a factor.
std::optional<StyleValue> read_rate(std::string_view text, double rate_before);
// Semitones from the voice's own pitch. In Hz by `voice_f0_hz`, or by kAssumedF0Hz with a note.
std::optional<StyleValue> read_pitch(std::string_view text, double semitones_before,
                                     std::optional<double> voice_f0_hz);
// A factor on the voice's own range.
std::optional<StyleValue> read_range(std::string_view text, double factor_before);
// Decibels from the voice's own volume. Numbers and percentages are amplitudes of 100.
std::optional<StyleValue> read_volume(std::string_view text, double db_before);
// Targets as "(0%,+20Hz) (50%,-2st)"; those outside of 0 to 100 % are dropped, as the
// recommendation has it. Pitches count from `semitones_before`. Nothing also for more than
// limits::kMaxContourPoints.
std::optional<std::vector<ContourPoint>> read_contour(std::string_view text,
                                                      double semitones_before,
                                                      std::optional<double> voice_f0_hz);

inline constexpr double kAssumedF0Hz = 165.0;  // Between men's and women's means.
inline constexpr double kSilentDb = -120.0;
inline constexpr double kMinStyleRate = 0.1;
inline constexpr double kMaxStyleRate = 10.0;
inline constexpr double kMaxStyleSemitones = 24.0;
inline constexpr double kMaxStyleDb = 24.0;
inline constexpr double kMaxStyleRange = 10.0;

}  // namespace syrinx::text
