// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace syrinx::text::en {

// Where an abbreviation is a unit.
enum class UnitUse {
  kAlways,     // After any number.
  kGlued,      // Only without white space: "5s" is not, "5in" is.
  kCompounds,  // Only beside a slash: "m/s".
};

struct Unit {
  std::string_view written;  // As the standards write it, letter case and all.
  std::string_view singular;
  std::string_view plural;
  UnitUse use = UnitUse::kAlways;
};

// The unit that is written so, or the one that differs in letter case alone; nullptr if none.
const Unit* find_unit(std::string_view written);

}  // namespace syrinx::text::en
