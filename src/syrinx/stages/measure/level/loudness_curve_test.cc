// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/level/loudness_curve.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "syrinx/stages/measure/level/test_signals.h"
#include "syrinx/stages/measure/loudness.h"

namespace syrinx::measure {
namespace {

double range_of(const std::vector<std::pair<double, double>>& parts) {
  return measure_loudness_range(sines(parts)).value().range_lu;
}

// EBU Tech 3342, table 1, tests 1 to 4; the tolerance of 1 LU is its own.
TEST(LoudnessRange, OfTheEbuSignalsIsAsItsTableSays) {
  EXPECT_NEAR(range_of({{20, -20}, {20, -30}}), 10, 1);
  EXPECT_NEAR(range_of({{20, -20}, {20, -15}}), 5, 1);
  EXPECT_NEAR(range_of({{20, -40}, {20, -20}}), 20, 1);
  EXPECT_NEAR(range_of({{20, -50}, {20, -35}, {20, -20}, {20, -35}, {20, -50}}), 15, 1);
}

TEST(LoudnessRange, PassesOverWhatTheGatesExclude) {
  const std::vector<double> lufs = {-20, -20, -20,  -20,
                                    -45, -71, -100, -std::numeric_limits<double>::infinity()};
  EXPECT_EQ(loudness_range(lufs).range_lu, 0);
  EXPECT_EQ(loudness_range(lufs).low_lufs, -20);
  EXPECT_EQ(loudness_range({}).range_lu, 0);
  const std::vector<double> bad(3, std::numeric_limits<double>::quiet_NaN());
  EXPECT_EQ(loudness_range(bad).range_lu, 0);
}

// EBU Tech 3341, table 1, test 5 of integrated loudness.
TEST(Loudness, OfEbuTest5IsMinus23) {
  const auto audio = sines({{20, -26}, {20.1, -20}, {20, -26}});
  EXPECT_NEAR(measure_loudness(audio).value().integrated_lufs, -23, 0.1);
}

// EBU Tech 3341, tests 9 and 12: cycles as long as the window leave its loudness still.
TEST(LoudnessCurve, StandsStillOnEbuTests9And12) {
  std::vector<std::pair<double, double>> slow;
  for (int i = 0; i < 5; ++i) slow.insert(slow.end(), {{1.34, -20}, {1.66, -30}});
  const auto short_term = measure_loudness_curve(sines(slow)).value().short_term_lufs;
  for (std::size_t i = 29; i < short_term.size(); ++i) EXPECT_NEAR(short_term[i], -23, 0.1);
  std::vector<std::pair<double, double>> fast;
  for (int i = 0; i < 25; ++i) fast.insert(fast.end(), {{0.18, -20}, {0.22, -30}});
  const auto momentary = measure_loudness_curve(sines(fast)).value().momentary_lufs;
  for (std::size_t i = 9; i < momentary.size(); ++i) EXPECT_NEAR(momentary[i], -23, 0.1);
}

// EBU Tech 3341, tests 10 and 13: a tone as long as the window, wherever it begins.
TEST(LoudnessCurve, CatchesTheTonesOfEbuTests10And13) {
  const double silence = -std::numeric_limits<double>::infinity();
  for (const int i : {0, 1, 2, 7, 13, 19}) {
    const auto slow = sines({{0.15 * i, silence}, {3, -23}, {1, silence}});
    EXPECT_NEAR(measure_loudness_curve(slow, 10).value().max_short_term_lufs, -23, 0.1) << i;
    const auto fast = sines({{0.02 * i, silence}, {0.4, -23}, {1, silence}});
    EXPECT_NEAR(measure_loudness_curve(fast, 10).value().max_momentary_lufs, -23, 0.1) << i;
  }
}

// EBU Tech 3341, tests 11 and 14: the same one after another, rising from -38 to -19.
TEST(LoudnessCurve, FollowsTheRisingTonesOfEbuTests11And14) {
  const double silence = -std::numeric_limits<double>::infinity();
  std::vector<std::pair<double, double>> parts;
  for (int i = 0; i < 20; ++i) {
    parts.insert(parts.end(), {{0.02 * i, silence}, {0.4, -38.0 + i}, {0.8 - 0.02 * i, silence}});
  }
  const auto curve = measure_loudness_curve(sines(parts), 10).value();
  double highest = -100;
  for (std::size_t i = 0; i < 20; ++i) {
    for (std::size_t h = i * 120; h < (i + 1) * 120; ++h) {
      highest = std::max(highest, curve.momentary_lufs[h]);
    }
    EXPECT_NEAR(highest, -38.0 + static_cast<double>(i), 0.1);
  }
}

TEST(LoudnessCurve, AgreesWithTheStreamingMeter) {
  const auto audio = sine(5, -20, 440, 22'050, 2);
  const auto curve = measure_loudness_curve(audio).value();
  const auto meter = measure_loudness(audio).value();
  EXPECT_NEAR(curve.max_momentary_lufs, meter.max_momentary_lufs, 1e-6);
  EXPECT_NEAR(curve.max_short_term_lufs, meter.max_short_term_lufs, 1e-6);
}

TEST(LoudnessCurve, OfSilenceOneSampleOrNoNumbersIsNothing) {
  const double none = -std::numeric_limits<double>::infinity();
  EXPECT_EQ(measure_loudness_curve(AudioBuffer(64, 48'000, 48'000)).value().max_momentary_lufs,
            none);
  EXPECT_EQ(measure_loudness_curve(AudioBuffer(1, 1, 8'000)).value().momentary_lufs.size(), 0u);
  AudioBuffer bad(1, 48'000, 48'000);
  for (float& v : bad.channel(0)) v = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(measure_loudness_curve(bad).value().max_momentary_lufs, none);
}

TEST(LoudnessCurve, RefusesHopsAndRatesItCannotKeep) {
  EXPECT_FALSE(measure_loudness_curve(sine(1, 0), 7));
  EXPECT_FALSE(measure_loudness_curve(sine(1, 0), 0));
  EXPECT_FALSE(measure_loudness_curve(sine(1, 0), 400));
  EXPECT_FALSE(measure_loudness_curve(sine(1, 0, 100, 2'000)));
  EXPECT_FALSE(measure_loudness_curve(AudioView()));
}

}  // namespace
}  // namespace syrinx::measure
