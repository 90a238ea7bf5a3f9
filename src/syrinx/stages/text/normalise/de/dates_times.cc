// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/normalise/de/number_words.h"
#include "syrinx/stages/text/normalise/de/reading.h"
#include "syrinx/stages/text/normalise/de/tables.h"

namespace syrinx::text::de {
namespace {

bool is_day(long value) { return value >= 1 && value <= 31; }
bool is_month(long value) { return value >= 1 && value <= 12; }

std::string plain(long value) { return std::to_string(value); }

std::string day_words(const Reading& reading, std::size_t at, long day) {
  return ordinal(plain(day), takes_weak_ending(reading, at) ? "n" : "r");
}

bool is_year(const Reading& reading, std::size_t at) {
  return reading.pieces.is_digits(at) && reading.pieces.text(at).size() == 4;
}

// "2003-03-02".
bool match_iso(const Reading& reading, std::size_t at, Match& match) {
  const Pieces& p = reading.pieces;
  if (!is_year(reading, at) || !p.glued_symbol(at + 1, U'-') || !p.glued_digits(at + 2) ||
      !p.glued_symbol(at + 3, U'-') || !p.glued_digits(at + 4))
    return false;
  const long month_number = value_at(reading, at + 2);
  const long day = value_at(reading, at + 4);
  if (!is_month(month_number) || !is_day(day)) return false;
  match.say(day_words(reading, at, day) + " " + std::string(month(static_cast<int>(month_number))) +
            " " + year(p.text(at)));
  return match.finish(at + 5, TokenClass::kDate, "date: year-month-day");
}

// "2.3.2003", "2.3.", "02.03".
bool match_numeric(const Reading& reading, std::size_t at, Match& match) {
  const Pieces& p = reading.pieces;
  const long day = value_at(reading, at);
  const long month_number = value_at(reading, at + 2);
  if (!is_day(day) || !p.glued_symbol(at + 1, U'.') || !p.glued_digits(at + 2) ||
      !is_month(month_number) || p.text(at + 2).size() > 2)
    return false;
  if (lower_at(reading, at + 3) == "uhr") return false;  // "2.30 Uhr".
  std::string words =
      day_words(reading, at, day) + " " + std::string(month(static_cast<int>(month_number)));
  std::size_t end = at + 3;
  if (p.glued_symbol(end, U'.') && p.glued_digits(end + 1)) {
    if (p.text(end + 1).size() != 4 && p.text(end + 1).size() != 2) return false;
    words +=
        " " + (p.text(end + 1).size() == 4 ? year(p.text(end + 1)) : cardinal(p.text(end + 1)));
    end += 2;
  } else if (p.glued_symbol(end, U'.') && p.is_letters(end + 1)) {
    ++end;  // The stop of "am 2.3. in Bonn".
  }
  match.say(std::move(words));
  return match.finish(end, TokenClass::kDate, "date: day.month.year");
}

// "24. Juli 2013", "2. mär. 2003".
bool match_named(const Reading& reading, std::size_t at, Match& match) {
  const Pieces& p = reading.pieces;
  const long day = value_at(reading, at);
  if (!is_day(day) || !p.glued_symbol(at + 1, U'.')) return false;
  const std::string_view name = month(lower_at(reading, at + 2));
  if (name.empty()) return false;
  std::string words = day_words(reading, at, day) + " " + std::string(name);
  std::size_t end = at + 3;
  const bool stop = p.glued_symbol(end, U'.') && p.text(at + 2).size() <= 4;
  if (stop && is_year(reading, end + 1)) ++end;
  if (is_year(reading, end)) words += " " + year(p.text(end++));
  match.say(std::move(words));
  return match.finish(end, TokenClass::kDate, "date: day and month");
}

// "Juli 2013", "im Jahr 1998", "seit 1998".
bool match_year(const Reading& reading, std::size_t at, Match& match) {
  const Pieces& p = reading.pieces;
  if (!is_year(reading, at) || at == 0 || p.glued_letters(at + 1) || p.glued_symbol(at + 1, U','))
    return false;
  const std::string before = lower_at(reading, at - 1);
  const bool named = !month(before).empty() || before == "jahr" || before == "jahre" ||
                     before == "jahres" || before == "seit" || before == "anno";
  const long value = value_at(reading, at);
  const bool likely = (before == "in" || before == "von" || before == "bis" || before == "ab" ||
                       before == "um" || before == "nach" || before == "vor") &&
                      value >= 1100 && value <= 1999;
  if (!named && !likely) return false;
  match.say(year(p.text(at)));
  return match.finish(at + 1, TokenClass::kDate, "date: year");
}

struct Clock {
  long hour = -1;
  long minute = 0;
  long second = -1;
  std::size_t end = 0;
};

// "08:07", "2.30" and "02:02:23"; a stop parts hours and minutes only before "Uhr".
Clock read_clock(const Reading& reading, std::size_t at) {
  const Pieces& p = reading.pieces;
  Clock clock;
  const long hour = value_at(reading, at);
  if (hour < 0 || hour > 24 || p.text(at).size() > 2) return clock;
  const bool colon = p.glued_symbol(at + 1, U':');
  const bool stop = p.glued_symbol(at + 1, U'.');
  if ((!colon && !stop) || !p.glued_digits(at + 2) || p.text(at + 2).size() != 2) return clock;
  clock.minute = value_at(reading, at + 2);
  if (clock.minute > 59) return clock;
  clock.end = at + 3;
  if (colon && p.glued_symbol(at + 3, U':') && p.glued_digits(at + 4)) {
    clock.second = value_at(reading, at + 4);
    clock.end = at + 5;
  }
  if (stop && lower_at(reading, clock.end) != "uhr") return clock;
  clock.hour = hour;
  return clock;
}

}  // namespace

bool match_date(const Reading& reading, std::size_t at, Match& match) {
  if (!reading.pieces.is_digits(at) || !begins_word(reading, at)) return false;
  return match_iso(reading, at, match) || match_named(reading, at, match) ||
         match_numeric(reading, at, match) || match_year(reading, at, match);
}

bool match_time(const Reading& reading, std::size_t at, Match& match) {
  if (!reading.pieces.is_digits(at) || !begins_word(reading, at)) return false;
  Clock clock = read_clock(reading, at);
  const bool bare = clock.hour < 0 && lower_at(reading, at + 1) == "uhr" &&
                    value_at(reading, at) >= 0 && value_at(reading, at) <= 24;
  if (bare) clock = {value_at(reading, at), 0, -1, at + 1};
  if (clock.hour < 0) return false;
  std::string words = counting(plain(clock.hour), false) + " uhr";
  if (clock.second >= 0) {
    words +=
        " " + counting(plain(clock.minute), true) + (clock.minute == 1 ? " minute" : " minuten");
    words +=
        " " + counting(plain(clock.second), true) + (clock.second == 1 ? " sekunde" : " sekunden");
  } else if (clock.minute > 0) {
    words += " " + cardinal(plain(clock.minute));
  }
  if (lower_at(reading, clock.end) == "uhr") ++clock.end;
  match.say(std::move(words));
  return match.finish(clock.end, TokenClass::kTime, "time: hours and minutes");
}

}  // namespace syrinx::text::de
