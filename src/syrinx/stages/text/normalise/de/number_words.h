// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

// Numbers in German words, with the parts of a number apart ("ein hundert drei und zwanzig"), as
// pronunciations are looked up by part. Digits are strings of '0' to '9' without group marks.
namespace syrinx::text::de {

// "ein hundert eins". Above trillions, and with a leading zero, digit by digit.
std::string cardinal(std::string_view digits);
// The same before a noun: "ein" or, for a feminine one, "eine" where the last part is a one.
std::string counting(std::string_view digits, bool feminine);
// "zwei hundert erste" and an ending: "r" (erster), "n" (ersten), "" (erste).
std::string ordinal(std::string_view digits, std::string_view ending);
// "null vier eins".
std::string digit_words(std::string_view digits);
// "neunzehn hundert acht und neunzig", "zwei tausend dreizehn".
std::string year(std::string_view digits);
// "zwei komma drei null".
std::string decimal(std::string_view whole, std::string_view fraction);
// "drei viertel", "ein halb", "vier halbe".
std::string fraction(std::string_view above, std::string_view below);

}  // namespace syrinx::text::de
