// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "syrinx/core/base/result.h"
#include "syrinx/stages/voice/voice_settings.h"

namespace syrinx::voice {

// A feeling as three numbers from -1 to 1 (Russell and Mehrabian 1977).
struct Emotion {
  double valence = 0.0;    // Unpleasant to pleasant.
  double arousal = 0.0;    // Calm to excited.
  double dominance = 0.0;  // Submissive to in control.
};

// "happy", "angry", "sad", "fearful", "calm" or "bored", with a strength of 0 to 1 after a colon:
// "happy:0.6". The numbers are the means that Russell and Mehrabian 1977 report for the words.
// Errors: kInvalidArgument for another name, naming those that there are, or another strength.
Result<Emotion> parse_emotion(std::string_view text);

// What changes in a voice.
struct EmotionalChange {
  VoiceSettings settings;
  double speed = 1.0;  // Seconds of source for each second of result.
};

// By the rules that Schroeder fitted to a corpus of spontaneous emotional speech (2006,
// "Expressing degree of activation in synthetic speech"), as far as they can be applied to a
// recording: pitch rises by 30 % of arousal and 10 % of valence and falls by 10 % of dominance; the
// melody's range grows with arousal; pace by 50 % of arousal and 20 % of valence, of which we take
// half, for pauses do not shrink by themselves here. That a voice gets brighter with arousal
// (vocal effort) and breathier with sadness is known; by how much is our choice. Pre: all three
// within -1 and 1.
EmotionalChange change_towards(const Emotion& emotion) noexcept;

}  // namespace syrinx::voice
