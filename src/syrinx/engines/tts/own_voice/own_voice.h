// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

// The two-stage voice that the library carries within: what training/voice made, file by file.
namespace syrinx::tts {

inline constexpr const char* kOwnVoice = "kathleen";

struct OwnVoiceFiles {
  std::string_view settings;  // voice.json
  std::span<const std::byte> acoustic;
  std::span<const std::byte> vocoder;
  std::string_view vocoder_config;
};
OwnVoiceFiles own_voice_files() noexcept;

}  // namespace syrinx::tts
