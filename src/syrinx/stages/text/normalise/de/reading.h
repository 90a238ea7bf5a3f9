// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "syrinx/stages/text/normalise/match.h"
#include "syrinx/stages/text/normalise/pieces.h"

// What every rule of German works with.
namespace syrinx::text::de {

struct Reading {
  const Pieces& pieces;
};

// Tries to take the pieces from `at` for its class: fills `match` and returns true, or returns
// false and leaves it in any state. Looks ahead a bounded number of pieces.
using Rule = bool (*)(const Reading& reading, std::size_t at, Match& match);

// "1.234,50" as it is written.
struct Number {
  std::size_t end = 0;   // The piece after it.
  std::string whole;     // Without group marks.
  std::string fraction;  // Digits after the comma.
  bool comma = false;
  bool negative = false;
};

// The number that starts at `at`: a minus, digits with groups of three behind full stops, a comma
// and digits glued.
std::optional<Number> read_number(const Reading& reading, std::size_t at);
std::string say(const Number& number);
// The same before a noun of that gender.
std::string say_counting(const Number& number, bool feminine);
// Value of a run of at most nine digits, or -1.
long value_at(const Reading& reading, std::size_t at);
std::string lower_at(const Reading& reading, std::size_t at);
// Whether the word before `at` asks for the weak ending: "am 3. Mai" is "am dritten mai".
bool takes_weak_ending(const Reading& reading, std::size_t at);
bool begins_word(const Reading& reading, std::size_t at);

bool match_date(const Reading& reading, std::size_t at, Match& match);
bool match_time(const Reading& reading, std::size_t at, Match& match);
bool match_telephone(const Reading& reading, std::size_t at, Match& match);
bool match_money(const Reading& reading, std::size_t at, Match& match);
bool match_fraction(const Reading& reading, std::size_t at, Match& match);
bool match_measure(const Reading& reading, std::size_t at, Match& match);
bool match_ordinal(const Reading& reading, std::size_t at, Match& match);
bool match_number(const Reading& reading, std::size_t at, Match& match);
bool match_electronic(const Reading& reading, std::size_t at, Match& match);
bool match_abbreviation(const Reading& reading, std::size_t at, Match& match);
bool match_word(const Reading& reading, std::size_t at, Match& match);
bool match_symbol(const Reading& reading, std::size_t at, Match& match);

}  // namespace syrinx::text::de
