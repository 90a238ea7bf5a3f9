// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/normalise/en/numbers.h"

#include <algorithm>
#include <array>

namespace syrinx::text::en {
namespace {

template <std::size_t kCount>
bool is_one_of(const std::array<std::string_view, kCount>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// Words before digits that are read one by one.
constexpr std::array<std::string_view, 14> kCodeCues = {
    "code",   "pin",       "otp", "passcode", "zip",  "postcode", "ssn",
    "serial", "extension", "ext", "account",  "oclc", "isbn",     "issn"};
// Before the short numbers of telephones: "dial 911".
constexpr std::array<std::string_view, 5> kCallCues = {"call", "dial", "dialed", "dialled",
                                                       "calling"};
// Vehicles, rooms and roads: "seven forty seven", "one oh one".
constexpr std::array<std::string_view, 12> kPairCues = {"boeing", "airbus",  "flight",     "room",
                                                        "route",  "highway", "interstate", "bus",
                                                        "suite",  "channel", "apartment",  "hwy"};
constexpr std::array<std::string_view, 8> kIrregularPlurals = {
    "people", "men", "women", "children", "feet", "percent", "mice", "teeth"};
// Books whose chapters and verses a colon parts.
constexpr std::array<std::string_view, 28> kScripture = {
    "genesis", "exodus",      "leviticus", "deuteronomy", "joshua",       "samuel",     "kings",
    "job",     "psalm",       "psalms",    "proverbs",    "ecclesiastes", "isaiah",     "jeremiah",
    "ezekiel", "daniel",      "matthew",   "mark",        "luke",         "john",       "acts",
    "romans",  "corinthians", "galatians", "ephesians",   "hebrews",      "revelation", "surah"};
// Words before two numbers that span something.
constexpr std::array<std::string_view, 30> kRangeCues = {
    "page",    "pages",     "pp",    "p",       "age",     "ages",          "aged",     "chapters",
    "chapter", "verses",    "verse", "lines",   "line",    "grades",        "weeks",    "between",
    "about",   "around",    "over",  "takes",   "lasts",   "approximately", "sections", "items",
    "rows",    "questions", "nos",   "figures", "volumes", "steps"};
constexpr std::array<std::string_view, 18> kScoreCues = {
    "won",  "win",     "wins",  "lost",   "lose", "beat", "beats",   "defeated", "drew",
    "draw", "victory", "score", "scored", "lead", "led",  "leading", "defeat",   "tied"};

// The nearest word before `at`, "" past punctuation.
std::string word_before(const Reading& reading, std::size_t at) {
  if (at == 0) return {};
  const Pieces& pieces = reading.pieces;
  const bool dot = pieces.is(at - 1, '.') && pieces.glued(at - 1);
  return lower_at(reading, at - (dot && at > 1 ? 2U : 1U));
}

// "ending in 8876", "ends in".
bool follows_ending_in(const Reading& reading, std::size_t at) {
  if (at < 2 || lower_at(reading, at - 1) != "in") return false;
  const std::string word = lower_at(reading, at - 2);
  return word == "ending" || word == "ends" || word == "ended";
}

bool follows_code_cue(const Reading& reading, std::size_t at) {
  if (at == 0) return false;
  std::size_t cue = at - 1;
  const std::string last = lower_at(reading, cue);
  if (reading.pieces.is(cue, ':') || reading.pieces.is(cue, '#') || last == "is" ||
      last == "number" || last == "no") {
    if (cue == 0) return false;
    --cue;
    if (lower_at(reading, cue) == "code" || lower_at(reading, cue) == "number") {
      return last != "number" || is_one_of(kCodeCues, lower_at(reading, cue));
    }
  }
  return is_one_of(kCodeCues, lower_at(reading, cue)) || follows_ending_in(reading, at);
}

// "747" after "Boeing": "seven forty seven"; "101" after "room": "one oh one".
std::string say_in_pairs(const Reading& reading, std::string_view digits) {
  if (digits.size() == 4) return year(digits, reading.conventions.zero_in_year, HundredAnd::kNever);
  if (digits[1] == '0' && digits[2] == '0') return cardinal(digits, HundredAnd::kNever);
  if (digits[1] == '0') return digit_words(digits, "oh");
  return cardinal(digits.substr(0, 1), HundredAnd::kNever) + " " +
         cardinal(digits.substr(1), HundredAnd::kNever);
}

bool is_round(std::string_view digits) {
  return digits.size() > 3 && digits.substr(digits.size() - 3) == "000";
}

// A lower-case word that can be counted follows: "13000 people".
bool counts_something(const Reading& reading, std::size_t at) {
  const Pieces& pieces = reading.pieces;
  if (!pieces.is_letters(at) || !pieces[at].space_before) return false;
  if (pieces[at].letter_case != LetterCase::kLower) return false;
  const std::string word = lower_at(reading, at);
  return (word.size() > 3 && word.back() == 's') || is_one_of(kIrregularPlurals, word);
}

// Whether digits without group marks are a code and not a quantity.
bool is_code(const Reading& reading, std::size_t at, std::string_view digits) {
  if (digits.size() > 1 && digits.front() == '0') return true;
  if (digits.size() > 15) return true;
  if (digits.size() > 3 && follows_code_cue(reading, at)) return true;
  if (digits.size() == 3 && is_one_of(kCallCues, word_before(reading, at))) return true;
  if (digits.size() < 5 || !reading.conventions.long_numbers_as_digits) return false;
  if (counts_something(reading, at + 1)) return false;
  return reading.alone || !is_round(digits);
}

}  // namespace

std::string say_code_digits(const Reading& reading, std::string_view digits) {
  const bool short_number = digits.size() <= 2 && digits.front() != '0';
  const bool hundreds = digits.size() == 3 && digits.substr(1) == "00" && digits.front() != '0';
  const bool thousands = digits.size() == 4 && is_round(digits) && digits.front() != '0';
  if (short_number || hundreds || thousands || digits == "0") {
    return cardinal(digits, HundredAnd::kNever);
  }
  return digit_words(digits, reading.conventions.zero_digit);
}

bool ordinal_rule(const Reading& reading, std::size_t at, Match& match) {
  const Pieces& pieces = reading.pieces;
  const auto number = read_number(reading, at);
  if (!number || number->point || !pieces.glued_letters(number->end)) return false;
  const std::string suffix = lower_at(reading, number->end);
  if (!is_ordinal_suffix(suffix) || number->whole.size() > 30) return false;
  if (!fits_ordinal(number->whole, suffix)) {
    match.say(number->whole.size() > 2 ? digit_words(number->whole, "zero")
                                       : cardinal(number->whole, HundredAnd::kNever),
              at, number->end);
    match.spell(suffix, number->end, number->end + 1);
    return match.finish(number->end + 1, TokenClass::kSerial, "serial: suffix does not fit");
  }
  if (number->whole.size() > 1 && number->whole.front() == '0') {
    match.say(digit_words(number->whole, "zero"), at, number->end);
    match.spell(suffix, number->end, number->end + 1);
    return match.finish(number->end + 1, TokenClass::kSerial, "serial: leading zero");
  }
  const HundredAnd how = reading.conventions.british ? HundredAnd::kAlways : HundredAnd::kNever;
  match.say(ordinal(number->whole, how));
  return match.finish(number->end + 1, TokenClass::kOrdinal, "ordinal: number with its ending");
}

bool score_rule(const Reading& reading, std::size_t at, Match& match) {
  const Pieces& pieces = reading.pieces;
  const auto next = range_dash(reading, at + 1);
  if (!next || !pieces.is_digits(*next) || !begins_word(reading, at)) return false;
  if (pieces.text(at).size() > 3 || pieces.text(*next).size() > 3) return false;
  if (!ends_word(reading, *next + 1) || is_dash(reading, *next + 1)) return false;
  bool cue = false;
  for (std::size_t back = 1; back <= 3 && back <= at; ++back) {
    cue = cue || is_one_of(kScoreCues, lower_at(reading, at - back));
  }
  if (!cue) return false;
  match.say(cardinal(pieces.text(at), HundredAnd::kNever), at, at + 1);
  match.say("to", at + 1, *next);
  const bool nil = reading.conventions.british && pieces.text(*next) == "0";
  match.say(nil ? "nil" : cardinal(pieces.text(*next), HundredAnd::kNever), *next, *next + 1);
  return match.finish(*next + 1, TokenClass::kScore, "score: numbers after a win or a loss");
}

bool range_rule(const Reading& reading, std::size_t at, Match& match) {
  const Pieces& pieces = reading.pieces;
  if (!begins_word(reading, at)) return false;
  const auto first = read_number(reading, at);
  if (!first) return false;
  const auto next = range_dash(reading, first->end);
  if (!next) return false;
  const auto last = read_number(reading, *next);
  if (!last || !ends_word(reading, last->end)) return false;
  if (pieces.glued(last->end) && (is_dash(reading, last->end) || pieces.is(last->end, '/'))) {
    return false;
  }
  const bool leading_zero = (first->whole.size() > 1 && first->whole.front() == '0') ||
                            (last->whole.size() > 1 && last->whole.front() == '0');
  if (leading_zero) return false;
  const bool en_dash = pieces[first->end].code != '-';
  const bool cue = is_one_of(kRangeCues, word_before(reading, at)) ||
                   (counts_something(reading, last->end) && pieces.is_letters(last->end)) ||
                   en_dash;
  if (!cue && !reading.conventions.number_ranges) return false;
  const bool glued = pieces.glued(*next);
  if (reading.conventions.number_ranges && !cue && glued) return false;
  const bool consecutive = reading.conventions.spaced && first->whole.size() == 2 &&
                           last->whole.size() == 2 &&
                           value_at(reading, *next) == value_at(reading, at) + 1;
  match.say(say(reading, *first), at, first->end);
  if (!consecutive) match.say("to", first->end, *next);
  match.say(say(reading, *last), *next, last->end);
  return match.finish(last->end, TokenClass::kRange, "range: from one number to another");
}

bool ratio_rule(const Reading& reading, std::size_t at, Match& match) {
  const Pieces& pieces = reading.pieces;
  if (!begins_word(reading, at) || !pieces.is(at + 1, ':') || !pieces.is_digits(at + 2))
    return false;
  const bool apart = pieces[at + 1].space_before;
  if (apart != pieces[at + 2].space_before || !ends_word(reading, at + 3)) return false;
  const auto digits = [&](std::size_t piece) {
    const std::string_view text = pieces.text(piece);
    return is_code(reading, piece, text) ? digit_words(text, reading.conventions.zero_digit)
                                         : cardinal(text, reading.conventions.hundred_and);
  };
  const bool clock = !apart && pieces.text(at + 2).size() == 2 && value_at(reading, at) < 60 &&
                     value_at(reading, at + 2) < 60 && pieces.text(at).size() == 2;
  const bool verse = !apart && is_one_of(kScripture, word_before(reading, at));
  const bool code =
      clock || verse || (pieces.text(at).front() == '0' && pieces.text(at).size() > 1);
  match.say(digits(at), at, at + 1);
  if (!code) match.say("to", at + 1, at + 2);
  match.say(digits(at + 2), at + 2, at + 3);
  return match.finish(at + 3, TokenClass::kRange, "ratio: numbers with a colon");
}

namespace {

// What an operator is called; "" for what is none.
std::string_view operator_name(char32_t sign) {
  switch (sign) {
    case '+':
      return "plus";
    case '-':
    case 0x2212:
    case 0x2013:
      return "minus";
    case '=':
      return "equals";
    case 0xd7:
      return "times";
    case 0xf7:
      return "divided by";
    case '/':
      return "over";
    case '*':
      return "times";
    case '<':
      return "is less than";
    case '>':
      return "is greater than";
    case 0x2264:
      return "is less than or equal to";
    case 0x2265:
      return "is greater than or equal to";
    case 0x2260:
      return "is not equal to";
    case 0x2248:
      return "is approximately equal to";
    case '^':
      return "to the power of";
    default:
      return {};
  }
}

bool is_operand(const Reading& reading, std::size_t at) {
  const Pieces& pieces = reading.pieces;
  return pieces.is_digits(at) || (pieces.is_letters(at) && pieces.text(at).size() <= 2) ||
         pieces.is(at, ')') || pieces.is(at, '(');
}

// Whether an equals sign or another sure sign of arithmetic stands near.
bool is_equation(const Reading& reading, std::size_t at) {
  constexpr std::size_t kReach = 12;
  const Pieces& pieces = reading.pieces;
  const auto sure = [&](std::size_t i) {
    return pieces.is(i, '=') || pieces.is(i, 0xd7) || pieces.is(i, 0xf7) || pieces.is(i, 0x2260);
  };
  const auto plain = [&](std::size_t i) {
    return is_operand(reading, i) || pieces.is(i, '.') ||
           (pieces[i].kind == PieceKind::kSymbol && !operator_name(pieces[i].code).empty());
  };
  for (std::size_t i = at; i <= at + kReach && plain(i); ++i) {
    if (sure(i)) return true;
  }
  for (std::size_t i = at; i > 0 && at - i < kReach && plain(i); --i) {
    if (sure(i)) return true;
  }
  return false;
}

}  // namespace

bool math_rule(const Reading& reading, std::size_t at, Match& match) {
  const Pieces& pieces = reading.pieces;
  if (at == 0 || pieces[at].kind != PieceKind::kSymbol) return false;
  const std::string_view name = operator_name(pieces[at].code);
  if (name.empty() || !is_operand(reading, at - 1) || !is_operand(reading, at + 1)) return false;
  const char32_t sign = pieces[at].code;
  const bool power = sign == '^' && pieces.glued(at) && pieces.is_digits(at + 1);
  const bool plus =
      power || sign == '+' || sign == '=' || sign == 0xd7 || sign == 0xf7 || sign >= 0x2248;
  const bool comparison = (sign == '<' || sign == '>') && pieces[at].space_before;
  if (!plus && !comparison && !is_equation(reading, at)) return false;
  if (sign == '*' && !is_equation(reading, at)) return false;
  match.say(std::string(name));
  return match.finish(at + 1, TokenClass::kMath, "math: operator");
}

bool magnitude_rule(const Reading& reading, std::size_t at, Match& match) {
  const auto number = read_number(reading, at);
  if (!number || !begins_word(reading, at)) return false;
  const bool large = number->whole.size() > 2 || number->point;  // "5G" and "4K" are names.
  const auto magnitude = read_magnitude(reading, number->end, large);
  if (!magnitude || reading.pieces.text(number->end) == "m") return false;
  match.say(say(reading, *number, magnitude->word));
  return match.finish(magnitude->end, TokenClass::kCardinal, "cardinal: with its magnitude");
}

bool scientific_rule(const Reading& reading, std::size_t at, Match& match) {
  const Pieces& pieces = reading.pieces;
  const auto number = read_number(reading, at);
  if (!number || number->whole.size() > 3 || !begins_word(reading, at)) return false;
  const std::size_t e = number->end;
  if (!pieces.glued_letters(e) || lower_at(reading, e) != "e") return false;
  const bool minus = pieces.glued_symbol(e + 1, '-');
  const bool sign = minus || pieces.glued_symbol(e + 1, '+');
  const std::size_t power = e + (sign ? 2U : 1U);
  if (!pieces.glued_digits(power) || pieces.text(power).size() > 3) return false;
  if (!ends_word(reading, power + 1)) return false;
  match.say(say(reading, *number), at, e);
  match.say("times ten to the power of", e, e + 1);
  if (minus) match.say("minus", e + 1, e + 2);
  match.say(cardinal(pieces.text(power), HundredAnd::kNever), power, power + 1);
  return match.finish(power + 1, TokenClass::kMath, "math: scientific notation");
}

bool version_rule(const Reading& reading, std::size_t at, Match& match) {
  const Pieces& pieces = reading.pieces;
  std::size_t end = at + 1;
  int points = 0;
  while (points < 8 && pieces.glued_symbol(end, '.') && pieces.glued_digits(end + 1)) {
    end += 2;
    ++points;
  }
  if (points < 2 || !ends_word(reading, end)) return false;
  std::string said;
  for (std::size_t i = at; i < end; i += 2) {
    if (!said.empty()) said += " point ";
    said += say_code_digits(reading, pieces.text(i));
  }
  match.say(said);
  return match.finish(end, TokenClass::kSerial, "serial: version number");
}

bool signed_number(const Reading& reading, std::size_t at, Match& match) {
  const Pieces& pieces = reading.pieces;
  const bool minus = is_minus(reading, at);
  // Corpora set a minus apart from what it follows: "94 : 46 -144".
  const bool plus = pieces.is(at, '+') && begins_word(reading, at);
  const bool either = pieces.is(at, 0xb1);
  if (!minus && !plus && !either) return false;
  if (!pieces.glued_digits(at + 1) && !pieces.is(at + 1, '.')) return false;
  const auto number = read_number(reading, at + 1);
  if (!number) return false;
  match.say(minus ? "minus" : plus ? "plus" : "plus or minus", at, at + 1);
  match.say(say(reading, *number), at + 1, number->end);
  return match.finish(number->end, number->point ? TokenClass::kDecimal : TokenClass::kCardinal,
                      "number: with its sign");
}

namespace {

// Hyphens and letters beside a number make it part of a serial: "133-ABC".
bool is_in_serial(const Reading& reading, std::size_t at, std::size_t end) {
  const Pieces& pieces = reading.pieces;
  const bool before = at > 1 && pieces.glued(at) && pieces.is(at - 1, '-') &&
                      pieces.glued(at - 1) && pieces.is_letters(at - 2);
  const bool after = pieces.glued_symbol(end, '-') && pieces.glued_letters(end + 1) &&
                     pieces[end + 1].letter_case != LetterCase::kLower;
  const bool more = pieces.glued_symbol(end, '-') && pieces.glued_letters(end + 1) &&
                    pieces.text(end + 1).size() <= 2;
  return before || after || more;
}

// "'s" after digits: said with the last word.
std::size_t read_genitive(const Reading& reading, std::size_t at) {
  const Pieces& pieces = reading.pieces;
  const bool mark = pieces.glued_symbol(at, '\'') || pieces.glued_symbol(at, 0x2019);
  const bool s = mark && pieces.glued_letters(at + 1) && lower_at(reading, at + 1) == "s";
  return s ? at + 2 : at;
}

bool finish_decimal(const Reading& reading, const Number& number, Match& match) {
  match.say(say(reading, number));
  return match.finish(number.end, TokenClass::kDecimal, "decimal: digits after a point");
}

bool finish_cardinal(const Reading& reading, std::size_t at, const Number& number, Match& match) {
  const bool serial = is_in_serial(reading, at, number.end) && !reading.conventions.british;
  std::string said = serial ? cardinal(number.whole, HundredAnd::kNever) : say(reading, number);
  const std::size_t genitive = read_genitive(reading, number.end);
  if (genitive != number.end) said += "'s";
  match.say(std::move(said));
  return match.finish(genitive, TokenClass::kCardinal, "cardinal: digits");
}

}  // namespace

bool number_rule(const Reading& reading, std::size_t at, Match& match) {
  if (reading.pieces.is(at, '.') && !begins_word(reading, at)) return false;
  const auto number = read_number(reading, at);
  if (!number) return false;
  if (number->point) return finish_decimal(reading, *number, match);
  if (!number->grouped && is_code(reading, at, number->whole)) {
    match.say(digit_words(number->whole, reading.conventions.zero_digit));
    return match.finish(number->end, TokenClass::kDigits, "digits: a code, not a quantity");
  }
  const std::size_t digits = number->whole.size();
  const bool pair = (digits == 3 || digits == 4) && !number->grouped &&
                    is_one_of(kPairCues, word_before(reading, at));
  if (pair) {
    match.say(say_in_pairs(reading, number->whole));
    return match.finish(number->end, TokenClass::kDigits,
                        "digits: in pairs, as of rooms and roads");
  }
  return finish_cardinal(reading, at, *number, match);
}

}  // namespace syrinx::text::en
