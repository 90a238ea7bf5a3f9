// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/lexicon/arpabet_names.h"

#include <algorithm>
#include <array>

namespace syrinx::text {
namespace {

constexpr std::array<std::string_view, 24> kConsonants = {
    "B",  "CH", "D", "DH", "F",  "G", "HH", "JH", "K", "L", "M", "N",
    "NG", "P",  "R", "S",  "SH", "T", "TH", "V",  "W", "Y", "Z", "ZH"};
constexpr std::array<std::string_view, 15> kVowels = {
    "AA", "AE", "AH", "AO", "AW", "AY", "EH", "ER", "EY", "IH", "IY", "OW", "OY", "UH", "UW"};

}  // namespace

bool is_arpabet(std::string_view symbol) noexcept {
  if (std::find(kConsonants.begin(), kConsonants.end(), symbol) != kConsonants.end()) return true;
  if (symbol.size() == 3 && symbol[2] >= '0' && symbol[2] <= '2') symbol.remove_suffix(1);
  return std::find(kVowels.begin(), kVowels.end(), symbol) != kVowels.end();
}

std::string_view first_unknown_arpabet(std::string_view symbols) noexcept {
  for (std::size_t at = symbols.find_first_not_of(" \t"); at != std::string_view::npos;) {
    const std::size_t end = std::min(symbols.find_first_of(" \t", at), symbols.size());
    if (!is_arpabet(symbols.substr(at, end - at))) return symbols.substr(at, end - at);
    at = symbols.find_first_not_of(" \t", end);
  }
  return {};
}

}  // namespace syrinx::text
