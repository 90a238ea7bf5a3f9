// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/tts/voices.h"

#include <string>

#include "syrinx/stages/acoustic/flite/flite_voice.h"

namespace syrinx::tts {

std::vector<acoustic::VoiceInfo> available_voices() { return acoustic::flite_voices(); }

Result<std::unique_ptr<acoustic::SpeechModel>> load_voice(std::string_view name) {
  std::string known;
  for (const acoustic::VoiceInfo& info : available_voices()) {
    if (info.name == name) return acoustic::load_flite_voice(name);
    known += (known.empty() ? "" : ", ") + info.name;
  }
  return make_error(ErrorCode::kNotFound, "there is no voice '", name, "'; there are ", known);
}

}  // namespace syrinx::tts
