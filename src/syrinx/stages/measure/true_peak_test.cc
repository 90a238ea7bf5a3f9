// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/true_peak.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

namespace syrinx::measure {
namespace {

std::vector<float> sine(double cycles_per_sample, double phase, std::size_t n) {
  std::vector<float> x(n);
  for (std::size_t i = 0; i < n; ++i) {
    // Faded in, since a tone that begins at once really does overshoot.
    const double fade = std::min(1.0, static_cast<double>(i) / 500);
    x[i] =
        static_cast<float>(fade * std::sin(2 * std::numbers::pi *
                                           (cycles_per_sample * static_cast<double>(i) + phase)));
  }
  return x;
}

double true_peak_db(const std::vector<float>& x) {
  TruePeakMeter meter;
  meter.process(x);
  return 20 * std::log10(static_cast<double>(meter.peak()));
}

// EBU Tech 3341, tests 15 to 19, allow +0.2 and -0.4 dB.
TEST(TruePeak, FindsThePeakBetweenSamples) {
  // At a quarter of the rate and 45 degrees all samples are 3 dB under the peak.
  EXPECT_NEAR(true_peak_db(sine(0.25, 0.125, 4'000)), 0.0, 0.4);
  EXPECT_NEAR(true_peak_db(sine(0.25, 0.0, 4'000)), 0.0, 0.4);
  EXPECT_NEAR(true_peak_db(sine(1.0 / 6, 1.0 / 12, 4'000)), 0.0, 0.4);
  EXPECT_NEAR(true_peak_db(sine(1.0 / 8, 1.0 / 16, 4'000)), 0.0, 0.4);
}

TEST(TruePeak, IsNeverLessThanTheSamplePeak) {
  std::vector<float> x(100);
  x[50] = -0.7f;
  TruePeakMeter meter;
  meter.process(x);
  EXPECT_EQ(meter.peak(), 0.7f);
}

TEST(TruePeak, AnyBlockSizeFindsTheSame) {
  const auto x = sine(0.2, 0.1, 1'000);
  TruePeakMeter whole;
  whole.process(x);
  TruePeakMeter single;
  for (const float& v : x) single.process({&v, 1});
  EXPECT_EQ(single.peak(), whole.peak());
}

TEST(TruePeak, PassesOverNonFiniteSamples) {
  TruePeakMeter meter;
  const std::vector<float> x{0.1f, std::nanf(""), std::numeric_limits<float>::infinity(), 0.1f};
  meter.process(x);
  EXPECT_LT(meter.peak(), 0.2f);
}

}  // namespace
}  // namespace syrinx::measure
