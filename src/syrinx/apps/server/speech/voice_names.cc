// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/server/speech/voice_names.h"

#include <algorithm>

#include "syrinx/engines/tts/voices.h"

namespace syrinx::server {

std::string resolved_voice(std::string_view name) {
  if (name.empty()) return std::string(tts::kDefaultVoice);
  const auto aliases = tts::voice_aliases();
  const auto alias = std::find_if(aliases.begin(), aliases.end(),
                                  [&](const tts::VoiceAlias& one) { return one.name == name; });
  return alias == aliases.end() ? std::string(name) : alias->voice;
}

}  // namespace syrinx::server
