// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "syrinx/stages/text/lexicon/lexicon.h"

namespace syrinx::text {

// What stands to the right of a word.
struct SoundContext {
  std::optional<bool> next_is_vowel;  // Nothing: a pause follows.
  bool next_is_to = false;            // The word "to".
};

struct MisakiWord {
  std::string_view text;            // With straight apostrophes; letter case as written.
  std::string_view part_of_speech;  // A Penn tag.
  std::optional<double> stress;     // By letter case; see stress_of_case().
  SoundContext context;
};

struct MisakiAnswer {
  std::u32string symbols;
  std::string decided_by;  // "us_gold.json:12", "letter names", "special case 'the'".
};

// How misaki 0.9 (github.com/hexgrad/misaki, the front end that Kokoro's voices were trained with)
// says a word by its two lexicons: special cases, "gold", "silver", then stems of -s, -ed and -ing.
class MisakiRules {
 public:
  // `silver` may be null.
  MisakiRules(std::shared_ptr<const Lexicon> gold, std::shared_ptr<const Lexicon> silver,
              bool is_british);

  // Nothing for a word that the lexicons do not know.
  std::optional<MisakiAnswer> say(const MisakiWord& word) const;
  // The names of the word's letters, the last one stressed; nothing without a letter.
  std::optional<MisakiAnswer> spell(std::string_view word) const;
  // The readings of a word, as written or with the other case of its first letter, of the gold
  // lexicon or else of the silver one.
  std::vector<LexiconReading> readings(std::string_view word) const;
  // The plural or genitive of what was said.
  std::u32string add_s(std::u32string stem) const;

 private:
  using Stem = std::optional<std::string>;
  std::optional<LexiconReading> find(const Lexicon* lexicon, std::string_view word,
                                     const LexiconQuery& query) const;
  bool has(const Lexicon* lexicon, std::string_view word) const;
  bool is_listed(std::string_view word) const;
  bool is_known(std::string_view word) const;
  bool is_better_in_lower_case(const MisakiWord& word, std::string_view lower) const;

  std::optional<MisakiAnswer> special(const MisakiWord& word) const;
  std::optional<MisakiAnswer> special_of_letters(const MisakiWord& word) const;
  std::optional<MisakiAnswer> gold_answer(std::string_view word, std::string_view tag) const;
  std::optional<MisakiAnswer> look_up(const MisakiWord& word, std::string_view text) const;

  Stem stem_of_s(std::string_view word) const;
  Stem stem_of_ed(std::string_view word) const;
  Stem stem_of_ing(std::string_view word) const;
  bool has_stem(std::string_view word) const;
  std::optional<MisakiAnswer> by_stem(const MisakiWord& word, std::string_view text) const;
  std::u32string add_ed(std::u32string stem) const;
  std::u32string add_ing(std::u32string stem) const;

  std::shared_ptr<const Lexicon> gold_, silver_;
  bool is_british_ = false;
};

// No level for lower case, 0.5 for a capital, 2 for all capitals.
std::optional<double> stress_of_case(std::string_view word);

}  // namespace syrinx::text
