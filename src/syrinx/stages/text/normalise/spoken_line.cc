// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/normalise/match.h"
#include "syrinx/stages/text/normalise/normaliser.h"

namespace syrinx::text {
namespace {

// Writes words one after another, with what has to stand between them.
class Line {
 public:
  explicit Line(bool letters_apart) : apart_(letters_apart) {}

  void add(const SpokenToken& token) {
    if (token.rule == kJoiningHyphen) {
      hyphen_ = !text_.empty() && joins_;
      return;
    }
    joins_ = token.token_class != TokenClass::kDate && token.token_class != TokenClass::kDecimal;
    hyphen_ = hyphen_ && joins_;
    for (std::size_t i = 0; i < token.words.size(); ++i) add(token.words, i);
    if (!token.words.empty()) hyphen_ = false;
  }

  std::string take() { return std::move(text_); }

 private:
  void add(const std::vector<SpokenWord>& words, std::size_t at) {
    const bool letter = words[at].is_letter_name;
    const bool together = !apart_ && letter && at > 0 && words[at - 1].is_letter_name;
    if (!text_.empty() && !together) text_ += hyphen_ && at == 0 ? '-' : ' ';
    const std::string lower = lower_case(words[at].text);
    const bool ends = apart_ && letter && lower.size() > 1 && lower.back() == 's';
    if (!ends) {
      text_ += lower;
      return;
    }
    const std::size_t mark = lower.find('\'');  // "o 's" of "O's" and of "Os".
    text_ += lower.substr(0, mark == std::string::npos ? lower.size() - 1 : mark);
    text_ += " 's";
  }

  std::string text_;
  bool apart_;
  bool hyphen_ = false;  // One is to be written before the next word.
  bool joins_ = false;   // The last token may be joined: dates and decimals stand alone.
};

bool is_spaced(const std::vector<SpokenToken>& tokens) {
  for (const SpokenToken& token : tokens) {
    if (token.rule == kSpacedPunctuation) return true;
  }
  return false;
}

}  // namespace

std::string spoken_line(const std::vector<SpokenToken>& tokens, LetterSpacing letters) {
  const bool apart =
      letters == LetterSpacing::kApart || (letters == LetterSpacing::kAuto && is_spaced(tokens));
  Line line(apart);
  for (const SpokenToken& token : tokens) line.add(token);
  return line.take();
}

}  // namespace syrinx::text
