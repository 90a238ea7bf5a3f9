// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/quality/quality_targets.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <limits>
#include <random>
#include <thread>

#include "support/realtime_guard.h"

namespace syrinx::measure {
namespace {

constexpr auto kMos = QualityAspect::kPredictedMos;
constexpr auto kShare = QualityAspect::kArtifactShare;

QualityMeasurement mos_of(double value) {
  QualityMeasurement measurement;
  measurement[kMos] = value;
  return measurement;
}

QualityTargets targets_of(std::size_t history = 32) {
  QualityOptions options;
  options.history = history;
  return QualityTargets::create(options).value();
}

TEST(QualityTargets, KnowNothingBeforeTheFirstMeasurement) {
  const auto state = targets_of().state();
  EXPECT_EQ(state.verdict, QualityVerdict::kUnknown);
  for (const AspectState& aspect : state.aspects) {
    EXPECT_FALSE(aspect.latest.has_value());
    EXPECT_FALSE(aspect.trend.has_value());
    EXPECT_EQ(aspect.verdict, QualityVerdict::kUnknown);
  }
}

TEST(QualityTargets, TheLatestValueIsHeldAgainstItsThresholds) {
  auto targets = targets_of();
  const auto verdict_at = [&](QualityAspect aspect, double value) {
    targets.reset();
    QualityMeasurement measurement;
    measurement[aspect] = value;
    EXPECT_TRUE(targets.add(measurement));
    return targets.state()[aspect].verdict;
  };
  EXPECT_EQ(verdict_at(kMos, 3.0), QualityVerdict::kGood);  // The threshold is good enough.
  EXPECT_EQ(verdict_at(kMos, 2.999), QualityVerdict::kWarning);
  EXPECT_EQ(verdict_at(kMos, 2.499), QualityVerdict::kFailure);
  EXPECT_EQ(verdict_at(kShare, 0.02), QualityVerdict::kGood);
  EXPECT_EQ(verdict_at(kShare, 0.021), QualityVerdict::kWarning);
  EXPECT_EQ(verdict_at(kShare, 0.11), QualityVerdict::kFailure);
  EXPECT_EQ(targets.state().verdict, QualityVerdict::kFailure);
}

TEST(QualityTargets, TheTrendOfALineIsItsSlopeAlsoWithGaps) {
  auto targets = targets_of();
  for (int i = 0; i < 20; ++i) {
    const bool gap = i % 3 == 1;
    EXPECT_TRUE(targets.add(gap ? QualityMeasurement{} : mos_of(4.5 - 0.05 * i)));
  }
  EXPECT_NEAR(*targets.state()[kMos].trend, -0.05, 1e-12);
  EXPECT_EQ(targets.state()[kMos].measured, 13u);
}

// Theil and Sen's estimate bears 29 % of outliers; a quarter of them here.
TEST(QualityTargets, OutliersDoNotBendTheTrend) {
  auto targets = targets_of();
  for (int i = 0; i < 32; ++i) targets.add(mos_of(i % 4 == 3 ? 1.0 : 3.0 + 0.01 * i));
  EXPECT_NEAR(*targets.state()[kMos].trend, 0.01, 0.005);
}

TEST(QualityTargets, NoiseHasNoTrendToSpeakOf) {
  std::mt19937 random(4);
  std::normal_distribution<double> noise(4.0, 0.1);
  auto targets = targets_of();
  for (int i = 0; i < 100; ++i) targets.add(mos_of(noise(random)));
  EXPECT_LT(std::abs(*targets.state()[kMos].trend), 0.005);
  EXPECT_EQ(targets.state().verdict, QualityVerdict::kGood);
}

TEST(QualityTargets, WarnBeforeAFallReachesFailure) {
  auto targets = targets_of();
  for (int i = 0; i < 10; ++i) targets.add(mos_of(4.5 - 0.1 * i));  // Now 3.6, 11 from 2.5.
  const auto aspect = targets.state()[kMos];
  EXPECT_EQ(aspect.verdict, QualityVerdict::kWarning);
  EXPECT_NEAR(*aspect.measurements_to_failure, 11.0, 1e-9);
  EXPECT_NE(describe(targets.state()).find("failing in 11"), std::string::npos);
}

TEST(QualityTargets, OldMeasurementsLeaveTheHistory) {
  auto targets = targets_of(5);
  for (int i = 0; i < 5; ++i) targets.add(mos_of(1.0 + 0.5 * i));
  for (int i = 0; i < 5; ++i) targets.add(mos_of(4.0));
  EXPECT_EQ(*targets.state()[kMos].trend, 0.0);
  for (int i = 0; i < 5; ++i) targets.add({});
  EXPECT_EQ(targets.state()[kMos].measured, 0u);
  EXPECT_FALSE(targets.state()[kMos].trend.has_value());
  EXPECT_EQ(*targets.state()[kMos].latest, 4.0);
}

TEST(QualityTargets, WhatIsOutOfRangeIsRefusedAndCountsAsNotMeasured) {
  auto targets = targets_of();
  for (const double bad : {std::nan(""), std::numeric_limits<double>::infinity(), 0.9, 5.1}) {
    EXPECT_FALSE(targets.add(mos_of(bad)));
    EXPECT_FALSE(targets.state()[kMos].latest.has_value());
  }
  QualityMeasurement mixed = mos_of(7.0);
  mixed[kShare] = 0.5;
  EXPECT_FALSE(targets.add(mixed));
  EXPECT_EQ(*targets.state()[kShare].latest, 0.5);
}

TEST(QualityTargets, RefuseOptionsThatMakeNoSense) {
  const auto code_of = [](const QualityOptions& options) {
    return QualityTargets::create(options).error().code;
  };
  QualityOptions options;
  for (const std::size_t history : {std::size_t{0}, std::size_t{4}, std::size_t{257}}) {
    options.history = history;
    EXPECT_EQ(code_of(options), ErrorCode::kInvalidArgument);
  }
  options = {};
  options.thresholds[2] = {2.0, 3.0};  // A MOS that fails above its warning.
  EXPECT_EQ(code_of(options), ErrorCode::kInvalidArgument);
  options = {};
  options.thresholds[3] = {0.2, 0.1};
  EXPECT_EQ(code_of(options), ErrorCode::kInvalidArgument);
  options.thresholds[3] = {std::nan(""), 0.1};
  EXPECT_EQ(code_of(options), ErrorCode::kInvalidArgument);
}

TEST(QualityTargets, AreAddedToAndReadWithoutAllocationOrLock) {
  auto targets = targets_of(256);
  const auto measurement = mos_of(3.5);
  QualityState state;
  EXPECT_REALTIME_SAFE(for (int i = 0; i < 300; ++i) targets.add(measurement));
  EXPECT_REALTIME_SAFE(state = targets.state());
  EXPECT_EQ(*state[kMos].latest, 3.5);
}

// Each measurement has the same place in the range of two aspects: a reader that sees them differ
// has seen half of one and half of another.
TEST(QualityTargets, ReadersSeeWholeMeasurementsWhileAnotherThreadAdds) {
  auto targets = targets_of(8);
  std::atomic<bool> done{false};
  std::thread writer([&] {
    for (int i = 0; i < 100'000; ++i) {
      QualityMeasurement measurement = mos_of(1.0 + 4.0 * (i % 101) / 100.0);
      measurement[kShare] = (i % 101) / 100.0;
      targets.add(measurement);
    }
    done = true;
  });
  std::size_t torn = 0;
  while (!done) {
    const auto state = targets.state();
    if (!state[kMos].latest) continue;
    if (std::abs((*state[kMos].latest - 1.0) / 4.0 - *state[kShare].latest) > 1e-12) ++torn;
  }
  writer.join();
  EXPECT_EQ(torn, 0u);
}

TEST(QualityTargets, TheSentenceBeginsWithTheWorst) {
  auto targets = targets_of();
  QualityMeasurement measurement = mos_of(4.0);
  measurement[kShare] = 0.5;
  targets.add(measurement);
  const auto text = describe(targets.state());
  EXPECT_EQ(text,
            "artifact share fails at 0.5; predicted MOS is good at 4; target similarity is "
            "unknown; source preservation is unknown.");
}

}  // namespace
}  // namespace syrinx::measure
