// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "syrinx/stages/text/normalise/en/conventions.h"

// Numbers in English words. Digits are given as strings of '0' to '9' without group marks, so that
// no number is too large; white space is one space.
namespace syrinx::text::en {

// "one hundred and five". Above decillions, and with a leading zero, digit by digit.
std::string cardinal(std::string_view digits, HundredAnd hundred_and);
std::string cardinal(long value, HundredAnd hundred_and);
// "one hundred fifth", "twenty first".
std::string ordinal(std::string_view digits, HundredAnd hundred_and);
// Turns the last word of a cardinal into its ordinal.
std::string to_ordinal(std::string cardinal);
// "four oh one": digit by digit, zeros as `zero`.
std::string digit_words(std::string_view digits, std::string_view zero);
// "nineteen eighty four", "two thousand five", "nineteen oh two"; digits: one to four of them.
std::string year(std::string_view digits, std::string_view zero, HundredAnd hundred_and);
// "nineteen eighties", "twenty tens", "eighties" of "80".
std::string decade(std::string_view digits, std::string_view zero, HundredAnd hundred_and);
// "three point one four"; an empty whole part is not said.
std::string decimal(std::string_view whole, std::string_view fraction, std::string_view zero,
                    HundredAnd hundred_and);
// "twenties" of "twenty", "sixes" of "six"; of any English noun, by the regular rules.
std::string plural(std::string word);
// Value of a Roman numeral of one letter case, 0 if it is none or not written as usual.
int roman_value(std::string_view numeral);

}  // namespace syrinx::text::en
