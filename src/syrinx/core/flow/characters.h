// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "syrinx/core/flow/text.h"

namespace syrinx {

// A character and the bytes that it was written with.
struct Character {
  char32_t code = 0;
  SourceSpan source;
};

// What stands for a byte that is no UTF-8.
inline constexpr char32_t kReplacement = 0xFFFD;

// The characters of UTF-8 (RFC 3629: no surrogates, nothing written longer than need be); a broken
// byte is kReplacement.
std::vector<Character> characters_of(std::string_view utf8);
void append_utf8(std::string& out, char32_t code);
std::string utf8_of(char32_t code);

}  // namespace syrinx
