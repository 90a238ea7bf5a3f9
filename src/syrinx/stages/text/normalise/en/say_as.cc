// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/normalise/en/say_as.h"

#include <algorithm>
#include <array>

#include "syrinx/stages/text/normalise/en/addresses.h"
#include "syrinx/stages/text/normalise/en/dates.h"
#include "syrinx/stages/text/normalise/en/electronic.h"
#include "syrinx/stages/text/normalise/en/fractions.h"
#include "syrinx/stages/text/normalise/en/measures.h"
#include "syrinx/stages/text/normalise/en/money.h"
#include "syrinx/stages/text/normalise/en/symbols.h"
#include "syrinx/stages/text/normalise/en/telephones.h"
#include "syrinx/stages/text/normalise/en/times.h"

namespace syrinx::text::en {
namespace {

bool takes_all(const Reading& reading, const Match& match) {
  return match.end() == reading.pieces.size();
}

// Tries rules until one takes all of the text.
template <std::size_t kCount>
bool whole(const std::array<Rule, kCount>& rules, const Reading& reading, Match& match) {
  for (const Rule rule : rules) {
    match.start(0);
    if (rule(reading, 0, match) && takes_all(reading, match)) return true;
  }
  return false;
}

// "-1,234", "XIV": the digits of a whole number.
std::optional<Number> whole_number(const Reading& reading, std::size_t at) {
  const Pieces& pieces = reading.pieces;
  if (pieces.is_letters(at)) {
    const int value = roman_value(pieces.text(at));
    if (value == 0) return std::nullopt;
    Number number;
    number.whole = std::to_string(value);
    number.end = at + 1;
    return number;
  }
  return read_number(reading, at);
}

bool as_cardinal(const Reading& reading, const SayAs&, Match& match) {
  const bool minus = is_minus(reading, 0);
  const auto number = whole_number(reading, minus ? 1 : 0);
  if (!number || number->end != reading.pieces.size()) return false;
  match.say((minus ? "minus " : "") + say(reading, *number));
  return match.finish(number->end, TokenClass::kCardinal, "say-as: cardinal");
}

bool as_ordinal(const Reading& reading, const SayAs&, Match& match) {
  const auto number = whole_number(reading, 0);
  if (!number || number->point) return false;
  const Pieces& pieces = reading.pieces;
  const bool suffix = is_ordinal_suffix(lower_at(reading, number->end));
  if (number->end + (suffix ? 1U : 0U) != pieces.size()) return false;
  const HundredAnd how = reading.conventions.british ? HundredAnd::kAlways : HundredAnd::kNever;
  match.say(ordinal(number->whole, how));
  return match.finish(pieces.size(), TokenClass::kOrdinal, "say-as: ordinal");
}

// Each letter, digit and symbol by its name.
bool as_characters(const Reading& reading, const SayAs&, Match& match) {
  const Pieces& pieces = reading.pieces;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    if (pieces.is_letters(i)) {
      match.spell(pieces.text(i), i, i + 1);
    } else if (pieces.is_digits(i)) {
      match.say(digit_words(pieces.text(i), "zero"), i, i + 1);
    } else if (const char32_t code = pieces[i].code; code != 0) {
      const std::string_view mark = mark_name(code);
      const std::string_view known = mark.empty() ? symbol_name(code) : mark;
      match.say(known.empty() ? unicode_name(code) : std::string(known), i, i + 1);
    }
  }
  return match.finish(pieces.size(), TokenClass::kLetters, "say-as: characters");
}

bool as_digits(const Reading& reading, const SayAs&, Match& match) {
  const Pieces& pieces = reading.pieces;
  bool any = false;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    if (pieces.is_letters(i)) match.spell(pieces.text(i), i, i + 1);
    if (!pieces.is_digits(i)) continue;
    any = true;
    match.say(digit_words(pieces.text(i), "zero"), i, i + 1);
  }
  return match.finish(pieces.size(), TokenClass::kDigits, "say-as: digits") && any;
}

bool as_fraction(const Reading& reading, const SayAs&, Match& match) {
  const bool sign = reading.pieces.is(0, '-') || reading.pieces.is(0, '+');
  const auto fraction = read_fraction(reading, sign ? 1 : 0);
  if (!fraction || fraction->end != reading.pieces.size()) return false;
  const std::string_view prefix = !sign ? "" : reading.pieces.is(0, '-') ? "minus " : "plus ";
  match.say(std::string(prefix) + say_fraction(*fraction));
  return match.finish(fraction->end, TokenClass::kFraction, "say-as: fraction");
}

bool as_measure(const Reading& reading, const SayAs&, Match& match) {
  return whole(std::array<Rule, 2>{feet_and_inches, measure_rule}, reading, match);
}

bool as_currency(const Reading& reading, const SayAs&, Match& match) {
  return whole(std::array<Rule, 2>{money_sign_first, money_number_first}, reading, match);
}

bool as_telephone(const Reading& reading, const SayAs& how, Match& match) {
  if (whole(std::array<Rule, 1>{telephone_rule}, reading, match)) return true;
  match.start(0);
  const Pieces& pieces = reading.pieces;
  if (pieces.is(0, '+')) match.say("plus", 0, 1);
  return as_digits(reading, how, match) &&
         match.finish(pieces.size(), TokenClass::kTelephone, "say-as: telephone");
}

bool as_time(const Reading& reading, const SayAs&, Match& match) {
  if (whole(std::array<Rule, 1>{time_rule}, reading, match)) return true;
  match.start(0);
  const long hours = value_at(reading, 0);
  const std::size_t size = reading.pieces.size();
  const bool clock = size == 1 && hours >= 0 && hours <= 2359 && hours % 100 < 60;
  if (!clock || reading.pieces.text(0).size() < 3) return false;
  const std::string_view digits = reading.pieces.text(0);
  match.say(
      say_clock(reading, static_cast<int>(hours / 100), digits.substr(digits.size() - 2), false));
  return match.finish(size, TokenClass::kTime, "say-as: time");
}

