// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace syrinx::text::en {

// Habits in which readers of English differ. Ordinary American writing has "two hundred and five"
// with "and" once, before the last group's tens; corpora, as their readers read them, have none;
// British has it in every group.
enum class HundredAnd { kNever, kLastGroup, kAlways };

struct Conventions {
  bool british = false;
  bool spaced = false;  // Corpus style: white space around punctuation.
  HundredAnd hundred_and = HundredAnd::kLastGroup;
  std::string_view zero_in_year = "oh";  // "nineteen oh five".
  std::string_view zero_digit = "zero";  // In strings of digits.
  bool long_numbers_as_digits = true;    // "13000" alone: "one three zero zero zero".
  bool number_ranges = false;            // "2 - 5" without a unit: "two to five".
  bool iso_date_day_first = false;       // "2008-09-30": "the thirtieth of september".
};

constexpr Conventions conventions(bool british, bool spaced) {
  Conventions c;
  c.british = british;
  c.spaced = spaced;
  c.hundred_and = british ? HundredAnd::kAlways : HundredAnd::kLastGroup;
  c.iso_date_day_first = british;
  if (spaced) {
    if (!british) c.hundred_and = HundredAnd::kNever;
    c.zero_in_year = "o";
    c.zero_digit = "o";
    c.long_numbers_as_digits = false;
    c.number_ranges = true;
    c.iso_date_day_first = true;
  }
  return c;
}

}  // namespace syrinx::text::en
