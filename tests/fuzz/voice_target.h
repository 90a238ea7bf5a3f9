// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace syrinx::fuzz {

// What came of bytes that may be the settings of a Piper voice, the user's voices.json, a mix of
// voices, or what espeak-ng printed.
struct VoiceOutcome {
  bool is_settings = false;
  std::string broken;  // A promise that was not kept; empty as it should be.
};

// Reads the bytes as all of these.
VoiceOutcome read_as_voice(std::string_view bytes);

}  // namespace syrinx::fuzz
