// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "syrinx/stages/text/normalise/en/reading.h"

namespace syrinx::text::en {

// "3 2/4", "1/3rd", "¾": digits without signs; `whole` is "" where none is written.
struct Fraction {
  std::string whole;
  std::string numerator;
  std::string denominator;
  std::size_t end = 0;
};

std::optional<Fraction> read_fraction(const Reading& reading, std::size_t at);
// "three and two quarters", "one half", "two over one".
std::string say_fraction(const Fraction& fraction);
// See Rule.
bool fraction_rule(const Reading& reading, std::size_t at, Match& match);

}  // namespace syrinx::text::en
