// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/normalise/en/english.h"

#include "syrinx/stages/text/normalise/en/addresses.h"
#include "syrinx/stages/text/normalise/en/dates.h"
#include "syrinx/stages/text/normalise/en/electronic.h"
#include "syrinx/stages/text/normalise/en/fractions.h"
#include "syrinx/stages/text/normalise/en/measures.h"
#include "syrinx/stages/text/normalise/en/money.h"
#include "syrinx/stages/text/normalise/en/numbers.h"
#include "syrinx/stages/text/normalise/en/reading.h"
#include "syrinx/stages/text/normalise/en/romans.h"
#include "syrinx/stages/text/normalise/en/say_as.h"
#include "syrinx/stages/text/normalise/en/serials.h"
#include "syrinx/stages/text/normalise/en/symbols.h"
#include "syrinx/stages/text/normalise/en/telephones.h"
#include "syrinx/stages/text/normalise/en/times.h"
#include "syrinx/stages/text/normalise/en/word_tables.h"
#include "syrinx/stages/text/normalise/en/words.h"

namespace syrinx::text::en {
namespace {

// What may begin with a digit, a point before digits, or letters or a symbol: the first rule that
// takes it decides.
constexpr Rule kDigitRules[] = {
    date_in_numbers, date_after_word, year_range,      electronic_rule,    book_number,
    telephone_rule,  ip_address,      time_rule,       date_day_first,     era,
    decade_rule,     street_address,  plan_rule,       money_number_first, dimensions,
    feet_and_inches, measure_rule,    scientific_rule, magnitude_rule,     ordinal_rule,
    score_rule,      version_rule,    math_rule,       fraction_rule,      ratio_rule,
    round_plural,    range_rule,      serial_rule,     year_rule,          number_rule};
constexpr Rule kLetterRules[] = {zone_rule,     electronic_rule,  date_month_first,  weekday,
                                 era,           money_sign_first, formula_rule,      state_rule,
                                 initials_rule, with_slash,       abbreviation_rule, roman_rule,
                                 serial_rule,   letters_rule,     plain_word};
constexpr Rule kSymbolRules[] = {bracketed_phonemes, emoticon_rule, electronic_rule, telephone_rule,
                                 money_sign_first,   decade_rule,   measure_rule,    math_rule,
                                 per_unit,           signed_number, fraction_rule,   number_rule,
                                 hash_tag,           number_sign,   emoji_rule,      symbol_rule};

template <std::size_t kCount>
void apply(const Rule (&rules)[kCount], const Reading& reading, std::size_t at, Match& match) {
  for (const Rule rule : rules) {
    match.start(at);
    if (rule(reading, at, match)) return;
  }
  match.start(at);
  match.skip("not understood");
  match.finish(at + 1, TokenClass::kVerbatim, "no rule");
}

// A word in small letters that no rule but the last can take: most of all text.
bool is_simple_word(const Reading& reading, std::size_t at) {
  const Pieces& pieces = reading.pieces;
  const Piece& piece = pieces[at];
  if (piece.letter_case != LetterCase::kLower || !piece.ascii || !piece.space_before) return false;
  const bool mark = pieces.is(at + 1, ',') && pieces[at + 2].space_before;
  if (!pieces[at + 1].space_before && !mark) return false;
  if (at > 0 && (pieces.is_digits(at - 1) || pieces.is(at - 1, '.'))) return false;
  const std::string_view word = pieces.text(at);
  if (!is_sayable(word) || month_number(word) != 0) return false;
  return word.size() > 9 || (find_abbreviation(word) == nullptr && word != "am" && word != "pm");
}

void read_one(const Reading& reading, std::size_t at, Match& match) {
  const Pieces& pieces = reading.pieces;
  if (pieces.is_digits(at)) return apply(kDigitRules, reading, at, match);
  if (pieces.is_letters(at)) {
    match.start(at);
    if (is_simple_word(reading, at) && plain_word(reading, at, match)) return;
    return apply(kLetterRules, reading, at, match);
  }
  apply(kSymbolRules, reading, at, match);
}

// White space around punctuation, as corpora have it: before the last mark, or before all of
// several marks inside.
bool is_spaced(const Pieces& pieces) {
  std::size_t last = pieces.size();
  while (last > 0 && (pieces.is(last - 1, '`') || pieces.is(last - 1, '\'') ||
                      pieces.is(last - 1, '"') || pieces.is(last - 1, ')'))) {
    --last;
  }
  if (last > 1 &&
      (pieces.is(last - 1, '.') || pieces.is(last - 1, '?') || pieces.is(last - 1, '!'))) {
    return pieces[last - 1].space_before;
  }
  std::size_t apart = 0;
  std::size_t glued = 0;
  for (std::size_t i = 1; i < pieces.size(); ++i) {
    const bool comma = pieces.is(i, ',') || pieces.is(i, ';');
    const bool mark = comma || pieces.is(i, ')') || pieces.is(i, '(') || pieces.is(i, '/') ||
                      pieces.is(i, '.') || pieces.is(i, '`');
    if (!mark || pieces[i].code == pieces[i - 1].code) continue;
    const std::size_t next = pieces.is(i + 1, '`') ? i + 2 : i + 1;
    const bool both = pieces[i].space_before && pieces[next].space_before;
    apart += both ? (comma || pieces.is(i, '/') ? 1U : 2U) : 0U;
    glued += pieces[i].space_before ? 0U : 1U;
  }
  return apart >= 2 && glued == 0;
}

// Whether most letters are capitals, in a text of several words.
bool is_all_caps(const Pieces& pieces) {
  std::size_t upper = 0;
  std::size_t words = 0;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    if (!pieces.is_letters(i) || pieces[i].end - pieces[i].begin < 2) continue;
    ++words;
    upper += pieces[i].letter_case == LetterCase::kUpper ? 1 : 0;
  }
  return words >= 3 && upper * 10 >= words * 7;
}

bool is_alone(const Pieces& pieces) {
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    if (pieces.is_letters(i)) return false;
  }
  return true;
}

