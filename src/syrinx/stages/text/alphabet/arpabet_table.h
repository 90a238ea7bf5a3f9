// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace syrinx::text {

// A phoneme of ARPABET, in lower case, and American IPA for it.
struct ArpabetSymbol {
  std::string_view name;
  std::string_view ipa;
  std::string_view unstressed_ipa;  // "" where it is the same.
  bool is_vowel;
};

// nullptr for what is none.
const ArpabetSymbol* find_arpabet(std::string_view name) noexcept;

}  // namespace syrinx::text
