// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "syrinx/stages/text/normalise/en/conventions.h"
#include "syrinx/stages/text/normalise/en/number_words.h"
#include "syrinx/stages/text/normalise/match.h"
#include "syrinx/stages/text/normalise/pieces.h"

// What every rule of English works with: a sentence in pieces, and helpers that read small things.
namespace syrinx::text::en {

// A sentence that is being read.
struct Reading {
  const Pieces& pieces;
  Conventions conventions;
  bool all_caps = false;  // Most words are in capitals, so that capitals say nothing.
  bool alone = false;     // No word but this item: a list entry, a form field.
};

// Tries to take the pieces from `at` for its class: fills `match` and returns true, or returns
// false and leaves it in any state. Looks ahead a bounded number of pieces.
using Rule = bool (*)(const Reading& reading, std::size_t at, Match& match);

// "1,234.50" or ".5" as it is written.
struct Number {
  std::size_t end = 0;   // The piece after it.
  std::string whole;     // Without group marks; may be empty.
  std::string fraction;  // Digits after the point.
  bool point = false;
  bool grouped = false;

  bool is_one() const { return !point && whole == "1"; }
};

// The number that starts at `at`: digits with groups of three, a decimal point and digits glued.
std::optional<Number> read_number(const Reading& reading, std::size_t at);
// The number said as a cardinal or a decimal; a magnitude such as "million" may follow.
std::string say(const Reading& reading, const Number& number, std::string_view magnitude = {});
// Whether `at` is a hyphen or dash that means minus: glued to a number, nothing glued before it.
bool is_minus(const Reading& reading, std::size_t at);
// Whether `at` is a hyphen, an en dash or a minus sign.
bool is_dash(const Reading& reading, std::size_t at);
// Past a range's dash at `at` ("2-5", "2 - 5", "2–5"), or nothing.
std::optional<std::size_t> range_dash(const Reading& reading, std::size_t at);
// "million" at `at`, or the short "M", "bn", "k" glued before it; and the piece past it.
struct Magnitude {
  std::string_view word;
  std::size_t end = 0;
};
std::optional<Magnitude> read_magnitude(const Reading& reading, std::size_t at, bool short_forms);
// The value of a run of at most nine digits, or -1.
long value_at(const Reading& reading, std::size_t at);
// The word at `at` in lower case, "" if there are no letters.
std::string lower_at(const Reading& reading, std::size_t at);
// Whether a word ends before piece `end`: nothing but punctuation or white space follows.
bool ends_word(const Reading& reading, std::size_t end);
// Whether what stands in [at, end) qualifies the noun after it: "a $5 fee", "a 60 W bulb".
bool is_attributive(const Reading& reading, std::size_t at, std::size_t end);
// Whether `at` begins a run: white space or an opening mark is before it.
bool begins_word(const Reading& reading, std::size_t at);
// st, nd, rd or th as it fits the digits.
bool fits_ordinal(std::string_view digits, std::string_view suffix);
bool is_ordinal_suffix(std::string_view lower);

}  // namespace syrinx::text::en
