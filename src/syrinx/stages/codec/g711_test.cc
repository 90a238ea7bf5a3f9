// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/codec/g711.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <set>

namespace syrinx::codec {
namespace {

// The decision values x(n) and outputs y(n) of G.711, tables 1a and 2a, built from the table's own
// rule: segments whose intervals double. In 14-bit (mu) or 13-bit (A) steps.
struct Law {
  std::array<int, 129> decision = {};
  std::array<int, 128> output = {};
};

Law mu_table() {
  Law law;
  int width = 2;
  law.decision = {0, 1};
  for (std::size_t n = 2; n <= 128; ++n) {
    law.decision[n] = law.decision[n - 1] + width;
    if (n % 16 == 0) width *= 2;
  }
  for (std::size_t n = 1; n < 128; ++n) law.output[n] = (law.decision[n] + law.decision[n + 1]) / 2;
  return law;
}

Law a_table() {
  Law law;
  int width = 2;
  for (std::size_t n = 1; n <= 128; ++n) {
    law.decision[n] = law.decision[n - 1] + width;
    if (n % 16 == 0 && n > 16) width *= 2;
  }
  for (std::size_t n = 0; n < 128; ++n) law.output[n] = (law.decision[n] + law.decision[n + 1]) / 2;
  return law;
}

// The interval of a magnitude, by looking through the table.
unsigned interval_of(const Law& law, int magnitude) {
  unsigned n = 0;
  while (n < 127 && magnitude >= law.decision[n + 1]) ++n;
  return n;
}

TEST(G711, EveryMuLawCodeIsTheTablesOutput) {
  const Law law = mu_table();
  ASSERT_EQ(law.decision[128], 8159);  // The table's last line.
  ASSERT_EQ(law.output[127], 8031);
  for (unsigned n = 0; n < 128; ++n) {
    EXPECT_EQ(linear_of_mu_law(static_cast<std::uint8_t>(0xFFU - n)), 4 * law.output[n]);
    EXPECT_EQ(linear_of_mu_law(static_cast<std::uint8_t>(0x7FU - n)), -4 * law.output[n]);
  }
}

TEST(G711, EveryALawCodeIsTheTablesOutput) {
  const Law law = a_table();
  ASSERT_EQ(law.decision[128], 4096);
  ASSERT_EQ(law.output[127], 4032);
  for (unsigned n = 0; n < 128; ++n) {
    EXPECT_EQ(linear_of_a_law(static_cast<std::uint8_t>((n | 0x80U) ^ 0x55U)), 8 * law.output[n]);
    EXPECT_EQ(linear_of_a_law(static_cast<std::uint8_t>(n ^ 0x55U)), -8 * law.output[n]);
  }
}

TEST(G711, EverySampleIsTheCodeOfItsInterval) {
  const Law mu = mu_table();
  const Law a = a_table();
  for (int sample = -32'768; sample <= 32'767; ++sample) {
    const auto given = static_cast<std::int16_t>(sample);
    const int magnitude = sample < 0 ? -(sample + 1) : sample;
    const unsigned mu_code = (sample < 0 ? 0x7FU : 0xFFU) - interval_of(mu, magnitude / 4);
    ASSERT_EQ(mu_law_of(given), mu_code) << sample;
    const unsigned a_code = (interval_of(a, magnitude / 8) | (sample < 0 ? 0U : 0x80U)) ^ 0x55U;
    ASSERT_EQ(a_law_of(given), a_code) << sample;
  }
}

TEST(G711, ACodeThatIsDecodedIsItselfAgain) {
  for (unsigned code = 0; code < 256; ++code) {
    const auto byte = static_cast<std::uint8_t>(code);
    EXPECT_EQ(a_law_of(linear_of_a_law(byte)), byte);
    if (code != 0x7F) {  // Minus zero is zero.
      EXPECT_EQ(mu_law_of(linear_of_mu_law(byte)), byte);
    }
  }
}

TEST(G711, WhatIsLostIsLessThanHalfAnInterval) {
  for (int sample = -32'000; sample <= 32'000; sample += 7) {
    const auto given = static_cast<std::int16_t>(sample);
    const int mu = std::abs(linear_of_mu_law(mu_law_of(given)) - sample);
    const int a = std::abs(linear_of_a_law(a_law_of(given)) - sample);
    EXPECT_LE(mu, std::abs(sample) / 31 + 5) << sample;
    EXPECT_LE(a, std::abs(sample) / 31 + 9) << sample;
  }
}

}  // namespace
}  // namespace syrinx::codec
