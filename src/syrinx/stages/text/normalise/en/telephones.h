// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "syrinx/stages/text/normalise/en/reading.h"

// Numbers that are read digit by digit in groups; see Rule for what the functions do.
namespace syrinx::text::en {

// "+1 (123) 456-7890 ext. 5", "020 7946 0958", "1-800-GO-2-HAUL", "111-11-1111".
bool telephone_rule(const Reading& reading, std::size_t at, Match& match);
bool ip_address(const Reading& reading, std::size_t at, Match& match);   // "10.0.0.1".
bool book_number(const Reading& reading, std::size_t at, Match& match);  // "978-0-19-960563-7".

}  // namespace syrinx::text::en
