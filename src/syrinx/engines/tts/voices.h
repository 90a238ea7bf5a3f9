// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/stages/acoustic/speech_model.h"

namespace syrinx::tts {

// What speaks when nobody chose.
inline constexpr std::string_view kDefaultVoice = "slt";

// Every voice that can speak on this machine now, the default first.
std::vector<acoustic::VoiceInfo> available_voices();

// Makes a voice ready. May take a moment. Errors: kNotFound, with the names that there are.
Result<std::unique_ptr<acoustic::SpeechModel>> load_voice(std::string_view name);

}  // namespace syrinx::tts
