// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/normalise/de/german.h"

#include <algorithm>
#include <array>

#include "syrinx/stages/text/normalise/de/number_words.h"
#include "syrinx/stages/text/normalise/de/reading.h"
#include "syrinx/stages/text/normalise/de/tables.h"
#include "syrinx/stages/text/normalise/en/number_words.h"

namespace syrinx::text::de {

// "Dr.", "z.B.", "Nr.": letters and full stops glued.
bool match_abbreviation(const Reading& reading, std::size_t at, Match& match) {
  const Pieces& p = reading.pieces;
  if (!p.is_letters(at) || !begins_word(reading, at)) return false;
  std::string written = lower_at(reading, at);
  std::size_t end = at + 1;
  while (p.glued_symbol(end, U'.') && p.glued_letters(end + 1) && end - at < 8 &&
         p.text(end + 1).size() <= 3 && p.text(at).size() <= 2) {
    written += "." + lower_at(reading, end + 1);
    end += 2;
  }
  if (!p.glued_symbol(end, U'.')) return false;
  if (written == "s" && !p.is_digits(end + 1)) return false;  // "S. 12", not an initial.
  std::string words(abbreviation(written));
  const bool street = words.empty() && written.size() > 3 && written.ends_with("str");
  if (street) words = written.substr(0, written.size() - 3) + "straße";  // "Hauptstr."
  if (words.empty()) return false;
  match.say(std::move(words));
  return match.finish(end + 1, TokenClass::kAbbreviation, "abbreviation: expanded");
}

namespace {

bool has_vowel(std::string_view upper) {
  return upper.find_first_of("AEIOUY") != std::string_view::npos ||
         upper.find("Ä") != std::string_view::npos || upper.find("Ö") != std::string_view::npos ||
         upper.find("Ü") != std::string_view::npos;
}

// "Ludwig XIV." is the fourteenth.
bool match_roman(const Reading& reading, std::size_t at, Match& match) {
  const Pieces& p = reading.pieces;
  if (p[at].letter_case != LetterCase::kUpper || at == 0 || !p.glued_symbol(at + 1, U'.'))
    return false;
  if (!p.is_letters(at - 1) || p[at - 1].letter_case != LetterCase::kCapitalised) return false;
  const int value = en::roman_value(p.text(at));
  if (value == 0) return false;
  match.say("der " + ordinal(std::to_string(value), ""));
  return match.finish(at + 2, TokenClass::kRoman, "roman: ordinal after a name");
}

}  // namespace

bool match_word(const Reading& reading, std::size_t at, Match& match) {
  const Pieces& p = reading.pieces;
  if (!p.is_letters(at)) return false;
  if (match_roman(reading, at, match)) return true;
  const std::string_view text = p.text(at);
  const bool upper = p[at].letter_case == LetterCase::kUpper;
  if (upper && text.size() > 1 && text.size() <= 5 && p[at].ascii && !has_vowel(text)) {
    match.spell(text);
    return match.finish(at + 1, TokenClass::kLetters, "letters: capitals without a vowel");
  }
  std::size_t end = at + 1;
  while (p.glued_symbol(end, U'\'') && p.glued_letters(end + 1) && end - at < 8) end += 2;
  match.say(std::string(p.text(at, end)));
  return match.finish(end, TokenClass::kPlain, "plain");
}

bool match_symbol(const Reading& reading, std::size_t at, Match& match) {
  const Pieces& p = reading.pieces;
  if (p[at].kind == PieceKind::kBroken) {
    match.skip("not UTF-8");
    return match.finish(at + 1, TokenClass::kVerbatim, "broken byte");
  }
  const bool joins = p.is(at, U'-') && p.glued(at) && p.glued(at + 1);
  if (joins) return match.finish(at + 1, TokenClass::kPunctuation, kJoiningHyphen);
  const std::string_view name = symbol_name(p[at].code);
  if (name.empty()) return match.finish(at + 1, TokenClass::kPunctuation, "punctuation");
  match.say(std::string(name));
  return match.finish(at + 1, TokenClass::kVerbatim, "verbatim: symbol by its name");
}

namespace {

constexpr auto kRules = std::to_array<Rule>(
    {match_electronic, match_telephone, match_date, match_time, match_money, match_fraction,
     match_measure, match_ordinal, match_number, match_abbreviation, match_word, match_symbol});

class German final : public LanguageNormaliser {
 public:
  std::vector<SpokenToken> normalise(const MappedText& sentence) const override {
    const Pieces pieces(sentence.text());
    const Reading reading{pieces};
    std::vector<SpokenToken> tokens;
    Match match;
    for (std::size_t at = 0; at < pieces.size(); at = match.end()) {
      for (const Rule rule : kRules) {
        match.start(at);
        if (rule(reading, at, match)) break;
      }
      tokens.push_back(match.token(pieces, sentence));
    }
    return tokens;
  }

