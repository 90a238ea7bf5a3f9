// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace syrinx::fuzz {

// What came of some bytes that may be SSML, plain text with marks in it, or a pronunciation.
struct SsmlOutcome {
  bool is_ssml = false;
  std::string broken;  // A promise that was not kept; empty as it should be.
};

// Reads the bytes as all of these.
SsmlOutcome read_as_speech_markup(std::string_view bytes);

}  // namespace syrinx::fuzz
