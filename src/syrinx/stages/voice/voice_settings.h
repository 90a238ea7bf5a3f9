// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "syrinx/core/base/result.h"

namespace syrinx::voice {

// The most and the least of each setting, in its own unit.
inline constexpr double kLeastPitchRatio = 0.25;  // Two octaves down,
inline constexpr double kMostPitchRatio = 4.0;    // and up.
inline constexpr double kLeastFormantRatio = 0.5;
inline constexpr double kMostFormantRatio = 2.0;
inline constexpr double kMostTiltDbPerOctave = 12.0;
inline constexpr double kMostTremorSemitones = 3.0;
inline constexpr double kLeastTremorHz = 0.5;
inline constexpr double kMostTremorHz = 12.0;
inline constexpr double kMostIntonation = 3.0;

// How a voice is to be changed. The values that stand here change nothing.
struct VoiceSettings {
  double pitch_ratio = 1.0;  // F0 of the result over F0 of the source.
  // Formant frequencies of the result over those of the source: the source's vocal tract length
  // over the result's.
  double formant_ratio = 1.0;
  // How far the melody moves around its median, in octaves per octave: 0 is a monotone, 1 as it
  // was.
  double intonation = 1.0;
  double tilt_db_per_octave = 0.0;  // Around 1 kHz; below 0 is darker.
  double breathiness = 0.0;         // 0 to 1: the share of turbulent noise in voiced sound.
  double roughness = 0.0;           // 0 to 1: irregular periods, uneven and alternating in level.
  // 0 to 1: noise that the vocal tract has shaped (Klatt 1980) between the harmonics of a raised
  // voice. Its amplitude beside the voice's where that is an octave up or more and above 400 Hz;
  // less below both, by the square of octaves, and none where F0 is not raised or up to 200 Hz.
  // Where harmonics are far apart the formants are heard by it.
  double aspiration = 0.35;
  double whisper = 0.0;  // 0 to 1: the share of voiced sound that noise takes the place of.
  double tremor_semitones = 0.0;  // The most by which F0 departs to either side.
  double tremor_hz = 5.0;         // How often in a second it goes to and fro.

  friend bool operator==(const VoiceSettings&, const VoiceSettings&) = default;
};

// 2^(semitones / 12).
double ratio_of_semitones(double semitones) noexcept;
double semitones_of_ratio(double ratio) noexcept;

// kInvalidArgument, with the setting, its value and its range, unless all are finite and in range.
Result<void> validate(const VoiceSettings& settings);
// Each moved to the nearest value of its range; what is not finite becomes what changes nothing.
VoiceSettings limited(const VoiceSettings& settings) noexcept;

}  // namespace syrinx::voice