  Result<std::vector<SpokenToken>> say_as(const MappedText& text, const SayAs& how) const override {
    constexpr auto kPlain = std::to_array<std::string_view>(
        {"cardinal", "number", "date", "time", "telephone", "fraction", "unit", "measure",
         "currency", "money", "address", "name"});
    const std::string kind = lower_case(how.interpret_as);
    if (kind == "characters" || kind == "spell-out" || kind == "verbatim")
      return by_piece(
          text, [](std::string_view piece) { return spelt(piece); }, "say-as: letters");
    if (kind == "digits") {
      return by_piece(
          text,
          [](std::string_view piece) {
            return std::isdigit(static_cast<unsigned char>(piece[0])) != 0 ? digit_words(piece)
                                                                           : std::string();
          },
          "say-as: digits");
    }
    if (kind == "ordinal") {
      return by_piece(
          text,
          [](std::string_view piece) {
            return std::isdigit(static_cast<unsigned char>(piece[0])) != 0 ? ordinal(piece, "r")
                                                                           : std::string();
          },
          "say-as: ordinal");
    }
    if (std::find(kPlain.begin(), kPlain.end(), kind) != kPlain.end()) return normalise(text);
    return make_error(ErrorCode::kUnsupported, "interpret-as=\"", how.interpret_as,
                      "\" is not known in German; there are cardinal number ordinal digits date "
                      "time telephone fraction unit measure currency money address name characters "
                      "spell-out verbatim");
  }

 private:
  static std::string spelt(std::string_view piece) {
    std::string words;
    for (std::size_t at = 0; at < piece.size();) {
      std::size_t end = at + 1;
      while (end < piece.size() && (static_cast<unsigned char>(piece[end]) & 0xC0U) == 0x80U) ++end;
      const std::string_view one = piece.substr(at, end - at);
      const bool digit = one[0] >= '0' && one[0] <= '9';
      words += (words.empty() ? "" : " ") + (digit ? digit_words(one) : std::string(one));
      at = end;
    }
    return words;
  }

  // Each piece of letters and digits as `say` has it; where that says nothing, as usual.
  template <class Say>
  std::vector<SpokenToken> by_piece(const MappedText& text, Say say, const char* rule) const {
    const Pieces pieces(text.text());
    const Reading reading{pieces};
    std::vector<SpokenToken> tokens;
    Match match;
    for (std::size_t at = 0; at < pieces.size(); at = match.end()) {
      match.start(at);
      std::string words =
          pieces.is_letters(at) || pieces.is_digits(at) ? say(pieces.text(at)) : std::string();
      if (!words.empty()) {
        match.say(std::move(words));
        match.finish(at + 1, TokenClass::kVerbatim, rule);
      } else if (!match_word(reading, at, match)) {
        match_symbol(reading, at, match) || match_number(reading, at, match);
      }
      tokens.push_back(match.token(pieces, text));
    }
    return tokens;
  }
};

}  // namespace

std::unique_ptr<const LanguageNormaliser> make_german() { return std::make_unique<German>(); }

}  // namespace syrinx::text::de
