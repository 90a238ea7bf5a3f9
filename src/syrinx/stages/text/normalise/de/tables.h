// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

// What German writing shortens: units, currencies, abbreviations, months.
namespace syrinx::text::de {

struct Unit {
  std::string_view written;  // In lower case; "km/h" is put together of two.
  std::string_view one;
  std::string_view many;
  bool feminine = false;
};
// Null where there is none. `written` is compared without letter case, but for "m", "M" and the
// like.
const Unit* find_unit(std::string_view written);

struct Currency {
  std::string_view written;  // "€", "EUR", "euro".
  std::string_view one;
  std::string_view many;
  std::string_view part_one;  // "cent".
  std::string_view part_many;
};
const Currency* find_currency(std::string_view written);

// The words of an abbreviation that is written with a full stop at its end ("dr", "z.b"), or "".
std::string_view abbreviation(std::string_view lower_without_stop);
// Names the month of "juli", "jul", "mär"; of 1 to 12; "" otherwise.
std::string_view month(std::string_view lower);
std::string_view month(int number);
// "million", "mio": the magnitude and its plural, or nothing.
struct Scale {
  std::string_view one;
  std::string_view many;
};
const Scale* find_scale(std::string_view lower);
// What a symbol is called: "%" is "prozent"; "" for punctuation.
std::string_view symbol_name(char32_t code);

}  // namespace syrinx::text::de
