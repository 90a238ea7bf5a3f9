// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/g2p/said_word.h"

#include "syrinx/stages/text/g2p/kokoro_letters.h"

namespace syrinx::text {
namespace {

std::optional<bool> begins_with_arpabet_vowel(std::string_view symbols) {
  if (symbols.empty()) return std::nullopt;
  return std::string_view("AEIOU").find(symbols.front()) != std::string_view::npos;
}

}  // namespace

std::optional<bool> begins_with_vowel(const Pronunciation& pronunciation) {
  if (pronunciation.set == PhonemeSet::kArpabet) {
    return begins_with_arpabet_vowel(pronunciation.symbols);
  }
  if (pronunciation.set == PhonemeSet::kKokoro) {
    return begins_with_vowel(wide_of(pronunciation.symbols));
  }
  const auto arpabet = in_set(pronunciation, PhonemeSet::kArpabet, Dialect::kUs);
  return arpabet ? begins_with_arpabet_vowel(arpabet->symbols) : std::nullopt;
}

std::optional<Pronunciation> in_set(const Pronunciation& pronunciation, PhonemeSet set,
                                    Dialect dialect) {
  if (pronunciation.set == set) return pronunciation;
  auto converted = convert(pronunciation, set, dialect);
  if (!converted) return std::nullopt;
  return std::move(converted).value();
}

void append_word(Pronunciation& words, const Pronunciation& next) {
  if (!words.symbols.empty() && !next.symbols.empty()) {
    words.symbols += words.set == PhonemeSet::kArpabet ? " | " : kWordBoundary;
  }
  words.symbols += next.symbols;
}

}  // namespace syrinx::text
