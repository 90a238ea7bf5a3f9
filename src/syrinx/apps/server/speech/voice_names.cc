// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/server/speech/voice_names.h"

#include <algorithm>

#include "syrinx/engines/tts/voices.h"

namespace syrinx::server {

std::vector<std::pair<std::string, std::string>> voice_aliases() {
  return {{"alloy", "slt"}, {"ash", "rms"},  {"ballad", "awb"}, {"cedar", "awb"},
          {"coral", "slt"}, {"echo", "rms"}, {"fable", "awb"},  {"marin", "slt"},
          {"nova", "slt"},  {"onyx", "rms"}, {"sage", "slt"},   {"shimmer", "slt"},
          {"verse", "rms"}};
}

std::string resolved_voice(std::string_view name) {
  if (name.empty()) return std::string(tts::kDefaultVoice);
  for (const auto& [alias, voice] : voice_aliases()) {
    if (alias == name) return voice;
  }
  return std::string(name);
}

}  // namespace syrinx::server
