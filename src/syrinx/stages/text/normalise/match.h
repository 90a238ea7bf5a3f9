// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "syrinx/core/flow/spoken.h"
#include "syrinx/core/flow/text.h"
#include "syrinx/stages/text/normalise/pieces.h"

namespace syrinx::text {

// Some words and the pieces [from, to) that they stand for; from == to: all of the token's.
struct Utterance {
  std::string words;     // With one space between.
  bool letters = false;  // Each word is the name of a letter.
  std::size_t from = 0;
  std::size_t to = 0;
};

// What a rule took pieces for: the pieces [begin, end) are one token.
class Match {
 public:
  void start(std::size_t begin) {
    begin_ = end_ = begin;
    utterances_.clear();
    skipped_ = {};
  }
  // Adds words for all of the token, or for the pieces [from, to).
  void say(std::string words, std::size_t from = 0, std::size_t to = 0) {
    utterances_.push_back({std::move(words), false, from, to});
  }
  // Adds the names of the letters of `word`, as "FBI" or "UFO's".
  void spell(std::string_view word, std::size_t from = 0, std::size_t to = 0);
  // The same of a plural written without an apostrophe: "UFO" of "UFOs".
  void spell_plural(std::string_view head);
  void skip(std::string_view reason) { skipped_ = reason; }
  // `rule` must outlive the match: a literal.
  bool finish(std::size_t end, TokenClass token_class, std::string_view rule) {
    end_ = end;
    class_ = token_class;
    rule_ = rule;
    return true;
  }

  std::size_t begin() const noexcept { return begin_; }
  std::size_t end() const noexcept { return end_; }
  TokenClass token_class() const noexcept { return class_; }
  std::string_view rule() const noexcept { return rule_; }
  const std::vector<Utterance>& utterances() const noexcept { return utterances_; }
  // The token, with the author's bytes.
  SpokenToken token(const Pieces& pieces, const MappedText& sentence) const;

 private:
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  TokenClass class_ = TokenClass::kPlain;
  std::string_view rule_;
  std::string_view skipped_;
  std::vector<Utterance> utterances_;
};

// The rule of the token of a hyphen that joins words and is not said.
inline constexpr std::string_view kJoiningHyphen = "hyphen: joins";
// The rule of punctuation with white space around it, in spaced writing.
inline constexpr std::string_view kSpacedPunctuation = "punctuation: spaced writing";

}  // namespace syrinx::text
