// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "syrinx/stages/text/g2p/english_words.h"
#include "syrinx/stages/text/g2p/fallback_model.h"

namespace syrinx::text {

struct SpeltWord {
  std::string symbols;  // ARPABET; "" for what has neither letter nor digit.
  std::string
      decided_by;  // "built-in words", "morphology: stem 'play', with -s", "fallback model".
};

// Says English words with what the library itself knows: words by heart, words that the model was
// taught, endings, acronyms, and the model. Immutable; any thread may call.
class EnglishSpeller {
 public:
  EnglishSpeller(const EnglishWords& words, const FallbackModel& model)
      : words_(words), model_(model) {}
  // With the words and the model of the library.
  static const EnglishSpeller& builtin();

  // A word of any letters, with straight apostrophes; case tells acronyms and "YouTube"s. What is
  // joined by hyphens and the like is said part by part, digits one by one.
  SpeltWord say(std::string_view word) const;
  // ARPABET of a word in lower case that was in the dictionary; "" of others.
  std::string known(std::string_view lower) const;

 private:
  SpeltWord say_part(std::string_view part) const;
  SpeltWord say_unknown(std::string_view part, const std::string& lower) const;

  const EnglishWords& words_;
  const FallbackModel& model_;
};

// Whether a word that nobody knows is rather spelt than said: no vowel letter ("pdf"), or capitals
// that are short or begin or end as no English word does ("JSON").
bool is_acronym(std::string_view word) noexcept;

}  // namespace syrinx::text
