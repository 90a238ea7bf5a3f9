// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/g2p/user_words.h"

#include <algorithm>

#include "syrinx/stages/text/g2p/ascii_case.h"
#include "syrinx/stages/text/g2p/letter_names.h"
#include "syrinx/stages/text/g2p/morphology.h"

namespace syrinx::text {
namespace {

std::optional<DerivedWord> derived(const std::string& lower, const StemLookup& look_up) {
  return lower.find('\'') != std::string::npos ? with_apostrophe(lower, look_up, Affixes::kAll)
                                               : with_affix(lower, look_up, Affixes::kAll);
}

std::string without_digits(std::string symbols) {
  symbols.erase(
      std::remove_if(symbols.begin(), symbols.end(), [](char c) { return c >= '0' && c <= '9'; }),
      symbols.end());
  return symbols;
}

Pronunciation arpabet(std::string symbols) { return {PhonemeSet::kArpabet, std::move(symbols)}; }

}  // namespace

std::optional<SaidWord> UserWords::say(std::string_view word, const LexiconQuery& query) const {
  if (lexicons_.empty()) return std::nullopt;
  if (auto whole = say_whole(word, query)) return whole;
  return say_derived(word, query);
}

std::optional<SaidWord> UserWords::say_whole(std::string_view word,
                                             const LexiconQuery& query) const {
  const auto answer = find_in(lexicons_, word, query);
  if (!answer) return std::nullopt;
  const LexiconReading& reading = answer->reading;
  SaidWord said{reading.pronunciation, "lexicon " + answer->decided_by()};
  if (!reading.alias.empty()) {
    said.pronunciation = say_alias(reading.alias);
    said.decided_by += " as '" + reading.alias + "'";
  } else if (reading.is_spelt) {
    said.pronunciation = arpabet(letter_names(word));
  }
  return said;
}

// The words of an alias are looked up too; an alias among them is not followed again.
Pronunciation UserWords::say_alias(std::string_view words) const {
  Pronunciation all = arpabet({});
  for (std::size_t at = 0; at < words.size();) {
    const std::size_t end = std::min(words.find(' ', at), words.size());
    const std::string_view word = words.substr(at, end - at);
    at = end + 1;
    if (word.empty()) continue;
    const auto answer = find_in(lexicons_, word, {});
    std::optional<Pronunciation> one;
    if (answer && !answer->reading.pronunciation.symbols.empty()) {
      one = in_set(answer->reading.pronunciation, PhonemeSet::kArpabet, dialect_);
    }
    append_word(all, one ? *one : arpabet(speller_.say(word).symbols));
  }
  return all;
}

std::optional<SaidWord> UserWords::say_derived(std::string_view word,
                                               const LexiconQuery& query) const {
  const std::string lower = ascii_lower(word);
  std::string source, used;
  const auto made = derived(lower, [&](std::string_view stem) -> std::string {
    const auto answer = find_in(lexicons_, stem, {query.part_of_speech, false});
    if (!answer || answer->reading.pronunciation.symbols.empty()) return {};
    const auto symbols = in_set(answer->reading.pronunciation, PhonemeSet::kArpabet, dialect_);
    source = answer->decided_by();
    used = stem;
    return symbols ? symbols->symbols : std::string();
  });
  if (!made || !is_derived_in_language(lower, used)) return std::nullopt;
  return SaidWord{arpabet(made->symbols),
                  "morphology: " + made->parts + " (lexicon " + source + ")"};
}

// Whether the language says the whole word as this stem of it and an ending, or does not know it.
bool UserWords::is_derived_in_language(const std::string& lower, const std::string& stem) const {
  const std::string whole = speller_.known(lower);
  if (whole.empty()) return true;
  const auto made = derived(lower, [&](std::string_view other) {
    return other == stem ? speller_.known(stem) : std::string();
  });
  return made && without_digits(made->symbols) == without_digits(whole);
}

}  // namespace syrinx::text
