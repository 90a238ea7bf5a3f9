// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/stream.h"
#include "syrinx/engines/conversion/conversion.h"
#include "syrinx/stages/voice/emotion.h"

// Emotions that come and go while somebody speaks.
namespace syrinx::conversion {

struct EmotionPoint {
  double time_s = 0.0;  // Or, where `is_share`, of the whole sound: 0 to 1.
  voice::Emotion emotion;
};

struct EmotionTimeline {
  std::vector<EmotionPoint> points;  // Rising in time, at least one.
  bool is_share = false;

  // Between points along straight lines in valence, arousal and dominance; before the first and
  // after the last as there.
  voice::Emotion at(double time) const noexcept;
};

inline constexpr std::size_t kMostEmotionPoints = 10'000;
inline constexpr std::size_t kMostTimelineBytes = 1u << 20;

// As voice::parse_emotion(), and "neutral", of any strength: no emotion.
Result<voice::Emotion> parse_felt(std::string_view text);

// Whether the text names emotions that change: it has "..".
bool is_transition(std::string_view text) noexcept;
// "neutral:0..happy:0.8": evenly over the whole sound, of two or more emotions.
// Errors: kInvalidArgument; as parse_felt().
Result<EmotionTimeline> parse_transition(std::string_view text);
// Lines as "12.5 happy:0.8", seconds and an emotion, rising; empty lines and those that begin with
// # are passed over. Errors: kInvalidArgument with the line's number; kLimitExceeded for more than
// kMostEmotionPoints or kMostTimelineBytes.
Result<EmotionTimeline> parse_timeline(std::string_view text);

// Settings with what an emotion changes on top, each within its range; the pace is not among them.
voice::VoiceSettings with_emotion(const voice::VoiceSettings& settings,
                                  const voice::Emotion& emotion) noexcept;

// A source that is spoken with emotions that change, on top of the options' settings: pitch,
// melody and colour follow every 50 ms. The pace is not changed. `seconds` is how long the source
// lasts, for timelines in shares of it. Errors: as make_transform(); kInvalidArgument for a
// timeline in shares of a sound whose length is 0.
Result<std::unique_ptr<AudioSource>> with_emotions(std::unique_ptr<AudioSource> source,
                                                   const TransformOptions& options,
                                                   const EmotionTimeline& timeline, double seconds);

}  // namespace syrinx::conversion
