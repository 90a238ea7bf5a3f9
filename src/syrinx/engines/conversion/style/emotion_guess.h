// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/engines/conversion/style/prosody.h"

// What the prosody of a voice says about how excited it is. It was held against no corpus of
// emotional speech: it undoes, cue by cue, the rules that change_towards() speaks by, and that is
// all it was measured on.
namespace syrinx::conversion {

struct EmotionCue {
  std::string name;     // "pitch", "melody", "pace" or "tilt".
  double change = 0.0;  // From the speaker's neutral voice, in `unit`.
  std::string unit;
  double arousal = 0.0;  // What this cue alone says, -1 to 1.
};

struct EmotionGuess {
  double arousal = 0.0;  // -1 to 1: calmer or more excited than the neutral voice.
  // Agreement of the cues, times how much voice was heard (all from 3 s on): 0 to 1. No
  // probability. Which emotion it is, is not said: whether it is pleasant cannot be told from
  // these.
  double confidence = 0.0;
  std::vector<EmotionCue> cues;
};

// Compares how somebody speaks with how the same person speaks when neutral. Errors:
// kInvalidArgument where either has less than kLeastVoicedS of voice.
Result<EmotionGuess> guess_emotion(const Prosody& voice, const Prosody& neutral);

}  // namespace syrinx::conversion
