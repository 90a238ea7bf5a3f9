// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/flow/spoken.h"

namespace syrinx {

std::string_view name_of(TokenClass token_class) noexcept {
  switch (token_class) {
    case TokenClass::kPlain:
      return "plain";
    case TokenClass::kPunctuation:
      return "punctuation";
    case TokenClass::kCardinal:
      return "cardinal";
    case TokenClass::kOrdinal:
      return "ordinal";
    case TokenClass::kDecimal:
      return "decimal";
    case TokenClass::kFraction:
      return "fraction";
    case TokenClass::kDigits:
      return "digits";
    case TokenClass::kMoney:
      return "money";
    case TokenClass::kDate:
      return "date";
    case TokenClass::kTime:
      return "time";
    case TokenClass::kMeasure:
      return "measure";
    case TokenClass::kTelephone:
      return "telephone";
    case TokenClass::kAddress:
      return "address";
    case TokenClass::kElectronic:
      return "electronic";
    case TokenClass::kLetters:
      return "letters";
    case TokenClass::kAbbreviation:
      return "abbreviation";
    case TokenClass::kRoman:
      return "roman";
    case TokenClass::kMath:
      return "math";
    case TokenClass::kSerial:
      return "serial";
    case TokenClass::kRange:
      return "range";
    case TokenClass::kScore:
      return "score";
    case TokenClass::kVerbatim:
      return "verbatim";
    case TokenClass::kEmoji:
      return "emoji";
  }
  return "plain";
}

std::string plain_words(const std::vector<SpokenToken>& tokens) {
  std::string text;
  for (const SpokenToken& token : tokens) {
    if (token.token_class == TokenClass::kPunctuation) text += token.written;
    for (const SpokenWord& word : token.words) {
      if (!text.empty()) text += ' ';
      text += word.text;
    }
  }
  return text;
}

}  // namespace syrinx
