// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/voice/emotion.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <string>

namespace syrinx::voice {
namespace {

struct Named {
  std::string_view name;
  Emotion emotion;
};

constexpr std::array kEmotions = {
    Named{"happy", {0.81, 0.51, 0.46}},  Named{"angry", {-0.51, 0.59, 0.25}},
    Named{"sad", {-0.63, -0.27, -0.33}}, Named{"fearful", {-0.64, 0.60, -0.43}},
    Named{"calm", {0.68, -0.46, 0.20}},  Named{"bored", {-0.65, -0.62, -0.33}},
};

Result<double> parse_strength(std::string_view text) {
  const std::string digits(text);
  char* end = nullptr;
  const double value = std::strtod(digits.c_str(), &end);
  const bool whole = !digits.empty() && *end == '\0';
  if (whole && value >= 0.0 && value <= 1.0) return value;
  return make_error(ErrorCode::kInvalidArgument, "the strength of an emotion is '", text,
                    "'; give 0 to 1, as happy:0.6");
}

}  // namespace

Result<Emotion> parse_emotion(std::string_view text) {
  const std::size_t colon = text.find(':');
  double strength = 1.0;
  if (colon != std::string_view::npos) {
    SYRINX_ASSIGN(strength, parse_strength(text.substr(colon + 1)));
  }
  std::string known;
  for (const Named& one : kEmotions) {
    if (one.name == text.substr(0, colon))
      return Emotion{strength * one.emotion.valence, strength * one.emotion.arousal,
                     strength * one.emotion.dominance};
    known += (known.empty() ? "" : ", ") + std::string(one.name);
  }
  return make_error(ErrorCode::kInvalidArgument, "there is no emotion '", text.substr(0, colon),
                    "'; there are ", known);
}

EmotionalChange change_towards(const Emotion& emotion) noexcept {
  EmotionalChange change;
  change.settings.pitch_ratio =
      1.0 + 0.3 * emotion.arousal + 0.1 * emotion.valence - 0.1 * emotion.dominance;
  change.settings.intonation = 1.0 + emotion.arousal;
  change.speed = 1.0 + 0.5 * (0.5 * emotion.arousal + 0.2 * emotion.valence);
  change.settings.tilt_db_per_octave = 1.5 * emotion.arousal;
  const double weakness = std::max(0.0, -emotion.dominance) * std::max(0.0, -emotion.valence);
  change.settings.breathiness = std::min(1.0, weakness);
  return change;
}

}  // namespace syrinx::voice
