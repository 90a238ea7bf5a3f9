// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "syrinx/stages/text/normalise/en/reading.h"

// Characters that are neither letters nor digits; see Rule for what the functions do.
namespace syrinx::text::en {

bool emoticon_rule(const Reading& reading, std::size_t at, Match& match);  // ":-)", "<3".
bool emoji_rule(const Reading& reading, std::size_t at, Match& match);
bool number_sign(const Reading& reading, std::size_t at, Match& match);  // "#7".
// Any other symbol: punctuation, said by its name, or skipped. Always succeeds.
bool symbol_rule(const Reading& reading, std::size_t at, Match& match);

// "and" of '&', "percent" of '%'; "" where a symbol has no name that is said.
std::string_view symbol_name(char32_t symbol);
// The name of any character but letters, by Unicode's list, in lower case; "" if it has none.
std::string unicode_name(char32_t symbol);

}  // namespace syrinx::text::en
