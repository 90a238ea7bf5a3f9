// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "syrinx/stages/text/normalise/match.h"
#include "syrinx/stages/text/normalise/normaliser.h"

namespace syrinx::text {
namespace {

SpokenToken token(std::vector<std::string> words, bool letters = false) {
  SpokenToken made;
  made.token_class = letters ? TokenClass::kLetters : TokenClass::kPlain;
  for (auto& word : words) {
    made.words.emplace_back();
    made.words.back().text = std::move(word);
    made.words.back().is_letter_name = letters;
  }
  return made;
}

SpokenToken hyphen() {
  SpokenToken made;
  made.token_class = TokenClass::kPunctuation;
  made.rule = kJoiningHyphen;
  return made;
}

TEST(SpokenLine, IsLowerCaseWithOneSpaceBetween) {
  EXPECT_EQ(spoken_line({token({"Three", "dollars"}), SpokenToken{}, token({"\xc3\x89t\xc3\xa9"})}),
            "three dollars \xc3\xa9t\xc3\xa9");
}

TEST(SpokenLine, WritesLettersTogetherOrApart) {
  const std::vector<SpokenToken> tokens = {token({"U", "F", "Os"}, true),
                                           token({"B", "C's"}, true)};
  EXPECT_EQ(spoken_line(tokens, LetterSpacing::kTogether), "ufos bc's");
  EXPECT_EQ(spoken_line(tokens, LetterSpacing::kApart), "u f o 's b c 's");
}

TEST(SpokenLine, KeepsTheAuthorsHyphens) {
  EXPECT_EQ(spoken_line({token({"well"}), hyphen(), token({"known"})}), "well-known");
  EXPECT_EQ(spoken_line({hyphen(), token({"x"})}), "x");
}

TEST(SpokenLine, JoinsNoDatesByHyphens) {
  SpokenToken decade = token({"nineteen", "eighties"});
  decade.token_class = TokenClass::kDate;
  EXPECT_EQ(spoken_line({token({"mid"}), hyphen(), decade}), "mid nineteen eighties");
}

}  // namespace
}  // namespace syrinx::text
