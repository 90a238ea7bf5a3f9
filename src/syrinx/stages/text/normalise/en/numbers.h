// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "syrinx/stages/text/normalise/en/reading.h"

// Numbers that are nothing more special; see Rule for what the functions do.
namespace syrinx::text::en {

bool ordinal_rule(const Reading& reading, std::size_t at, Match& match);  // "21st".
bool range_rule(const Reading& reading, std::size_t at, Match& match);    // "pages 5-10".
bool score_rule(const Reading& reading, std::size_t at, Match& match);    // "won 3-2".
bool ratio_rule(const Reading& reading, std::size_t at, Match& match);    // "16:9".
bool math_rule(const Reading& reading, std::size_t at, Match& match);     // An operator: "1-2=5".
bool scientific_rule(const Reading& reading, std::size_t at, Match& match);  // "1.5e-3".
bool version_rule(const Reading& reading, std::size_t at, Match& match);     // "2.4.1".
bool magnitude_rule(const Reading& reading, std::size_t at, Match& match);   // "1.2k", "300k".
bool number_rule(const Reading& reading, std::size_t at, Match& match);      // Any other digits.
bool signed_number(const Reading& reading, std::size_t at, Match& match);    // "-5", "+3", "±2".

// Digits that are no quantity: how they are said in codes and serials. "t2000", "ab9453".
std::string say_code_digits(const Reading& reading, std::string_view digits);

}  // namespace syrinx::text::en
