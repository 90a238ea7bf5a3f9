// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "syrinx/stages/text/normalise/en/currency_table.h"
#include "syrinx/stages/text/normalise/en/reading.h"

// Amounts of money; see Rule for what the functions do.
namespace syrinx::text::en {

// "$3.50", "US$ 5 million", "EUR 20-30", "-£5", "$20/mo", with the sign at `at`.
bool money_sign_first(const Reading& reading, std::size_t at, Match& match);
// "5€", "20 USD", "99¢", with the number at `at`.
bool money_number_first(const Reading& reading, std::size_t at, Match& match);
// "three dollars fifty cents".
std::string say_amount(const Reading& reading, const Number& number, std::string_view magnitude,
                       const Currency& currency);

}  // namespace syrinx::text::en
