// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "syrinx/stages/text/g2p/english_speller.h"
#include "syrinx/stages/text/g2p/said_word.h"
#include "syrinx/stages/text/lexicon/lexicon_stack.h"

namespace syrinx::text {

// What lexicons say about a word, or about the stem of a word that they do not have.
class UserWords {
 public:
  // `lexicons` must outlive it.
  UserWords(const LexiconList& lexicons, const EnglishSpeller& speller, Dialect dialect)
      : lexicons_(lexicons), speller_(speller), dialect_(dialect) {}

  // The word itself; or with an ending or prefix, unless the language knows the whole word as one
  // that is not said like its stem and ending (user: "tin"; asked: "tiny").
  std::optional<SaidWord> say(std::string_view word, const LexiconQuery& query) const;

 private:
  std::optional<SaidWord> say_whole(std::string_view word, const LexiconQuery& query) const;
  std::optional<SaidWord> say_derived(std::string_view word, const LexiconQuery& query) const;
  Pronunciation say_alias(std::string_view words) const;
  bool is_derived_in_language(const std::string& lower, const std::string& stem) const;

  const LexiconList& lexicons_;
  const EnglishSpeller& speller_;
  Dialect dialect_;
};

}  // namespace syrinx::text
