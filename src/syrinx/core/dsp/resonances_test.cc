// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/dsp/resonances.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace syrinx::dsp {
namespace {

constexpr double kRateHz = 10'000.0;

// What predicts sound of these resonances.
std::vector<double> prediction_of(const std::vector<Resonance>& resonances) {
  std::vector<double> polynomial = {1.0};
  for (const Resonance& one : resonances) {
    const double r = std::exp(-std::numbers::pi * one.bandwidth_hz / kRateHz);
    const double pair[3] = {1.0, -2.0 * r * std::cos(2.0 * std::numbers::pi * one.hz / kRateHz),
                            r * r};
    std::vector<double> product(polynomial.size() + 2);
    for (std::size_t i = 0; i < polynomial.size(); ++i)
      for (std::size_t j = 0; j < 3; ++j) product[i + j] += polynomial[i] * pair[j];
    polynomial = product;
  }
  for (double& term : polynomial) term = -term;
  polynomial.erase(polynomial.begin());
  return polynomial;
}

const std::vector<Resonance> kVowel = {
    {500.0, 60.0}, {1'500.0, 90.0}, {2'500.0, 150.0}, {3'500.0, 200.0}};

TEST(Resonances, AreFoundInTheFilterThatHasThem) {
  const auto found = resonances_of(prediction_of(kVowel), kRateHz);
  ASSERT_EQ(found.size(), kVowel.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    EXPECT_NEAR(found[i].hz, kVowel[i].hz, 1e-6);
    EXPECT_NEAR(found[i].bandwidth_hz, kVowel[i].bandwidth_hz, 1e-6);
  }
}

TEST(Resonances, AreFoundFromTheAutocorrelationOfTheirSound) {
  const auto prediction = prediction_of(kVowel);
  std::vector<double> sound(4'000);
  sound[0] = 1.0;
  for (std::size_t n = 1; n < sound.size(); ++n)
    for (std::size_t k = 0; k < std::min(n, prediction.size()); ++k)
      sound[n] += prediction[k] * sound[n - 1 - k];
  std::vector<double> lags(prediction.size() + 1);
  for (std::size_t lag = 0; lag < lags.size(); ++lag)
    for (std::size_t n = lag; n < sound.size(); ++n) lags[lag] += sound[n] * sound[n - lag];
  const auto again = prediction_from(lags);
  for (std::size_t k = 0; k < again.size(); ++k) EXPECT_NEAR(again[k], prediction[k], 1e-6);
}

TEST(Resonances, AreNoneInSilence) {
  const std::vector<double> silence(11, 0.0);
  for (const double a : prediction_from(silence)) EXPECT_EQ(a, 0.0);
  EXPECT_TRUE(prediction_from({}).empty());
  EXPECT_TRUE(resonances_of({}, kRateHz).empty());
}

}  // namespace
}  // namespace syrinx::dsp
