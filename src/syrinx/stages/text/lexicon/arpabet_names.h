// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace syrinx::text {

// Whether `symbol` is one of CMUdict's ARPABET phonemes, in capitals; a vowel may carry a stress
// digit 0, 1 or 2.
bool is_arpabet(std::string_view symbol) noexcept;

// The first of several phonemes with white space between them that is none; "" when all are.
std::string_view first_unknown_arpabet(std::string_view symbols) noexcept;

}  // namespace syrinx::text
