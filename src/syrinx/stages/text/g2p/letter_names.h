// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace syrinx::text {

// ARPABET of the name of a letter a-z, in either case, or of a digit; "" for anything else.
std::string_view letter_name(char letter) noexcept;

// The names of the word's letters and digits, one after the other: the last one carries the primary
// stress, the others secondary. "" when there is none.
std::string letter_names(std::string_view word);

}  // namespace syrinx::text
