// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/call/session/adaptation.h"

#include <gtest/gtest.h>

#include "support/realtime_guard.h"

namespace syrinx::call {
namespace {

using std::chrono::seconds;

LossAdaptation made(AdaptationStrategy strategy) {
  AdaptationOptions options;
  options.strategy = strategy;
  return LossAdaptation::create(options).value();
}

// So many reports of this loss, 5 s apart; how often something changed.
int reports(LossAdaptation& adaptation, double loss_percent, int count, seconds& now) {
  int changes = 0;
  for (int i = 0; i < count; ++i, now += seconds(5))
    EXPECT_REALTIME_SAFE(changes += adaptation.take(loss_percent, now) ? 1 : 0);
  return changes;
}

TEST(LossAdaptation, KeepingQualityTurnsRedundancyOnAndLeavesTheBitRate) {
  auto adaptation = made(AdaptationStrategy::kKeepQuality);
  seconds now(0);
  EXPECT_EQ(reports(adaptation, 0.0, 10, now), 0);
  EXPECT_GE(reports(adaptation, 5.0, 10, now), 1);
  EXPECT_TRUE(adaptation.current().fec);
  EXPECT_GE(adaptation.current().expected_loss_percent, 5);
  EXPECT_EQ(adaptation.current().bitrate_bps, 32'000);
  reports(adaptation, 0.0, 20, now);
  EXPECT_FALSE(adaptation.current().fec);
  EXPECT_EQ(adaptation.current().expected_loss_percent, 0);
}

TEST(LossAdaptation, SavingTheNetworkLowersTheBitRateToItsLeastAndRaisesItAgain) {
  auto adaptation = made(AdaptationStrategy::kSaveNetwork);
  seconds now(0);
  reports(adaptation, 5.0, 20, now);
  EXPECT_EQ(adaptation.current().bitrate_bps, 12'000);
  reports(adaptation, 0.0, 40, now);
  EXPECT_EQ(adaptation.current().bitrate_bps, 32'000);
}

TEST(LossAdaptation, HeavyLossLowersTheBitRateUnderEitherStrategy) {
  auto adaptation = made(AdaptationStrategy::kKeepQuality);
  seconds now(0);
  reports(adaptation, 25.0, 20, now);
  EXPECT_EQ(adaptation.current().bitrate_bps, 12'000);
}

TEST(LossAdaptation, LossAroundAThresholdDoesNotSwitchToAndFro) {
  auto adaptation = made(AdaptationStrategy::kKeepQuality);
  seconds now(0);
  reports(adaptation, 3.0, 5, now);
  int changes = 0;
  for (int i = 0; i < 100; ++i) changes += reports(adaptation, i % 2 == 0 ? 2.5 : 1.5, 1, now);
  EXPECT_EQ(changes, 0);
}

TEST(LossAdaptation, WithoutAStrategyNothingChanges) {
  auto adaptation = made(AdaptationStrategy::kNone);
  seconds now(0);
  EXPECT_EQ(reports(adaptation, 50.0, 20, now), 0);
}

TEST(LossAdaptation, LimitsThatCannotBeMeantAreRefused) {
  AdaptationOptions options;
  options.min_bitrate_bps = 64'000;
  EXPECT_EQ(LossAdaptation::create(options).error().code, ErrorCode::kInvalidArgument);
  options = {};
  options.fec_off_percent = 3.0;
  EXPECT_EQ(LossAdaptation::create(options).error().code, ErrorCode::kInvalidArgument);
  options = {};
  options.heavy_percent = 1.0;
  EXPECT_EQ(LossAdaptation::create(options).error().code, ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace syrinx::call
