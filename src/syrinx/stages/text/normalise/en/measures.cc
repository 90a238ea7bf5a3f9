// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/normalise/en/measures.h"

#include "syrinx/stages/text/normalise/en/fractions.h"
#include "syrinx/stages/text/normalise/en/unit_table.h"

namespace syrinx::text::en {
namespace {

// A unit as it is written, and how it is said of one and of many.
struct UnitWords {
  std::string singular;
  std::string plural;
  std::size_t end = 0;
};

// 2 or 3 where an exponent is at `at`: "²", or a glued digit; 0 if there is none.
int read_power(const Reading& reading, std::size_t& at) {
  const Pieces& pieces = reading.pieces;
  if (!pieces.glued(at)) return 0;
  const bool caret = pieces.is(at, '^');
  const std::size_t digit_at = at + (caret ? 1U : 0U);
  const bool two =
      pieces.is(at, 0xb2) || (pieces.is_digits(digit_at) && pieces.text(digit_at) == "2");
  const bool three =
      pieces.is(at, 0xb3) || (pieces.is_digits(digit_at) && pieces.text(digit_at) == "3");
  if (!two && !three) return 0;
  at = digit_at + 1;
  return two ? 2 : 3;
}

void raise(UnitWords& unit, int power) {
  if (power == 0) return;
  const std::string how = power == 2 ? "square " : "cubic ";
  unit.singular = how + unit.singular;
  unit.plural = how + unit.plural;
}

bool is_cubic_centimeter(const Reading& reading, std::size_t at) {
  return lower_at(reading, at) == "cc" && ends_word(reading, at + 1);
}

std::optional<UnitWords> read_degrees(const Reading& reading, std::size_t at) {
  const Pieces& pieces = reading.pieces;
  if (pieces.is(at, 0x2103)) return UnitWords{"degree Celsius", "degrees Celsius", at + 1};
  if (pieces.is(at, 0x2109)) return UnitWords{"degree Fahrenheit", "degrees Fahrenheit", at + 1};
  if (!pieces.is(at, 0xb0) && !pieces.is(at, 0xba)) return std::nullopt;
  const std::string_view scale = pieces.text(at + 1);
  const bool word_ends = ends_word(reading, at + 2);
  if (word_ends && scale == "C") return UnitWords{"degree Celsius", "degrees Celsius", at + 2};
  if (word_ends && scale == "F")
    return UnitWords{"degree Fahrenheit", "degrees Fahrenheit", at + 2};
  return UnitWords{"degree", "degrees", at + 1};
}

// "sq mi", "cu. ft", "fl oz".
std::optional<UnitWords> read_prefixed(const Reading& reading, std::size_t at) {
  const std::string word = lower_at(reading, at);
  const bool known = word == "sq" || word == "cu" || word == "fl";
  if (!known) return std::nullopt;
  std::size_t next = at + 1;
  if (reading.pieces.glued_symbol(next, '.')) ++next;
  const Unit* unit = find_unit(lower_at(reading, next));
  if (unit == nullptr || !ends_word(reading, next + 1)) return std::nullopt;
  const std::string how = word == "sq" ? "square " : word == "cu" ? "cubic " : "fluid ";
  return UnitWords{how + std::string(unit->singular), how + std::string(unit->plural), next + 1};
}

// "in" apart from its number is a word, but for "3 ft 2 in" and "2 in wide".
bool means_inches(const Reading& reading, std::size_t at) {
  const std::string before = at > 1 ? lower_at(reading, at - 2) : std::string{};
  if (before == "ft" || before == "feet" || before == "foot") return true;
  const Piece& next = reading.pieces[at + 1];
  const bool closes = next.kind == PieceKind::kEnd || next.code == ')' || next.code == ',';
  if (closes && !reading.conventions.spaced) return true;
  const std::string after = lower_at(reading, at + 1);
  return after == "wide" || after == "tall" || after == "long" || after == "high" ||
         after == "deep" || after == "thick" || after == "x" || after == "by";
}

// One unit without what it is divided by.
std::optional<UnitWords> read_simple(const Reading& reading, std::size_t at, bool compound) {
  const Pieces& pieces = reading.pieces;
  if (pieces.is(at, '%')) return UnitWords{"percent", "percent", at + 1};
  if (pieces.is(at, 0x2030)) return UnitWords{"per mille", "per mille", at + 1};
  if (auto degrees = read_degrees(reading, at)) return degrees;
  if (!pieces.is_letters(at)) return std::nullopt;
  if (is_cubic_centimeter(reading, at)) return UnitWords{"C C", "C C", at + 1};
  if (auto prefixed = read_prefixed(reading, at)) return prefixed;
  const Unit* unit = find_unit(pieces.text(at));
  if (unit == nullptr) return std::nullopt;
  std::size_t end = at + 1;
  UnitWords words{std::string(unit->singular), std::string(unit->plural), 0};
  const int power = read_power(reading, end);
  raise(words, power);
  words.end = end;
  const bool divides = pieces.glued_symbol(end, '/') && pieces.glued_letters(end + 1);
  if (unit->use == UnitUse::kCompounds && !compound && !divides) return std::nullopt;
  if (unit->use == UnitUse::kGlued && !compound && !pieces.glued(at) &&
      !(unit->written == "in" && means_inches(reading, at))) {
    return std::nullopt;
  }
  if (pieces.text(at).size() == 1 && pieces[at].letter_case == LetterCase::kUpper &&
      pieces.glued_symbol(end, '.')) {
    return std::nullopt;  // An initial.
  }
  const bool engine = pieces.text(at) == "V" && pieces.is_digits(end);  // "V 6" has no volts.
  if (engine || !ends_word(reading, end)) return std::nullopt;
  return words;
}

// A unit and what it is divided by: "km/h", "m/s²".
std::optional<UnitWords> read_unit(const Reading& reading, std::size_t at) {
  auto unit = read_simple(reading, at, false);
  if (!unit) return std::nullopt;
  if (!reading.pieces.glued_symbol(unit->end, '/')) return unit;
  const auto below = read_simple(reading, unit->end + 1, true);
  if (!below) return unit;
  unit->singular += " per " + below->singular;
  unit->plural += " per " + below->singular;
  unit->end = below->end;
  return unit;
}

void to_british(std::string& words) {
  for (const std::string_view us : {"meter", "liter"}) {
    for (std::size_t at = words.find(us); at != std::string::npos; at = words.find(us, at + 1)) {
      words.replace(at + 3, 2, "re");
    }
  }
}

// How much there is of the unit.
struct Quantity {
  std::string words;
  bool one = false;
  bool half = false;  // "half a": the unit is said in the singular.
  std::size_t end = 0;
};

std::optional<Quantity> read_quantity(const Reading& reading, std::size_t at) {
  if (const auto fraction = read_fraction(reading, at)) {
    if (!fraction->whole.empty()) {
      return Quantity{say_fraction(*fraction), false, false, fraction->end};
    }
    const bool half = fraction->numerator == "1" && fraction->denominator == "2";
    std::string words = half ? "half a" : say_fraction(*fraction) + " of a";
    return Quantity{std::move(words), false, true, fraction->end};
  }
  auto number = read_number(reading, at);
  if (!number) return std::nullopt;
  const auto magnitude = read_magnitude(reading, number->end, false);
  if (!magnitude) return Quantity{say(reading, *number), number->is_one(), false, number->end};
  return Quantity{say(reading, *number, magnitude->word), false, false, magnitude->end};
}

// The sign before a quantity, as words; moves `at` past it.
std::string read_sign(const Reading& reading, std::size_t& at) {
  const Pieces& pieces = reading.pieces;
  if (is_minus(reading, at)) {
    ++at;
    return "minus ";
  }
  if (pieces.is(at, 0xb1) && pieces.is_digits(at + 1)) {
    ++at;
    return "plus or minus ";
  }
  if (pieces.is(at, '+') && pieces.glued_digits(at + 1) && begins_word(reading, at)) {
    ++at;
    return "plus ";
  }
  return {};
}

// A number written as "7.2-mm" joins its unit by a hyphen and says it in the singular.
std::size_t skip_hyphen(const Reading& reading, std::size_t at) {
  const bool hyphen = reading.pieces.glued_symbol(at, '-') && reading.pieces.glued_letters(at + 1);
  return hyphen ? at + 1 : at;
}

bool is_spelt_cc(const std::string& unit) { return unit.substr(0, 3) == "C C"; }

void say_unit(const Reading& reading, std::string words, std::size_t from, std::size_t to,
              Match& match) {
  if (reading.conventions.british) to_british(words);
  if (is_spelt_cc(words)) {
    match.spell("CC", from, to);
    words.erase(0, 3);
  }
  match.say(std::move(words), from, to);
}

}  // namespace

bool measure_rule(const Reading& reading, std::size_t at, Match& match) {
  std::size_t begin = at;
  const std::string sign = read_sign(reading, begin);
  if (sign.empty() && !begins_word(reading, at)) return false;
  const auto first = read_quantity(reading, begin);
  if (!first) return false;
  std::size_t end = first->end;
  std::optional<Quantity> last;
  if (const auto next = range_dash(reading, end)) last = read_quantity(reading, *next);
  if (last) end = last->end;
  // "5% - 10%" and "5 km - 10 km" are two measures, read one after the other.
  const std::size_t unit_at = skip_hyphen(reading, end);
  const auto unit = read_unit(reading, unit_at);
  if (!unit) return false;
  const bool attributive = unit_at != end || is_attributive(reading, at, unit->end);
  const bool single = attributive || (first->one && !last) || first->half;
  match.say(sign + first->words, at, first->end);
  if (last) match.say("to " + last->words, first->end, last->end);
  say_unit(reading, single ? unit->singular : unit->plural, unit_at, unit->end, match);
  return match.finish(unit->end, TokenClass::kMeasure,
                      last ? "measure: from one quantity to another" : "measure: number and unit");
}

bool feet_and_inches(const Reading& reading, std::size_t at, Match& match) {
  const Pieces& pieces = reading.pieces;
  if (!begins_word(reading, at) || value_at(reading, at) < 0 || value_at(reading, at) > 99) {
    return false;
  }
  const bool mark = pieces.glued_symbol(at + 1, '\'') || pieces.glued_symbol(at + 1, 0x2032) ||
                    pieces.glued_symbol(at + 1, 0x2019);
  if (!mark || !pieces.is_digits(at + 2) || value_at(reading, at + 2) > 11) return false;
  const bool inches = pieces.glued_symbol(at + 3, '"') || pieces.glued_symbol(at + 3, 0x2033) ||
                      pieces.glued_symbol(at + 3, 0x201d);
  const long feet = value_at(reading, at);
  const bool height = feet >= 3 && feet <= 7 && reading.pieces[at + 3].space_before;
  if (!inches && !height) return false;
  const std::size_t end = at + (inches ? 4U : 3U);
  match.say(cardinal(feet, HundredAnd::kNever) + " foot", at, at + 2);
  match.say(cardinal(value_at(reading, at + 2), HundredAnd::kNever), at + 2, end);
  return match.finish(end, TokenClass::kMeasure, "measure: feet and inches");
}

bool per_unit(const Reading& reading, std::size_t at, Match& match) {
  const Pieces& pieces = reading.pieces;
  if (!pieces.is(at, '/') || at == 0 || !pieces.glued(at)) return false;
  if (!pieces.is_digits(at - 1)) return false;
  const auto unit = read_simple(reading, at + 1, true);
  if (!unit || !pieces.glued(at + 1)) return false;
  const bool plural = reading.conventions.spaced;
  say_unit(reading, "per " + (plural ? unit->plural : unit->singular), at, unit->end, match);
  return match.finish(unit->end, TokenClass::kMeasure, "measure: per unit");
}

bool dimensions(const Reading& reading, std::size_t at, Match& match) {
  const Pieces& pieces = reading.pieces;
  if (!begins_word(reading, at)) return false;
  const auto is_by = [&](std::size_t i) {
    return lower_at(reading, i) == "x" || pieces.is(i, 0xd7);
  };
  auto number = read_number(reading, at);
  std::size_t count = 0;
  std::size_t begin = at;
  while (number && count < 4) {
    match.say((count > 0 ? "by " : "") + say(reading, *number), begin, number->end);
    begin = number->end;
    ++count;
    const auto unit = read_unit(reading, begin);
    if (unit && count > 1) {
      say_unit(reading, unit->plural, begin, unit->end, match);
      return match.finish(unit->end, TokenClass::kMeasure, "measure: dimensions");
    }
    if (!is_by(begin)) return false;
    number = read_number(reading, begin + 1);
  }
  return false;
}

}  // namespace syrinx::text::en
