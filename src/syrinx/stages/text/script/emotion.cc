// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/script/emotion.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace syrinx::text {
namespace {

struct Emotion {
  std::string_view name;
  Prosody at_full;  // Rate, pitch, volume.
};

constexpr std::array<Emotion, 18> kEmotions{{
    {"afraid", {1.25, 3.5, 0.0}},
    {"angry", {1.12, 1.5, 4.0}},
    {"bored", {0.86, -1.5, -1.5}},
    {"calm", {0.92, -0.8, -1.5}},
    {"cheerful", {1.10, 2.0, 1.5}},
    {"disgusted", {0.82, -1.5, -1.0}},
    {"excited", {1.20, 3.0, 3.0}},
    {"fearful", {1.25, 3.5, 0.0}},
    {"happy", {1.12, 2.2, 2.0}},
    {"joyful", {1.15, 2.8, 2.5}},
    {"neutral", {1.0, 0.0, 0.0}},
    {"sad", {0.84, -1.5, -3.0}},
    {"scared", {1.25, 3.5, 0.0}},
    {"serious", {0.94, -1.0, 0.0}},
    {"surprised", {1.08, 3.5, 2.0}},
    {"tender", {0.90, -0.5, -2.5}},
    {"urgent", {1.22, 1.5, 3.0}},
    {"warm", {0.94, -0.4, -0.5}},
}};

}  // namespace

std::optional<Prosody> emotion_prosody(std::string_view name, double intensity) {
  const auto found = std::find_if(kEmotions.begin(), kEmotions.end(),
                                  [name](const Emotion& known) { return known.name == name; });
  if (found == kEmotions.end()) return std::nullopt;
  const double part = std::clamp(intensity, 0.0, 1.0);
  return Prosody{std::pow(found->at_full.rate, part), found->at_full.pitch_semitones * part,
                 found->at_full.volume_db * part};
}

Result<Prosody> read_emotion(std::string_view written) {
  const std::size_t colon = written.find(':');
  double intensity = 1.0;
  if (colon != std::string_view::npos) {
    const std::string_view number = written.substr(colon + 1);
    const auto [end, failed] =
        std::from_chars(number.data(), number.data() + number.size(), intensity);
    if (failed != std::errc() || end != number.data() + number.size() || !(intensity >= 0.0) ||
        intensity > 1.0)
      return make_error(ErrorCode::kInvalidArgument, "the intensity in '", written,
                        "' must be a number from 0 to 1");
  }
  const auto prosody = emotion_prosody(written.substr(0, colon), intensity);
  if (prosody) return *prosody;
  return make_error(ErrorCode::kInvalidArgument, "no emotion is called '", written.substr(0, colon),
                    "'; there are ", emotion_list());
}

std::vector<std::string> emotion_names() {
  std::vector<std::string> names;
  for (const Emotion& known : kEmotions) names.emplace_back(known.name);
  return names;
}

std::string emotion_list() {
  std::string list;
  for (const Emotion& known : kEmotions) {
    if (!list.empty()) list += ", ";
    list += known.name;
  }
  return list;
}

}  // namespace syrinx::text
