// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/codec/g711.h"

#include <algorithm>
#include <bit>

// As the ITU's own software has it (G.191, STL2009, g711.c): negative numbers by their one's
// complement.
namespace syrinx::codec {
namespace {

constexpr int kMuBias = 33;  // Of 14-bit magnitudes.

unsigned magnitude_of(std::int16_t sample) noexcept {
  return static_cast<unsigned>(sample < 0 ? ~sample : sample);
}

}  // namespace

std::uint8_t mu_law_of(std::int16_t sample) noexcept {
  const unsigned biased = std::min((magnitude_of(sample) >> 2) + kMuBias, 0x1FFFU);
  const auto segment = static_cast<unsigned>(std::bit_width(biased >> 6)) + 1;
  const unsigned low = 0xFU - ((biased >> segment) & 0xFU);
  return static_cast<std::uint8_t>(((8U - segment) << 4) | low | (sample < 0 ? 0U : 0x80U));
}

std::int16_t linear_of_mu_law(std::uint8_t code) noexcept {
  const unsigned inverted = ~unsigned{code};
  const unsigned exponent = (inverted >> 4) & 7U;
  const int step = 8 << exponent;
  const int magnitude =
      (0x80 << exponent) + step * static_cast<int>(inverted & 0xFU) + step / 2 - 4 * kMuBias;
  return static_cast<std::int16_t>(code < 0x80 ? -magnitude : magnitude);
}

std::uint8_t a_law_of(std::int16_t sample) noexcept {
  const unsigned magnitude = magnitude_of(sample) >> 4;
  unsigned code = magnitude;
  if (magnitude > 15) {
    const auto exponent = static_cast<unsigned>(std::bit_width(magnitude >> 5));
    code = ((magnitude >> exponent) - 16) | ((exponent + 1) << 4);
  }
  return static_cast<std::uint8_t>((code | (sample < 0 ? 0U : 0x80U)) ^ 0x55U);
}

std::int16_t linear_of_a_law(std::uint8_t code) noexcept {
  const unsigned plain = code ^ 0x55U;
  const unsigned exponent = (plain >> 4) & 7U;
  int magnitude = static_cast<int>(((plain & 0xFU) + (exponent > 0 ? 16U : 0U)) << 4) + 8;
  if (exponent > 1) magnitude <<= exponent - 1;
  return static_cast<std::int16_t>(plain < 0x80 ? -magnitude : magnitude);
}

}  // namespace syrinx::codec
