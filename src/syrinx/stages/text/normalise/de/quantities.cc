// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "syrinx/stages/text/normalise/de/number_words.h"
#include "syrinx/stages/text/normalise/de/reading.h"
#include "syrinx/stages/text/normalise/de/tables.h"

namespace syrinx::text::de {
namespace {

// "millionen" after a number.
struct Scaled {
  std::string words;
  std::size_t end = 0;
  bool scaled = false;
};

Scaled scale_after(const Reading& reading, const Number& number) {
  const Scale* scale = find_scale(lower_at(reading, number.end));
  if (scale == nullptr) return {"", number.end, false};
  const bool one = !number.comma && number.whole == "1";
  const bool stop = reading.pieces.glued_symbol(number.end + 1, U'.') &&
                    reading.pieces.text(number.end).size() == 3;
  const bool feminine = scale->one != "tausend";
  return {(one ? say_counting(number, feminine) : say(number)) + " " +
              std::string(one ? scale->one : scale->many),
          number.end + (stop ? 2U : 1U), true};
}

void drop_trailing_zeros(Number& number) {
  while (!number.fraction.empty() && number.fraction.back() == '0') number.fraction.pop_back();
  number.comma = !number.fraction.empty();
}

// "zwei dollar zwanzig cent".
std::string money_words(Number number, const Currency& currency) {
  drop_trailing_zeros(number);
  if (number.fraction.size() > 2) return say(number) + " " + std::string(currency.many);
  std::string part = number.fraction;
  if (part.size() == 1) part += '0';
  if (part.size() == 2 && part[0] == '0') part.erase(0, 1);
  const bool none = number.whole.find_first_not_of('0') == std::string::npos;
  std::string words;
  number.comma = false;
  if (!none || part.empty())
    words = say_counting(number, false) + " " +
            std::string(number.whole == "1" ? currency.one : currency.many);
  if (part.empty()) return words;
  return words + (words.empty() ? "" : " ") + counting(part, false) + " " +
         std::string(part == "1" ? currency.part_one : currency.part_many);
}

bool say_money(const Reading& reading, const Number& number, const Currency& currency,
               std::size_t end, Match& match) {
  const Scaled scaled = scale_after(reading, number);
  match.say(scaled.scaled ? scaled.words + " " + std::string(currency.many)
                          : money_words(number, currency));
  return match.finish(std::max(end, scaled.end), TokenClass::kMoney, "money: amount and currency");
}

// The unit at `at`, with "²" and "³", and what it is per.
struct Measured {
  std::string one;
  std::string many;
  bool feminine = false;
  std::size_t end = 0;
};

// One simple unit: "km", "°C", "%", "m²".
Measured read_unit(const Reading& reading, std::size_t at) {
  const Pieces& p = reading.pieces;
  std::string written(p.text(at));
  std::size_t end = at + 1;
  if (p.is(at, U'°') && p.glued_letters(at + 1) && p.text(at + 1).size() == 1)
    written += p.text(end++);
  const Unit* unit = p[at].kind == PieceKind::kEnd ? nullptr : find_unit(written);
  if (unit == nullptr) return {};
  std::string power;
  if (p.glued_symbol(end, U'²')) power = "quadrat ";
  if (p.glued_symbol(end, U'³')) power = "kubik ";
  if (!power.empty()) ++end;
  return {power + std::string(unit->one), power + std::string(unit->many), unit->feminine, end};
}

// "km/h", "/km²".
Measured read_units(const Reading& reading, std::size_t at) {
  const Pieces& p = reading.pieces;
  Measured unit;
  unit.end = at;
  if (!p.is(at, U'/')) unit = read_unit(reading, at);
  if (unit.end == 0) return {};
  if (!p.is(unit.end, U'/') || (unit.end > at && !p.glued(unit.end)))
    return unit.end > at ? unit : Measured{};
  const Measured per = read_unit(reading, unit.end + 1);
  if (per.end == 0 || !p.glued(unit.end + 1)) return unit.end > at ? unit : Measured{};
  const std::string space = unit.one.empty() ? "" : " ";
  unit.one += space + "pro " + per.one;
  unit.many += space + "pro " + per.one;
  unit.end = per.end;
  return unit;
}

// A unit of one letter must be glued or stand alone; "5 a" is not five ampere in running text.
bool plausible(const Reading& reading, std::size_t at, const Measured& unit) {
  const Pieces& p = reading.pieces;
  if (p.glued_letters(unit.end) || p.glued_digits(unit.end)) return false;
  const bool letter = p.is_letters(at) && p.text(at).size() == 1;
  const std::string_view text = p.text(at);
  return !letter || text == "m" || text == "g" || text == "l" || text == "h" || text == "t" ||
         text == "W" || text == "V" || text == "A" || text == "K" || text == "s" || p.glued(at);
}

// "1/2" or "1 1/2" at `at`.
struct Mixed {
  std::string words;
  std::size_t end = 0;
};

Mixed read_fraction(const Reading& reading, std::size_t at) {
  const Pieces& p = reading.pieces;
  std::string words;
  if (p.is_digits(at) && p.is_digits(at + 1) && p.text(at).size() <= 4 &&
      p.glued_symbol(at + 2, U'/')) {
    words = counting(p.text(at++), false) + " ";
  }
  if (!p.is_digits(at) || !p.glued_symbol(at + 1, U'/') || !p.glued_digits(at + 2)) return {};
  if (p.glued_symbol(at + 3, U'/') || p.glued_letters(at + 3)) return {};
  if (p.text(at).size() > 6 || p.text(at + 2).size() > 6) return {};
  return {words + fraction(p.text(at), p.text(at + 2)), at + 3};
}

}  // namespace

bool match_money(const Reading& reading, std::size_t at, Match& match) {
  const Pieces& p = reading.pieces;
  if (!begins_word(reading, at)) return false;
  const Currency* currency = find_currency(p.text(at));
  if (currency != nullptr && (p.is_digits(at + 1) || p.is(at + 1, U'-'))) {
    const auto number = read_number(reading, at + 1);
    return number && say_money(reading, *number, *currency, number->end, match);
  }
  const auto number = read_number(reading, at);
  if (!number) return false;
  const std::size_t after = scale_after(reading, *number).end;
  currency = find_currency(p.text(after));
  if (currency == nullptr || p[after].kind == PieceKind::kEnd) return false;
  if (currency->written == "dm" && p.text(after) != "DM") return false;
  if (currency->written == "fr" && !p.glued_symbol(after + 1, U'.')) return false;
  return say_money(reading, *number, *currency, after + 1, match);
}

bool match_fraction(const Reading& reading, std::size_t at, Match& match) {
  if (!begins_word(reading, at)) return false;
  Mixed mixed = read_fraction(reading, at);
  if (mixed.end == 0) return false;
  const Measured unit = read_units(reading, mixed.end);
  if (unit.end > 0 && plausible(reading, mixed.end, unit)) {
    match.say(mixed.words + " " + unit.many);
    return match.finish(unit.end, TokenClass::kMeasure, "measure: fraction and unit");
  }
  match.say(std::move(mixed.words));
  return match.finish(mixed.end, TokenClass::kFraction, "fraction");
}

bool match_measure(const Reading& reading, std::size_t at, Match& match) {
  if (!begins_word(reading, at)) return false;
  const auto number = read_number(reading, at);
  if (!number) return false;
  const Scaled scaled = scale_after(reading, *number);
  const Measured unit = read_units(reading, scaled.end);
  if (unit.end == 0 || !plausible(reading, scaled.end, unit)) return false;
  const bool one = !number->comma && number->whole == "1" && !scaled.scaled;
  match.say((scaled.scaled ? scaled.words : say_counting(*number, unit.feminine)) + " " +
            (one ? unit.one : unit.many));
  return match.finish(unit.end, TokenClass::kMeasure, "measure: number and unit");
}

bool match_ordinal(const Reading& reading, std::size_t at, Match& match) {
  const Pieces& p = reading.pieces;
  if (!p.is_digits(at) || !p.glued_symbol(at + 1, U'.') || !begins_word(reading, at)) return false;
  const bool alone = at == 0 && p[at + 2].kind == PieceKind::kEnd;
  const bool before_word = p.is_letters(at + 2) && !p.glued(at + 2);
  if (!alone && !before_word) return false;
  match.say(ordinal(p.text(at), takes_weak_ending(reading, at) ? "n" : "r"));
  return match.finish(at + 2, TokenClass::kOrdinal, "ordinal: number and full stop");
}

bool match_number(const Reading& reading, std::size_t at, Match& match) {
  const Pieces& p = reading.pieces;
  const auto number = read_number(reading, at);
  if (!number) return false;
  if (const Scaled scaled = scale_after(reading, *number); scaled.scaled) {
    match.say(scaled.words);
    return match.finish(scaled.end, TokenClass::kCardinal, "cardinal: number and magnitude");
  }
  match.say(say(*number));
  if (number->comma) return match.finish(number->end, TokenClass::kDecimal, "decimal: comma");
  const bool zeros = number->whole.size() > 1 && number->whole[0] == '0';
  (void)p;
  return match.finish(number->end, zeros ? TokenClass::kDigits : TokenClass::kCardinal,
                      zeros ? "digits: leading zero" : "cardinal");
}

bool match_telephone(const Reading& reading, std::size_t at, Match& match) {
  const Pieces& p = reading.pieces;
  const std::size_t begin = at;
  std::string words;
  if (p.is(at, U'+') && p.glued_digits(at + 1) && p.text(at + 1).size() <= 3) {
    words = "plus " + cardinal(p.text(at + 1));
    at += 2;
  } else if (p.is(at, U'(') && p.glued_digits(at + 1) && p.text(at + 1)[0] == '0' &&
             p.glued_symbol(at + 2, U')')) {
    words = digit_words(p.text(at + 1));
    at += 3;
  } else if (p.is_digits(at) && p.text(at).size() >= 3 && p.text(at)[0] == '0' &&
             (p.glued_symbol(at + 1, U'/') || p.glued_symbol(at + 1, U'-')) &&
             p.glued_digits(at + 2) && p.text(at + 2).size() >= 3) {
    words = digit_words(p.text(at++));
  } else {
    return false;
  }
  std::size_t digits = 0;
  for (std::size_t groups = 0; groups < 8; ++groups) {
    const bool mark = p.is(at, U'-') || p.is(at, U'/');
    if (!p.is_digits(at + (mark ? 1 : 0))) break;
    if (mark) ++at;
    digits += p.text(at).size();
    words += " " + digit_words(p.text(at++));
  }
  if (digits < 4 || at == begin) return false;
  match.say(std::move(words));
  return match.finish(at, TokenClass::kTelephone, "telephone: groups of digits");
}

}  // namespace syrinx::text::de
