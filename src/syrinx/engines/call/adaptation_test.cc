// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/call/adaptation.h"

#include <gtest/gtest.h>

#include <vector>

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
  EXPECT_TRUE(adaptation.current().codec.fec);
  EXPECT_GE(adaptation.current().codec.expected_loss_percent, 5);
  EXPECT_EQ(adaptation.current().codec.bitrate_bps, 32'000);
  reports(adaptation, 0.0, 20, now);
  EXPECT_FALSE(adaptation.current().codec.fec);
  EXPECT_EQ(adaptation.current().codec.expected_loss_percent, 0);
}

TEST(LossAdaptation, SavingTheNetworkLowersTheBitRateToItsLeastAndRaisesItAgain) {
  auto adaptation = made(AdaptationStrategy::kSaveNetwork);
  seconds now(0);
  reports(adaptation, 5.0, 20, now);
  EXPECT_EQ(adaptation.current().codec.bitrate_bps, 12'000);
  reports(adaptation, 0.0, 40, now);
  EXPECT_EQ(adaptation.current().codec.bitrate_bps, 32'000);
}

TEST(LossAdaptation, HeavyLossLowersTheBitRateUnderEitherStrategy) {
  auto adaptation = made(AdaptationStrategy::kKeepQuality);
  seconds now(0);
  reports(adaptation, 25.0, 20, now);
  EXPECT_EQ(adaptation.current().codec.bitrate_bps, 12'000);
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

LossAdaptation made_for(AdaptationStrategy strategy, const AdaptationScope& scope) {
  auto adaptation = made(strategy);
  adaptation.begin(scope);
  return adaptation;
}

TEST(LossAdaptation, PacketsLengthenWhereTheBitRateCanFallNoFurther) {
  auto adaptation = made_for(AdaptationStrategy::kSaveNetwork, {true, 20, 60});
  seconds now(0);
  while (adaptation.current().codec.bitrate_bps > 12'000) {
    EXPECT_EQ(adaptation.current().packet_ms, 20);
    reports(adaptation, 5.0, 1, now);
  }
  reports(adaptation, 5.0, 10, now);
  EXPECT_EQ(adaptation.current().packet_ms, 60);
  // Back the other way round.
  while (adaptation.current().packet_ms > 20) {
    EXPECT_EQ(adaptation.current().codec.bitrate_bps, 12'000);
    reports(adaptation, 0.0, 1, now);
    ASSERT_LT(now, seconds(2'000));
  }
  reports(adaptation, 0.0, 40, now);
  EXPECT_EQ(adaptation.current().codec.bitrate_bps, 32'000);
}

TEST(LossAdaptation, ACodecOfOneBitRateHasOnlyItsPackets) {
  auto adaptation = made_for(AdaptationStrategy::kSaveNetwork, {false, 20, 60});
  seconds now(0);
  reports(adaptation, 5.0, 1, now);
  EXPECT_EQ(adaptation.current().packet_ms, 20) << "one bad report is no reason";
  reports(adaptation, 5.0, 1, now);
  EXPECT_EQ(adaptation.current().packet_ms, 40);
  reports(adaptation, 5.0, 1, now);
  EXPECT_EQ(adaptation.current().packet_ms, 40);
  reports(adaptation, 5.0, 10, now);
  EXPECT_EQ(adaptation.current().packet_ms, 60);
  EXPECT_EQ(adaptation.current().codec.bitrate_bps, 0);
  EXPECT_FALSE(adaptation.current().codec.fec);
}

TEST(LossAdaptation, PacketsGetNoLongerThanTheOtherSideTakes) {
  for (const int most : {0, 20, 30, 40, 50}) {
    auto adaptation = made_for(AdaptationStrategy::kSaveNetwork, {false, 20, most});
    seconds now(0);
    reports(adaptation, 30.0, 50, now);
    EXPECT_EQ(adaptation.current().packet_ms, most >= 40 ? 40 : 20) << most;
  }
  auto fixed = made_for(AdaptationStrategy::kSaveNetwork, {false, 0, 60});
  seconds now(0);
  EXPECT_EQ(reports(fixed, 30.0, 50, now), 0);
  auto odd = made_for(AdaptationStrategy::kSaveNetwork, {false, 30, 60});
  reports(odd, 30.0, 50, now);
  EXPECT_EQ(odd.current().packet_ms, 60);
  reports(odd, 0.0, 200, now);
  EXPECT_EQ(odd.current().packet_ms, 30) << "as agreed on, and no shorter";
}

TEST(LossAdaptation, KeepingQualityLengthensPacketsUnderHeavyLossAlone) {
  auto adaptation = made_for(AdaptationStrategy::kKeepQuality, {false, 20, 60});
  seconds now(0);
  reports(adaptation, 6.0, 50, now);
  EXPECT_EQ(adaptation.current().packet_ms, 20);
  reports(adaptation, 20.0, 50, now);
  EXPECT_EQ(adaptation.current().packet_ms, 60);
}

// A network that carries packets of 60 ms and no shorter ones: attempts come ever more rarely.
TEST(LossAdaptation, PacketsThatCannotBeShorterAreTriedEverMoreRarely) {
  auto adaptation = made_for(AdaptationStrategy::kSaveNetwork, {false, 20, 60});
  seconds now(0);
  std::vector<seconds> shortened;
  int before = 20;
  while (now < seconds(3'600)) {
    reports(adaptation, adaptation.current().packet_ms < 60 ? 10.0 : 0.0, 1, now);
    if (adaptation.current().packet_ms < before) shortened.push_back(now);
    before = adaptation.current().packet_ms;
  }
  ASSERT_GE(shortened.size(), 6u);
  EXPECT_LT(shortened.size(), 40u);
  EXPECT_LT(shortened[1] - shortened[0], seconds(70));
  const auto last = shortened.size() - 1;
  EXPECT_GT(shortened[last] - shortened[last - 1], seconds(150));
}

TEST(LossAdaptation, TheCodecChangesBeforePacketsLengthenAndComesBackLast) {
  auto adaptation = made_for(AdaptationStrategy::kSaveNetwork, {false, 20, 60, true, true});
  seconds now(0);
  reports(adaptation, 5.0, 1, now);
  EXPECT_FALSE(adaptation.current().fallback) << "one bad report is no reason";
  reports(adaptation, 5.0, 1, now);
  EXPECT_TRUE(adaptation.current().fallback);
  EXPECT_EQ(adaptation.current().codec.bitrate_bps, 32'000);
  EXPECT_TRUE(adaptation.current().codec.fec);
  EXPECT_EQ(adaptation.current().packet_ms, 20);
  while (adaptation.current().packet_ms == 20) {
    reports(adaptation, 5.0, 1, now);
    ASSERT_LT(now, seconds(500));
  }
  EXPECT_EQ(adaptation.current().codec.bitrate_bps, 12'000);
  while (adaptation.current().fallback) {
    reports(adaptation, 0.0, 1, now);
    ASSERT_LT(now, seconds(1'500));
  }
  EXPECT_EQ(adaptation.current().packet_ms, 20);
  EXPECT_EQ(adaptation.current().codec.bitrate_bps, 0);
  EXPECT_FALSE(adaptation.current().codec.fec);
}

// A network that the first codec does not fit through: it is tried ever more rarely.
TEST(LossAdaptation, ACodecThatDoesNotFitIsTriedEverMoreRarely) {
  auto adaptation = made_for(AdaptationStrategy::kSaveNetwork, {false, 20, 60, true, false});
  seconds now(0);
  std::vector<seconds> tried;
  bool before = false;
  while (now < seconds(3'600)) {
    reports(adaptation, adaptation.current().fallback ? 0.0 : 10.0, 1, now);
    if (before && !adaptation.current().fallback) tried.push_back(now);
    before = adaptation.current().fallback;
  }
  ASSERT_GE(tried.size(), 6u);
  EXPECT_LT(tried.size(), 40u);
  EXPECT_GT(tried.back() - tried[tried.size() - 2], seconds(150));
}

TEST(LossAdaptation, KeepingQualityChangesTheCodecUnderHeavyLossAlone) {
  auto adaptation = made_for(AdaptationStrategy::kKeepQuality, {false, 20, 60, true, false});
  seconds now(0);
  reports(adaptation, 6.0, 50, now);
  EXPECT_FALSE(adaptation.current().fallback);
  reports(adaptation, 20.0, 3, now);
  EXPECT_TRUE(adaptation.current().fallback);
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
  options = {};
  options.max_packet_ms = 121;
  EXPECT_EQ(LossAdaptation::create(options).error().code, ErrorCode::kInvalidArgument);
}

TEST(LossAdaptation, StrategiesHaveNames) {
  for (const auto strategy : {AdaptationStrategy::kNone, AdaptationStrategy::kKeepQuality,
                              AdaptationStrategy::kSaveNetwork})
    EXPECT_EQ(adaptation_strategy_named(name_of(strategy)).value(), strategy);
  EXPECT_EQ(adaptation_strategy_named("save").error().code, ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace syrinx::call
