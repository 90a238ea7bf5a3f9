// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

// One sample of ITU-T G.711 (1988) as a byte, and back. Linear samples are 16 bits wide; their low
// two (mu-law) or three (A-law) bits are beyond what the law keeps.
namespace syrinx::codec {

std::uint8_t mu_law_of(std::int16_t sample) noexcept;
std::int16_t linear_of_mu_law(std::uint8_t code) noexcept;
std::uint8_t a_law_of(std::int16_t sample) noexcept;
std::int16_t linear_of_a_law(std::uint8_t code) noexcept;

}  // namespace syrinx::codec
