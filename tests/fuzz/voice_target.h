// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace syrinx::fuzz {

// What came of bytes that may be the settings of a Piper or of a two-stage voice, the user's
// voices.json, a mix of voices, or what espeak-ng printed.
struct VoiceOutcome {
  bool is_settings = false;  // Of a Piper voice.
  bool is_two_stage = false;
  std::string broken;  // A promise that was not kept; empty as it should be.
};

// Reads the bytes as all of these.
VoiceOutcome read_as_voice(std::string_view bytes);

}  // namespace syrinx::fuzz
