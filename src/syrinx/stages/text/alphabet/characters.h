// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/text.h"

namespace syrinx::text {

// A character and the bytes that it was written with.
struct Character {
  char32_t code = 0;
  SourceSpan source;
};

// What stands for a byte that is no UTF-8.
inline constexpr char32_t kReplacement = 0xFFFD;

// The characters of UTF-8; a broken byte is kReplacement.
std::vector<Character> characters_of(std::string_view utf8);
void append_utf8(std::string& out, char32_t code);
std::string utf8_of(char32_t code);

// The error of a symbol that does not belong where it stands; `symbols` is the whole.
Error symbol_error(std::string_view set_name, std::string_view symbols, SourceSpan symbol,
                   std::string_view expected);

}  // namespace syrinx::text
