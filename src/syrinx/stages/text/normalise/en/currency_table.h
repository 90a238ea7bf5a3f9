// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace syrinx::text::en {

// A currency by a sign or its ISO 4217 code. Without a minor unit, its fractions are decimals.
struct Currency {
  std::string_view written;
  std::string_view singular;
  std::string_view plural;
  std::string_view minor;
  std::string_view minor_plural;
};

// The currency of a code such as "USD", in capitals; nullptr if there is none.
const Currency* currency_of_code(std::string_view code);
// The currency of a sign such as "$"; nullptr if there is none.
const Currency* currency_of_sign(char32_t sign);
// Of letters before a dollar sign: "US", "A", "HK"; nullptr if there is none.
const Currency* dollar_of(std::string_view prefix);

}  // namespace syrinx::text::en