bool as_expletive(const Reading& reading, const SayAs&, Match& match) {
  match.say("bleep");
  return match.finish(reading.pieces.size(), TokenClass::kVerbatim, "say-as: expletive, bleeped");
}

bool as_address(const Reading& reading, const SayAs&, Match& match) {
  return whole(std::array<Rule, 1>{street_address}, reading, match);
}

bool as_name(const Reading& reading, const SayAs&, Match& match) {
  const Pieces& pieces = reading.pieces;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    if (!pieces.is_letters(i) && !pieces.is(i, '-') && !pieces.is(i, '\'')) return false;
    if (pieces.is_letters(i)) match.say(std::string(pieces.text(i)), i, i + 1);
  }
  return match.finish(pieces.size(), TokenClass::kPlain, "say-as: name");
}

// The fields of a date in the order in which they are written.
std::vector<std::size_t> date_fields(const Reading& reading) {
  std::vector<std::size_t> fields;
  for (std::size_t i = 0; i < reading.pieces.size(); ++i) {
    const bool month = month_number(lower_at(reading, i)) != 0;
    if (reading.pieces.is_digits(i) || month) fields.push_back(i);
  }
  return fields;
}

int month_at(const Reading& reading, std::size_t at) {
  const long value = value_at(reading, at);
  if (value >= 1 && value <= 12) return static_cast<int>(value);
  return month_number(lower_at(reading, at));
}

bool as_date(const Reading& reading, const SayAs& how, Match& match) {
  const std::string format =
      how.format.empty() ? (reading.conventions.british ? "dmy" : "mdy") : lower_case(how.format);
  std::vector<std::size_t> fields = date_fields(reading);
  std::string_view order = format;
  const bool iso = fields.size() == 3 && reading.pieces.text(fields[0]).size() == 4;
  if (how.format.empty() && iso) order = "ymd";
  if (how.format.empty() && fields.size() == 3 && value_at(reading, fields[0]) > 12) order = "dmy";
  if (fields.size() != order.size()) return false;
  int month = 0;
  std::string day;
  std::string_view year_digits;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const std::string_view text = reading.pieces.text(fields[i]);
    if (order[i] == 'm') month = month_at(reading, fields[i]);
    if (order[i] == 'd') day = std::to_string(value_at(reading, fields[i]));
    if (order[i] == 'y') year_digits = text;
    if (order[i] == 'm' && month == 0) return false;
    if (order[i] == 'd' &&
        (value_at(reading, fields[i]) < 1 || value_at(reading, fields[i]) > 31)) {
      return false;
    }
    if (order[i] == 'y' && (!reading.pieces.is_digits(fields[i]) || text.size() > 4)) return false;
  }
  const bool day_first = order.find('d') < order.find('m');
  if (month != 0) {
    match.say(say_date(reading, day_first, month, day, year_digits));
  } else {
    match.say(day.empty() ? say_year(reading, year_digits) : ordinal(day, HundredAnd::kNever));
  }
  return match.finish(reading.pieces.size(), TokenClass::kDate, "say-as: date");
}

using Reader = bool (*)(const Reading&, const SayAs&, Match&);
struct Interpretation {
  std::string_view name;
  Reader read;
};
constexpr Interpretation kInterpretations[] = {{"cardinal", as_cardinal},
                                               {"number", as_cardinal},
                                               {"ordinal", as_ordinal},
                                               {"digits", as_digits},
                                               {"fraction", as_fraction},
                                               {"unit", as_measure},
                                               {"measure", as_measure},
                                               {"date", as_date},
                                               {"time", as_time},
                                               {"telephone", as_telephone},
                                               {"characters", as_characters},
                                               {"spell-out", as_characters},
                                               {"verbatim", as_characters},
                                               {"expletive", as_expletive},
                                               {"bleep", as_expletive},
                                               {"address", as_address},
                                               {"currency", as_currency},
                                               {"money", as_currency},
                                               {"name", as_name}};

constexpr std::array<std::string_view, 11> kDateFormats = {"mdy", "dmy", "ymd", "md", "dm", "ym",
                                                           "my",  "y",   "m",   "d",  ""};

Error unknown_interpretation(const SayAs& how) {
  std::string known;
  for (const Interpretation& entry : kInterpretations) {
    if (!known.empty()) known += ", ";
    known += entry.name;
  }
  return make_error(ErrorCode::kUnsupported, "say-as cannot interpret text as '", how.interpret_as,
                    "'; it knows ", known);
}

const Interpretation* find_interpretation(const SayAs& how) {
  std::string name = lower_case(how.interpret_as);
  if (name == "number" && !how.format.empty()) name = lower_case(how.format);
  for (const Interpretation& entry : kInterpretations) {
    if (entry.name == name) return &entry;
  }
  return nullptr;
}

}  // namespace

Result<bool> interpret(const Reading& reading, const SayAs& how, Match& match) {
  const Interpretation* found = find_interpretation(how);
  if (found == nullptr) return unknown_interpretation(how);
  const bool known_format =
      found->read != as_date || std::find(kDateFormats.begin(), kDateFormats.end(),
                                          lower_case(how.format)) != kDateFormats.end();
  if (!known_format) {
    return make_error(ErrorCode::kUnsupported, "say-as has no date format '", how.format,
                      "'; it knows mdy, dmy, ymd, md, dm, ym, my, y, m and d");
  }
  match.start(0);
  return found->read(reading, how, match);
}

}  // namespace syrinx::text::en
