// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/g2p/arpabet_codes.h"

namespace syrinx::text {

void append_arpabet(std::string& symbols, std::uint8_t code) {
  if (!symbols.empty()) symbols += ' ';
  if (!is_vowel(code)) {
    symbols += kConsonantNames[code];
    return;
  }
  const std::size_t vowel = code - kArpabetConsonants;
  symbols += kVowelNames[vowel / 3];
  symbols += static_cast<char>('0' + vowel % 3);
}

}  // namespace syrinx::text