class English final : public LanguageNormaliser {
 public:
  English(bool british, WritingStyle style) : british_(british), style_(style) {}

  std::vector<SpokenToken> normalise(const MappedText& sentence) const override {
    const Pieces pieces(sentence.text());
    const Reading reading = reading_of(pieces);
    std::vector<SpokenToken> tokens;
    tokens.reserve(pieces.size());
    Match match;
    for (std::size_t at = 0; at < pieces.size(); at = match.end()) {
      read_one(reading, at, match);
      tokens.push_back(match.token(pieces, sentence));
    }
    return tokens;
  }

  Result<std::vector<SpokenToken>> say_as(const MappedText& text, const SayAs& how) const override {
    const Pieces pieces(text.text());
    if (pieces.size() == 0) return std::vector<SpokenToken>{};
    Match match;
    SYRINX_ASSIGN(const bool fits, interpret(reading_of(pieces), how, match));
    if (fits) return std::vector<SpokenToken>{match.token(pieces, text)};
    std::vector<SpokenToken> tokens = normalise(text);
    for (SpokenToken& token : tokens) {
      token.rule = "say-as " + how.interpret_as + ": does not fit; " + token.rule;
    }
    return tokens;
  }

 private:
  Reading reading_of(const Pieces& pieces) const {
    const bool spaced =
        style_ == WritingStyle::kSpaced || (style_ == WritingStyle::kAuto && is_spaced(pieces));
    return {pieces, conventions(british_, spaced), is_all_caps(pieces), is_alone(pieces)};
  }

  bool british_;
  WritingStyle style_;
};

}  // namespace

std::unique_ptr<const LanguageNormaliser> make_english(bool british, WritingStyle style) {
  return std::make_unique<English>(british, style);
}

}  // namespace syrinx::text::en
