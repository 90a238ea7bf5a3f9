// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/tts/own_voice/own_voice.h"

#include "syrinx/core/base/embed.h"

SYRINX_EMBED(syrinx_own_voice_json, SYRINX_OWN_VOICE "/voice.json");
SYRINX_EMBED(syrinx_own_voice_acoustic, SYRINX_OWN_VOICE "/acoustic.safetensors");
SYRINX_EMBED(syrinx_own_voice_vocoder, SYRINX_OWN_VOICE "/vocoder.safetensors");
SYRINX_EMBED(syrinx_own_voice_vocoder_json, SYRINX_OWN_VOICE "/vocoder.json");

namespace syrinx::tts {
namespace {

std::string_view text(const std::byte* begin, const std::byte* end) noexcept {
  return {reinterpret_cast<const char*>(begin), static_cast<std::size_t>(end - begin)};
}

}  // namespace

OwnVoiceFiles own_voice_files() noexcept {
  return {text(syrinx_own_voice_json_begin, syrinx_own_voice_json_end),
          {syrinx_own_voice_acoustic_begin, syrinx_own_voice_acoustic_end},
          {syrinx_own_voice_vocoder_begin, syrinx_own_voice_vocoder_end},
          text(syrinx_own_voice_vocoder_json_begin, syrinx_own_voice_vocoder_json_end)};
}

}  // namespace syrinx::tts
