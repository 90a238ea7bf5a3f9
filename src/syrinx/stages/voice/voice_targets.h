// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "syrinx/core/base/result.h"
#include "syrinx/stages/voice/voice_settings.h"

// Kinds of voice in numbers, and how far a voice is from them.
namespace syrinx::voice {

enum class Sex { kFemale, kMale };

// What is usual for some people.
struct VoiceNorm {
  double f0_hz = 120.0;
  // Their formant frequencies over those of men.
  double formant_scale = 1.0;
};

inline constexpr double kLeastAge = 4.0;
inline constexpr double kMostAge = 95.0;

// What is usual at an age, in years, between the published points along straight lines.
// - F0 of men: 120 Hz in the twenties, 107 in the forties, 146 in the eighties (Hollien and Shipp
//   1972, "Speaking fundamental frequency and chronologic age in males"). Of women: 210 Hz
//   (Traunmueller and Eriksson 1995), a tenth lower from 60 on, about as Krook 1988 found. To 16
//   years: 0.352 age^2 - 12.944 age + 340.5 Hz, of girls between 8 and 16 (a study of 623
//   recordings of choristers, 2025); boys' voices break between 12 and 17.
// - Formants: women's 1.17 and ten-year-olds' 1.31 times men's, about the means over vowels of
//   Peterson and Barney 1952; 1.5 at four years, as vocal tracts are about two thirds as long
//   (Fitch and Giedd 1999).
// Errors: kInvalidArgument outside kLeastAge to kMostAge.
Result<VoiceNorm> norm_at_age(double years, Sex sex);

// How the usual vocal tract of a voice of this F0 compares: men's below 120 Hz, women's at 210,
// children's above 260. A guess from F0 alone, which is right for the kinds and wrong for single
// people. Pre: f0_hz > 0.
double formant_scale_of_f0(double f0_hz) noexcept;

// What makes a voice with this median F0 sound like the target: "female" or "male" (25 years),
// "child" (8 years), "senior" (80 years, of the sex that F0 is nearer to; with some tremor,
// roughness and breath). Errors: kInvalidArgument for another name, naming those that there are, or
// an F0 that is not above 0.
Result<VoiceSettings> settings_to(std::string_view target, double source_f0_hz);
// The same for an age, keeping the sex that F0 is nearer to. Tremor, roughness and breath come
// with 60 years and more.
Result<VoiceSettings> settings_to_age(double years, double source_f0_hz);

}  // namespace syrinx::voice
