// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/g2p/letter_names.h"

#include <algorithm>
#include <array>

#include "syrinx/stages/text/g2p/ascii_case.h"

namespace syrinx::text {
namespace {

constexpr std::array<std::string_view, 26> kLetters = {"EY1",
                                                       "B IY1",
                                                       "S IY1",
                                                       "D IY1",
                                                       "IY1",
                                                       "EH1 F",
                                                       "JH IY1",
                                                       "EY1 CH",
                                                       "AY1",
                                                       "JH EY1",
                                                       "K EY1",
                                                       "EH1 L",
                                                       "EH1 M",
                                                       "EH1 N",
                                                       "OW1",
                                                       "P IY1",
                                                       "K Y UW1",
                                                       "AA1 R",
                                                       "EH1 S",
                                                       "T IY1",
                                                       "Y UW1",
                                                       "V IY1",
                                                       "D AH1 B AH0 L Y UW0",
                                                       "EH1 K S",
                                                       "W AY1",
                                                       "Z IY1"};
constexpr std::array<std::string_view, 10> kDigits = {
    "Z IH1 R OW0", "W AH1 N",   "T UW1",         "TH R IY1", "F AO1 R",
    "F AY1 V",     "S IH1 K S", "S EH1 V AH0 N", "EY1 T",    "N AY1 N"};

}  // namespace

std::string_view letter_name(char letter) noexcept {
  if (is_ascii_lower(letter)) return kLetters[static_cast<std::size_t>(letter - 'a')];
  if (is_ascii_upper(letter)) return kLetters[static_cast<std::size_t>(letter - 'A')];
  if (letter >= '0' && letter <= '9') return kDigits[static_cast<std::size_t>(letter - '0')];
  return {};
}

std::string letter_names(std::string_view word) {
  std::string names;
  for (const char letter : word) {
    const std::string_view name = letter_name(letter);
    if (name.empty()) continue;
    std::replace(names.begin(), names.end(), '1', '2');
    if (!names.empty()) names += ' ';
    names += name;
  }
  return names;
}

}  // namespace syrinx::text
