// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/normalise/en/times.h"

#include <algorithm>
#include <array>

namespace syrinx::text::en {
namespace {

constexpr std::array<std::string_view, 28> kZones = {
    "est",  "edt",  "cst",  "cdt", "mst", "mdt", "pst", "pdt", "gmt",  "utc",
    "bst",  "cet",  "cest", "eet", "ist", "jst", "kst", "hst", "akst", "aest",
    "aedt", "awst", "nzst", "msk", "et",  "pt",  "ct",  "mt"};

// One time as it is written.
struct Clock {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t clock_end = 0;  // The piece after the digits.
  int hours = 0;
  std::string_view minutes;  // "" where none were written.
  std::string_view seconds;
  std::string half_day;  // "AM", "PM" or "".
};

// "pm", "P.M.", "a. m" at `at`: fills the half of the day and returns the piece after it, or 0.
std::size_t read_half_day(const Reading& reading, std::size_t at, std::string& half_day) {
  const Pieces& pieces = reading.pieces;
  const std::string word = lower_at(reading, at);
  if (word == "am" || word == "pm") {
    half_day = word == "am" ? "AM" : "PM";
    return at + 1;
  }
  if ((word != "a" && word != "p") || !pieces.glued_symbol(at + 1, '.')) return 0;
  if (lower_at(reading, at + 2) != "m") return 0;
  half_day = word == "a" ? "AM" : "PM";
  const bool dot = pieces.glued_symbol(at + 3, '.') && at + 4 < pieces.size();
  return dot ? at + 4 : at + 3;
}

bool is_sixty(std::string_view digits) { return digits.size() == 2 && digits.front() <= '5'; }

// The half of the day after the digits.
void read_tail(const Reading& reading, Clock& clock) {
  const auto end = read_half_day(reading, clock.end, clock.half_day);
  if (end == 0) return;
  const bool fits = !reading.pieces[clock.end].space_before || clock.hours <= 12;
  if (fits && (ends_word(reading, end) || reading.pieces[end - 1].code == '.')) {
    clock.end = end;
  } else {
    clock.half_day.clear();
  }
}

std::optional<Clock> read_clock(const Reading& reading, std::size_t at) {
  const Pieces& pieces = reading.pieces;
  const long hours = value_at(reading, at);
  if (hours < 0 || hours > 24 || pieces.text(at).size() > 2) return std::nullopt;
  Clock clock;
  clock.begin = at;
  clock.end = at + 1;
  clock.hours = static_cast<int>(hours);
  const bool colon = pieces.glued_symbol(at + 1, ':');
  const bool dot = pieces.glued_symbol(at + 1, '.');
  if ((colon || dot) && pieces.glued_digits(at + 2) && is_sixty(pieces.text(at + 2))) {
    clock.minutes = pieces.text(at + 2);
    clock.end = at + 3;
    if (colon && pieces.glued_symbol(at + 3, ':') && pieces.glued_digits(at + 4) &&
        is_sixty(pieces.text(at + 4))) {
      clock.seconds = pieces.text(at + 4);
      clock.end = at + 5;
    }
  }
  clock.clock_end = clock.end;
  const bool more =
      pieces.glued(clock.end) && pieces.glued_digits(clock.end + 1) &&
      (pieces.is(clock.end, ':') || pieces.is(clock.end, '.') || pieces.is(clock.end, '/'));
  if (more) return std::nullopt;
  read_tail(reading, clock);
  const bool needs_half = clock.minutes.empty() || dot;
  if (needs_half && clock.half_day.empty()) return std::nullopt;
  if (!clock.half_day.empty() && (clock.hours < 1 || clock.hours > 23)) return std::nullopt;
  return clock;
}

// A zone at `at` that small letters do not make doubtful.
bool is_zone(const Reading& reading, std::size_t at) {
  const std::string word = lower_at(reading, at);
  if (std::find(kZones.begin(), kZones.end(), word) == kZones.end()) return false;
  return ends_word(reading, at + 1) &&
         (word.size() > 2 || reading.pieces[at].letter_case == LetterCase::kUpper);
}

std::string counted(std::string_view digits, std::string_view noun) {
  const std::string number = cardinal(digits, HundredAnd::kNever);
  return number + " " + std::string(noun) + (number == "one" ? "" : "s");
}

// "14:10:30": a duration, or a time to the second.
std::string say_seconds(const Clock& clock) {
  std::string out = counted(std::to_string(clock.hours), "hour");
  if (clock.minutes != "00") out += " " + counted(clock.minutes, "minute");
  if (clock.seconds != "00") out += " and " + counted(clock.seconds, "second");
  return out;
}

void say_time(const Reading& reading, const Clock& clock, Match& match) {
  const bool half = !clock.half_day.empty();
  match.say(clock.seconds.empty() ? say_clock(reading, clock.hours, clock.minutes, half)
                                  : say_seconds(clock),
            clock.begin, clock.clock_end);
  if (half) match.spell(clock.half_day, clock.clock_end, clock.end);
}

// "9-11am": hours that the second time's half of the day completes.
std::optional<Clock> read_open_clock(const Reading& reading, std::size_t at) {
  const long hours = value_at(reading, at);
  if (hours < 1 || hours > 12 || reading.pieces.text(at).size() > 2) return std::nullopt;
  Clock clock;
  clock.begin = at;
  clock.clock_end = clock.end = at + 1;
  clock.hours = static_cast<int>(hours);
  return clock;
}

}  // namespace

std::string say_clock(const Reading& reading, int hours, std::string_view minutes, bool half_day) {
  std::string out = cardinal(hours, HundredAnd::kNever);
  if (minutes.empty()) return out;
  if (minutes == "00") return half_day ? out : out + " o'clock";
  if (minutes.front() == '0') {
    out += " ";
    out += reading.conventions.zero_in_year;
    minutes.remove_prefix(1);
  }
  return out + " " + cardinal(minutes, HundredAnd::kNever);
}

bool time_rule(const Reading& reading, std::size_t at, Match& match) {
  if (!begins_word(reading, at)) return false;
  auto first = read_clock(reading, at);
  const bool complete = first.has_value();
  if (!first) first = read_open_clock(reading, at);
  if (!first) return false;
  if (const auto next = range_dash(reading, first->end)) {
    const auto second = read_clock(reading, *next);
    if (second && (complete || !second->half_day.empty())) {
      say_time(reading, *first, match);
      match.say("to", first->end, *next);
      say_time(reading, *second, match);
      return match.finish(second->end, TokenClass::kTime, "time: from one to another");
    }
  }
  const bool zone = is_zone(reading, first->end);
  if (!complete || !(zone || ends_word(reading, first->end))) return false;
  say_time(reading, *first, match);
  return match.finish(first->end, TokenClass::kTime,
                      first->seconds.empty() ? "time: hours and minutes" : "time: to the second");
}

bool zone_rule(const Reading& reading, std::size_t at, Match& match) {
  if (at < 2 || reading.pieces.text(at).size() > 4 || !is_zone(reading, at)) return false;
  const std::size_t before = at - (reading.pieces.is(at - 1, '.') ? 2U : 1U);
  const std::string half = lower_at(reading, before);
  const bool after_half = half == "am" || half == "pm" || half == "m";
  if (!after_half && !reading.pieces.is_digits(at - 1)) return false;
  std::string zone = lower_at(reading, at);
  for (char& c : zone) c = static_cast<char>(c - 32);
  match.spell(zone);
  return match.finish(at + 1, TokenClass::kTime, "time: zone");
}

}  // namespace syrinx::text::en
