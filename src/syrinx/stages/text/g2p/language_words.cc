// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/g2p/language_words.h"

#include <utility>

#include "syrinx/stages/text/g2p/ascii_case.h"
#include "syrinx/stages/text/g2p/kokoro_letters.h"

namespace syrinx::text {
namespace {

// Words whose vowel depends on the sound that follows; nothing for other words.
std::optional<SpeltWord> fitted(std::string_view lower, std::optional<bool> next_is_vowel) {
  if (lower == "the") {
    return next_is_vowel.value_or(false) ? SpeltWord{"DH IY0", "'the' before a vowel"}
                                         : SpeltWord{"DH AH0", "'the' before a consonant"};
  }
  if (lower != "to") return std::nullopt;
  if (!next_is_vowel) return SpeltWord{"T UW1", "'to' at the end of a phrase"};
  return *next_is_vowel ? SpeltWord{"T UW0", "'to' before a vowel"}
                        : SpeltWord{"T AH0", "'to' before a consonant"};
}

}  // namespace

Result<std::unique_ptr<LanguageWords>> LanguageWords::create(PhonemeSet set, Dialect dialect) {
  SYRINX_ASSIGN(AsciiFolder folder, AsciiFolder::create());
  return std::unique_ptr<LanguageWords>(new LanguageWords(set, dialect, std::move(folder)));
}

std::string LanguageWords::in_ascii(std::string_view word) const {
  const std::lock_guard lock(folding_);
  return folder_.fold(word, 0).text.text();
}

SaidWord LanguageWords::converted(const SpeltWord& spelt) const {
  const Pronunciation arpabet{PhonemeSet::kArpabet, spelt.symbols};
  auto wanted = in_set(arpabet, set_, dialect_);
  if (!wanted) return {arpabet, spelt.decided_by};
  return {std::move(*wanted), spelt.decided_by};
}

SaidWord LanguageWords::say(std::string_view word, std::optional<bool> next_is_vowel) const {
  std::string key(word);
  const auto fit = word.size() <= 3 ? fitted(ascii_lower(word), next_is_vowel) : std::nullopt;
  if (fit) key += next_is_vowel ? *next_is_vowel ? " V" : " C" : " .";
  if (auto found = cache_.find(key)) return *std::move(found);
  SaidWord said = converted(fit ? *fit : speller_.say(word));
  cache_.put(key, said);
  return said;
}

SaidWord LanguageWords::in_wanted_set(SaidWord said, std::string_view word) const {
  auto wanted = in_set(said.pronunciation, set_, dialect_);
  if (!wanted) {
    SaidWord instead = say(word, std::nullopt);
    instead.decided_by += ", as " + said.decided_by + " has a sound that the alphabet lacks";
    return instead;
  }
  return {std::move(*wanted), std::move(said.decided_by)};
}

}  // namespace syrinx::text
