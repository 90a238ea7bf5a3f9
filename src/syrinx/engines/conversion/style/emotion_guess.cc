// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/conversion/style/emotion_guess.h"

#include <algorithm>
#include <cmath>

namespace syrinx::conversion {
namespace {

constexpr double kEnoughVoicedS = 3.0;
// Levels above and below 1 kHz lie about two octaves apart, so that 1.5 dB per octave show as 3 dB.
constexpr double kTiltDbPerArousal = 3.0;
constexpr double kPitchPerArousal = 0.3;
constexpr double kPacePerArousal = 0.25;

Result<void> check(const char* which, const Prosody& prosody) {
  if (prosody.voiced_s >= kLeastVoicedS) return {};
  return make_error(ErrorCode::kInvalidArgument, which, " has ", prosody.voiced_s,
                    " s of voice; it takes ", kLeastVoicedS, " s and more");
}

EmotionCue cue(const char* name, double change, const char* unit, double arousal) {
  return {name, change, unit, std::clamp(arousal, -1.0, 1.0)};
}

}  // namespace

Result<EmotionGuess> guess_emotion(const Prosody& voice, const Prosody& neutral) {
  SYRINX_TRY(check("the voice", voice));
  SYRINX_TRY(check("the neutral voice", neutral));
  EmotionGuess guess;
  const double pitch = voice.f0_median_hz / neutral.f0_median_hz;
  guess.cues.push_back(
      cue("pitch", 12.0 * std::log2(pitch), "semitones", (pitch - 1.0) / kPitchPerArousal));
  if (neutral.f0_range_semitones > 0.0) {
    const double range = voice.f0_range_semitones / neutral.f0_range_semitones;
    guess.cues.push_back(cue("melody", range, "times the range", range - 1.0));
  }
  if (neutral.syllables_per_s > 0.0 && voice.syllables_per_s > 0.0) {
    const double pace = voice.syllables_per_s / neutral.syllables_per_s;
    guess.cues.push_back(cue("pace", pace, "times the pace", (pace - 1.0) / kPacePerArousal));
  }
  const double tilt = voice.tilt_db - neutral.tilt_db;
  guess.cues.push_back(cue("tilt", tilt, "dB", tilt / kTiltDbPerArousal));
  double sum = 0.0;
  for (const EmotionCue& one : guess.cues) sum += one.arousal;
  const auto count = static_cast<double>(guess.cues.size());
  guess.arousal = sum / count;
  double away = 0.0;
  for (const EmotionCue& one : guess.cues) away += std::abs(one.arousal - guess.arousal);
  const double heard = std::min(voice.voiced_s, neutral.voiced_s) / kEnoughVoicedS;
  guess.confidence = std::clamp(1.0 - away / count, 0.0, 1.0) * std::min(1.0, heard);
  return guess;
}

}  // namespace syrinx::conversion
