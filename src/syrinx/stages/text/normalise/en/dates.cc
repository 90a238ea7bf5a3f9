// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/normalise/en/dates.h"

#include <algorithm>
#include <array>

namespace syrinx::text::en {
namespace {

constexpr std::array<std::string_view, 12> kMonths = {
    "january", "february", "march",     "april",   "may",      "june",
    "july",    "august",   "september", "october", "november", "december"};
constexpr std::array<std::string_view, 7> kWeekdays = {
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};

bool is_year_value(long value) { return value >= 1000 && value <= 2999; }

// A four-digit year at `at`, with nothing glued after it that makes it another thing.
bool is_year_at(const Reading& reading, std::size_t at) {
  const Pieces& pieces = reading.pieces;
  if (!pieces.is_digits(at) || pieces.text(at).size() != 4) return false;
  if (!is_year_value(value_at(reading, at)) || pieces.glued_letters(at + 1)) return false;
  const bool more = pieces.glued(at + 1) && pieces.glued_digits(at + 2) &&
                    (pieces.is(at + 1, '.') || pieces.is(at + 1, ','));
  return !more;
}

// A day of the month at `at` and the piece after it; 0 if there is none.
struct Day {
  std::string digits;
  std::size_t end = 0;
};
Day read_day(const Reading& reading, std::size_t at) {
  const Pieces& pieces = reading.pieces;
  const long value = value_at(reading, at);
  if (value < 1 || value > 31 || pieces.text(at).size() > 2) return {};
  std::size_t end = at + 1;
  if (pieces.glued_letters(end)) {
    if (!fits_ordinal(pieces.text(at), lower_at(reading, end))) return {};
    ++end;
  }
  return {std::to_string(value), end};
}

// Whether the day that ends at `end` is really the start of a time, a decimal or a percentage.
bool is_other_number(const Reading& reading, std::size_t end) {
  const Pieces& pieces = reading.pieces;
  if (pieces.is(end, '%')) return true;
  if (!pieces.glued(end)) return false;
  if (pieces.is(end, ':') || pieces.is(end, '/') || pieces.is(end, '\'')) return true;
  return pieces.glued_digits(end + 1) && (pieces.is(end, '.') || pieces.is(end, ','));
}

// A year after an optional comma at `at`: its piece, or 0.
std::size_t year_after(const Reading& reading, std::size_t at) {
  const std::size_t comma = reading.pieces.is(at, ',') ? 1 : 0;
  return is_year_at(reading, at + comma) ? at + comma : 0;
}

// Words that are months only where a number or a capital says so.
bool is_doubtful_month(std::string_view lower) {
  return lower == "may" || lower == "march" || lower == "mar" || lower == "dec" || lower == "jan" ||
         lower == "august";
}

bool is_abbreviated(std::string_view lower, int month) {
  return month > 0 && lower.size() < kMonths[static_cast<std::size_t>(month - 1)].size();
}

// The month at `at` and the piece past it and its period.
struct Month {
  int number = 0;
  bool doubtful = false;
  bool abbreviated = false;
  std::size_t end = 0;
};
Month read_month(const Reading& reading, std::size_t at) {
  const Pieces& pieces = reading.pieces;
  if (!pieces.is_letters(at) || pieces.text(at).size() > 9) return {};
  const std::string lower = lower_at(reading, at);
  Month month{month_number(lower), false, false, at + 1};
  if (month.number == 0) return {};
  month.abbreviated = is_abbreviated(lower, month.number);
  month.doubtful = is_doubtful_month(lower) && pieces[at].letter_case == LetterCase::kLower;
  if (month.abbreviated && pieces.is(month.end, '.') &&
      (pieces.glued(month.end) || reading.conventions.spaced)) {
    ++month.end;
  }
  return month;
}

std::string say_ordinal_day(std::string_view day) { return ordinal(day, HundredAnd::kNever); }

// "Jul 5-7": the last day of a range, its end, or nothing.
Day range_day(const Reading& reading, const Day& first) {
  const auto next = range_dash(reading, first.end);
  if (!next) return {};
  Day last = read_day(reading, *next);
  if (last.end == 0 || is_other_number(reading, last.end)) return {};
  return std::stol(last.digits) > std::stol(first.digits) ? last : Day{};
}

// "Jan-15-2020".
bool hyphenated_date(const Reading& reading, const Month& month, Match& match) {
  const Pieces& pieces = reading.pieces;
  if (!pieces.glued_symbol(month.end, '-')) return false;
  const Day day = read_day(reading, month.end + 1);
  if (day.end == 0 || !pieces.glued_symbol(day.end, '-')) return false;
  if (!is_year_at(reading, day.end + 1)) return false;
  match.say(say_date(reading, false, month.number, day.digits, pieces.text(day.end + 1)));
  return match.finish(day.end + 2, TokenClass::kDate, "date: month, day, year");
}

bool month_and_day(const Reading& reading, const Month& month, const Day& first, Match& match) {
  const Pieces& pieces = reading.pieces;
  const Day last = range_day(reading, first);
  const std::size_t end = last.end != 0 ? last.end : first.end;
  std::string said = say_date(reading, reading.conventions.british, month.number, first.digits, "");
  if (last.end != 0) {
    said = std::string(month_name(month.number)) + " " + say_ordinal_day(first.digits) + " to " +
           say_ordinal_day(last.digits);
  }
  match.say(said, match.begin(), end);
  if (const std::size_t year_at = year_after(reading, end); year_at != 0) {
    match.say(say_year(reading, pieces.text(year_at)), year_at, year_at + 1);
    return match.finish(year_at + 1, TokenClass::kDate, "date: month, day, year");
  }
  return match.finish(end, TokenClass::kDate, "date: month and day");
}

// "January - March".
bool month_range(const Reading& reading, std::size_t at, const Month& month, Match& match) {
  const auto next = range_dash(reading, month.end);
  if (!next || month.doubtful) return false;
  const Month last = read_month(reading, *next);
  if (last.number == 0 || last.doubtful) return false;
  match.say(std::string(month_name(month.number)), at, month.end);
  match.say("to", month.end, *next);
  match.say(std::string(month_name(last.number)), *next, last.end);
  return match.finish(last.end, TokenClass::kRange, "range: months");
}

// "Sept." and "Oct" where nothing is counted.
bool month_alone(const Reading& reading, std::size_t at, const Month& month, Match& match) {
  const bool dotted = month.end == at + 2 && reading.pieces.glued(at + 1);
  const bool capital = reading.pieces[at].letter_case != LetterCase::kLower;
  if (!month.abbreviated || !dotted || !capital) return false;
  match.say(std::string(month_name(month.number)));
  const bool period_stays = month.end == reading.pieces.size();
  return match.finish(period_stays ? at + 1 : month.end, TokenClass::kDate, "date: month");
}

const std::array<std::string_view, 8> kCountedAfterYear = {"people",   "dollars", "men",   "women",
                                                           "children", "times",   "miles", "words"};

bool counts_things(const Reading& reading, std::size_t at) {
  const std::string word = lower_at(reading, at);
  return std::find(kCountedAfterYear.begin(), kCountedAfterYear.end(), word) !=
         kCountedAfterYear.end();
}

}  // namespace

int month_number(std::string_view lower) {
  if (lower.size() < 3 || lower.size() > 9) return 0;
  for (std::size_t i = 0; i < kMonths.size(); ++i) {
    if (lower == kMonths[i] || (lower.size() == 3 && lower == kMonths[i].substr(0, 3))) {
      return static_cast<int>(i) + 1;
    }
  }
  return lower == "sept" ? 9 : 0;
}

std::string_view month_name(int month) { return kMonths[static_cast<std::size_t>(month - 1)]; }

std::string_view weekday_name(std::string_view lower) {
  if (lower.size() < 3 || lower.size() > 9) return {};
  for (const std::string_view day : kWeekdays) {
    if (lower == day || lower == day.substr(0, 3)) return day;
  }
  if (lower == "tues") return "tuesday";
  if (lower == "thur" || lower == "thurs") return "thursday";
  return lower == "weds" ? "wednesday" : std::string_view{};
}

std::string say_year(const Reading& reading, std::string_view digits) {
  return year(digits, reading.conventions.zero_in_year,
              reading.conventions.british ? HundredAnd::kAlways : HundredAnd::kNever);
}

std::string say_date(const Reading& reading, bool day_first, int month, std::string_view day,
                     std::string_view year_digits) {
  std::string out;
  if (day.empty()) {
    out = month_name(month);
  } else if (day_first) {
    out = "the " + say_ordinal_day(day) + " of " + std::string(month_name(month));
  } else {
    out = std::string(month_name(month)) + " " + say_ordinal_day(day);
  }
  if (!year_digits.empty()) out += " " + say_year(reading, year_digits);
  return out;
}

bool date_month_first(const Reading& reading, std::size_t at, Match& match) {
  const Month month = read_month(reading, at);
  if (month.number == 0 || !begins_word(reading, at)) return false;
  if (hyphenated_date(reading, month, match)) return true;
  const Pieces& pieces = reading.pieces;
  const bool glued_number = pieces.glued(month.end) && month.end == at + 1;
  const Day day = glued_number ? Day{} : read_day(reading, month.end);
  if (day.end != 0 && !is_other_number(reading, day.end)) {
    return month_and_day(reading, month, day, match);
  }
  const std::size_t year_at =
      glued_number && !pieces.is(month.end, ',') ? 0 : year_after(reading, month.end);
  if (year_at != 0 && !is_other_number(reading, year_at + 1)) {
    match.say(std::string(month_name(month.number)), at, at + 1);
    match.say(say_year(reading, pieces.text(year_at)), year_at, year_at + 1);
    return match.finish(year_at + 1, TokenClass::kDate, "date: month and year");
  }
  return month_range(reading, at, month, match) || month_alone(reading, at, month, match);
}

bool date_day_first(const Reading& reading, std::size_t at, Match& match) {
  const Pieces& pieces = reading.pieces;
  if (!begins_word(reading, at)) return false;
  const Day day = read_day(reading, at);
  if (day.end == 0) return false;
  const Day last = range_day(reading, day);
  std::size_t after = last.end != 0 ? last.end : day.end;
  const bool has_of = lower_at(reading, after) == "of";
  if (has_of || pieces.glued_symbol(after, '-')) ++after;
  const Month month = read_month(reading, after);
  if (month.number == 0) return false;
  const bool hyphen = pieces.glued(after);
  const std::size_t year_at = pieces.glued_symbol(month.end, '-') && hyphen
                                  ? (is_year_at(reading, month.end + 1) ? month.end + 1 : 0)
                                  : year_after(reading, month.end);
  if (month.doubtful && year_at == 0 && !has_of && !ends_word(reading, month.end)) return false;
  if (month.doubtful && year_at == 0 && pieces.is_letters(month.end)) return false;
  const bool has_the = lower_at(reading, at - 1) == "the";
  std::string said = say_ordinal_day(day.digits);
  if (last.end != 0) said += " to the " + say_ordinal_day(last.digits);
  said += " of " + std::string(month_name(month.number));
  match.say(has_the ? said : "the " + said, at, month.end);
  if (year_at == 0) return match.finish(month.end, TokenClass::kDate, "date: day and month");
  match.say(say_year(reading, pieces.text(year_at)), year_at, year_at + 1);
  return match.finish(year_at + 1, TokenClass::kDate, "date: day, month, year");
}

namespace {

// Three numbers joined by the same '-', '/' or '.'.
struct Triple {
  std::array<std::string_view, 3> digits;
  char32_t mark = 0;
};
std::optional<Triple> read_triple(const Reading& reading, std::size_t at) {
  const Pieces& pieces = reading.pieces;
  if (!pieces.glued_digits(at + 2) || !pieces.glued_digits(at + 4)) return std::nullopt;
  const char32_t mark = pieces[at + 1].code;
  if (mark != '-' && mark != '/' && mark != '.') return std::nullopt;
  if (!pieces.glued_symbol(at + 1, mark) || !pieces.glued_symbol(at + 3, mark)) return std::nullopt;
  if (pieces.glued_symbol(at + 5, mark) && pieces.glued_digits(at + 6)) return std::nullopt;
  if (pieces.glued_letters(at + 5)) return std::nullopt;
  return Triple{{pieces.text(at), pieces.text(at + 2), pieces.text(at + 4)}, mark};
}

int small_value(std::string_view digits) {
  int value = 0;
  for (const char c : digits.substr(0, 4)) value = value * 10 + (c - '0');
  return value;
}

bool is_month(std::string_view digits) {
  return digits.size() <= 2 && small_value(digits) >= 1 && small_value(digits) <= 12;
}
bool is_day(std::string_view digits) {
  return digits.size() <= 2 && small_value(digits) >= 1 && small_value(digits) <= 31;
}
bool is_full_year(std::string_view digits) {
  return digits.size() == 4 && is_year_value(small_value(digits));
}

bool say_numeric(const Reading& reading, bool day_first, std::string_view month,
                 std::string_view day, std::string_view year_digits, std::string_view why,
                 std::size_t at, Match& match) {
  std::string said =
      say_date(reading, day_first, small_value(month), std::to_string(small_value(day)), "");
  const bool has_the = day_first && lower_at(reading, at - 1) == "the";
  if (has_the) said.erase(0, 4);
  if (year_digits.size() == 2) {
    const bool early = year_digits.front() == '0';
    said += early ? " " + digit_words(year_digits, reading.conventions.zero_in_year)
                  : " " + cardinal(year_digits, HundredAnd::kNever);
  } else {
    said += " " + say_year(reading, year_digits);
  }
  match.say(said);
  return match.finish(at + 5, TokenClass::kDate, why);
}

}  // namespace

bool date_in_numbers(const Reading& reading, std::size_t at, Match& match) {
  const auto triple = read_triple(reading, at);
  if (!triple || !begins_word(reading, at)) return false;
  const auto& [first, second, third] = triple->digits;
  if (is_full_year(first)) {
    if (!is_month(second) || !is_day(third)) return false;
    return say_numeric(reading, reading.conventions.iso_date_day_first, second, third, first,
                       "date: year, month, day", at, match);
  }
  const bool short_year = third.size() == 2 && triple->mark == '/';
  if (!is_full_year(third) && !short_year) return false;
  const bool month_first = is_month(first) && is_day(second);
  const bool day_first = is_day(first) && is_month(second);
  if (reading.conventions.british ? day_first : day_first && !month_first) {
    return say_numeric(
        reading, true, second, first, third,
        month_first ? "date: day first (GB)" : "date: day first, as no month is above 12", at,
        match);
  }
  if (!month_first) return false;
  return say_numeric(
      reading, false, first, second, third,
      day_first ? "date: month first (US)" : "date: month first, as no month is above 12", at,
      match);
}

bool date_after_word(const Reading& reading, std::size_t at, Match& match) {
  static constexpr std::array<std::string_view, 7> kCues = {"on",     "by",    "until", "since",
                                                            "before", "after", "due"};
  const Pieces& pieces = reading.pieces;
  if (at == 0 || !begins_word(reading, at) || !pieces.glued_symbol(at + 1, '/')) return false;
  if (!pieces.glued_digits(at + 2) || !ends_word(reading, at + 3)) return false;
  if (pieces.glued_symbol(at + 3, '/')) return false;
  const std::string before = lower_at(reading, at - 1);
  const bool cue =
      std::find(kCues.begin(), kCues.end(), before) != kCues.end() || !weekday_name(before).empty();
  const bool british = reading.conventions.british;
  const std::string_view month = pieces.text(british ? at + 2 : at);
  const std::string_view day = pieces.text(british ? at : at + 2);
  if (!cue || !is_month(month) || !is_day(day)) return false;
  match.say(say_date(reading, british, small_value(month), std::to_string(small_value(day)), ""));
  return match.finish(at + 3, TokenClass::kDate, "date: month and day after its word");
}

namespace {

// "Mon-Fri".
bool weekday_range(const Reading& reading, std::size_t at, std::string_view first, Match& match) {
  const auto next = range_dash(reading, at + 1);
  if (!next) return false;
  const std::string_view last = weekday_name(lower_at(reading, *next));
  if (last.empty()) return false;
  match.say(std::string(first), at, at + 1);
  match.say("to", at + 1, *next);
  match.say(std::string(last), *next, *next + 1);
  return match.finish(*next + 1, TokenClass::kRange, "range: days of the week");
}

}  // namespace

bool weekday(const Reading& reading, std::size_t at, Match& match) {
  const Pieces& pieces = reading.pieces;
  if (pieces[at].letter_case == LetterCase::kLower || pieces.text(at).size() > 9) return false;
  const std::string lower = lower_at(reading, at);
  const std::string_view name = weekday_name(lower);
  if (name.empty()) return false;
  if (weekday_range(reading, at, name, match)) return true;
  if (pieces.text(at).size() > 5) return false;
  const bool dotted = pieces.glued_symbol(at + 1, '.');
  std::size_t next = at + (dotted ? 2U : 1U);
  const std::size_t end = next;
  if (pieces.is(next, ',')) ++next;
  const bool date_follows =
      month_number(lower_at(reading, next)) != 0 ||
      (pieces.is_digits(next) && month_number(lower_at(reading, next + 1)) != 0);
  const bool clear = lower != "sun" && lower != "sat" && lower != "wed" && lower != "mon";
  if (!date_follows && !(dotted && clear)) return false;
  match.say(std::string(name));
  return match.finish(end, TokenClass::kDate, "date: day of the week");
}

namespace {

// "AD", "B.C.", "C E" at `at`: the piece past it and its letters.
struct Era {
  std::string letters;
  std::size_t end = 0;
};
Era read_era(const Reading& reading, std::size_t at) {
  const Pieces& pieces = reading.pieces;
  std::string letters;
  std::size_t end = at;
  while (letters.size() < 3 && pieces.is_letters(end) &&
         pieces[end].letter_case != LetterCase::kLower) {
    const std::string_view part = pieces.text(end);
    if (end > at && (pieces[end].space_before || part.size() > 1)) break;
    letters += part;
    ++end;
    if (part.size() > 1) break;
    if (pieces.glued_symbol(end, '.')) ++end;
  }
  const bool known = letters == "AD" || letters == "BC" || letters == "CE" || letters == "BCE";
  if (!known) return {};
  const bool sentence_end = pieces.is(end - 1, '.') && end == pieces.size();
  return {letters, sentence_end && letters.size() > 0 ? end : end};
}

}  // namespace

bool era(const Reading& reading, std::size_t at, Match& match) {
  const Pieces& pieces = reading.pieces;
  if (pieces.is_letters(at)) {
    const Era before = read_era(reading, at);
    if (before.letters != "AD" || !pieces.is_digits(before.end)) return false;
    if (pieces.text(before.end).size() > 4 || pieces.glued(before.end + 1)) return false;
    match.spell("AD", at, before.end);
    match.say(say_year(reading, pieces.text(before.end)), before.end, before.end + 1);
    return match.finish(before.end + 1, TokenClass::kDate, "date: era before the year");
  }
  if (!begins_word(reading, at)) return false;
  const auto number = read_number(reading, at);
  if (!number || number->point || number->whole.size() > 6) return false;
  const Era after = read_era(reading, number->end);
  if (after.end == 0) return false;
  match.say(number->grouped ? say(reading, *number) : say_year(reading, number->whole), at,
            number->end);
  match.spell(after.letters, number->end, after.end);
  return match.finish(after.end, TokenClass::kDate, "date: year with its era");
}

namespace {

// "'05": a year without its century.
bool short_year(const Reading& reading, std::size_t at, Match& match) {
  const std::string_view digits = reading.pieces.text(at + 1);
  if (!reading.pieces.glued_digits(at + 1) || digits.size() != 2) return false;
  if (!begins_word(reading, at) || !reading.pieces[at + 2].space_before) return false;
  match.say(digits.front() == '0' ? digit_words(digits, reading.conventions.zero_in_year)
                                  : cardinal(digits, HundredAnd::kNever));
  return match.finish(at + 2, TokenClass::kDate, "date: year without its century");
}

}  // namespace

bool decade_rule(const Reading& reading, std::size_t at, Match& match) {
  const Pieces& pieces = reading.pieces;
  const bool quote = pieces.is(at, '\'') || pieces.is(at, 0x2019);
  if (quote && short_year(reading, at, match)) return true;
  const std::size_t digits_at = at + (quote ? 1U : 0U);
  if (!pieces.is_digits(digits_at)) return false;
  const std::string_view digits = pieces.text(digits_at);
  const long value = value_at(reading, digits_at);
  const bool round = value % 10 == 0 && digits.size() == 2 && value >= 20;
  const bool century = digits.size() == 4 && is_year_value(value) && value % 10 == 0;
  if (!(round || century) || (quote && !round)) return false;
  std::size_t tail = digits_at + 1;
  const bool mark = pieces.is(tail, '\'') || pieces.is(tail, 0x2019);
  if (mark && (pieces.glued(tail) || reading.conventions.spaced)) ++tail;
  if (!pieces.glued_letters(tail) || lower_at(reading, tail) != "s") return false;
  if (!ends_word(reading, tail + 1)) return false;
  match.say(decade(digits, reading.conventions.zero_in_year, reading.conventions.hundred_and));
  return match.finish(tail + 1, TokenClass::kDate, "date: decade");
}

bool year_range(const Reading& reading, std::size_t at, Match& match) {
  const Pieces& pieces = reading.pieces;
  if (pieces.text(at).size() != 4 || !begins_word(reading, at)) return false;
  const long first = value_at(reading, at);
  if (!is_year_value(first) || first > 2100) return false;
  const auto next = range_dash(reading, at + 1);
  if (!next || !pieces.is_digits(*next) || !ends_word(reading, *next + 1)) return false;
  const std::string_view last = pieces.text(*next);
  const long value = value_at(reading, *next);
  const bool full = last.size() == 4 && value > first && value <= 2100;
  const bool brief = last.size() == 2 && value > first % 100;
  if (!full && !brief) return false;
  const bool other = pieces.glued(*next + 1) && pieces.glued_digits(*next + 2);
  if (other) return false;  // A date or a telephone number.
  const bool season =
      reading.conventions.spaced && (full ? value : first / 100 * 100 + value) == first + 1;
  match.say(say_year(reading, pieces.text(at)), at, at + 1);
  if (!season) match.say("to", at + 1, *next);
  match.say(full ? say_year(reading, last) : cardinal(value, HundredAnd::kNever), *next, *next + 1);
  return match.finish(*next + 1, TokenClass::kRange, "range: years");
}

bool year_rule(const Reading& reading, std::size_t at, Match& match) {
  const Pieces& pieces = reading.pieces;
  const std::string_view digits = pieces.text(at);
  if (digits.size() != 4 || !begins_word(reading, at)) return false;
  const long value = value_at(reading, at);
  if (value < 1000 || value > 2099 || !ends_word(reading, at + 1)) return false;
  if (!reading.conventions.spaced && counts_things(reading, at + 1)) return false;
  match.say(say_year(reading, digits));
  return match.finish(at + 1, TokenClass::kDate, "date: four digits from 1000 to 2099 are a year");
}

}  // namespace syrinx::text::en
