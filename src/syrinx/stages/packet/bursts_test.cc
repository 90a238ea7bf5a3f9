// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/packet/bursts.h"

#include <gtest/gtest.h>

namespace syrinx::packet {
namespace {

TEST(LossBursts, LossesWithinSixteenPacketsAreOneBurst) {
  LossBursts bursts;
  bursts.received(100);
  bursts.lost(2);
  bursts.received(10);
  bursts.lost(1);
  bursts.received(100);
  const auto sum = bursts.summary();
  EXPECT_EQ(sum.bursts, 1u);
  EXPECT_EQ(sum.burst_packets, 13u);
  EXPECT_EQ(sum.burst_lost, 3u);
  EXPECT_EQ(sum.gap_lost, 0u);
  EXPECT_EQ(sum.longest_run, 2u);
  EXPECT_DOUBLE_EQ(sum.burst_density, 3.0 / 13.0);
}

TEST(LossBursts, ALoneLossBelongsToTheGap) {
  LossBursts bursts;
  for (int i = 0; i < 5; ++i) {
    bursts.received(20);
    bursts.lost();
  }
  const auto sum = bursts.summary();
  EXPECT_EQ(sum.bursts, 0u);
  EXPECT_EQ(sum.gap_lost, 5u);
  EXPECT_DOUBLE_EQ(sum.gap_density, 5.0 / 105.0);
  EXPECT_DOUBLE_EQ(sum.burst_ratio, 1.0);
}

TEST(LossBursts, SixteenReceivedInARowEndABurstAndFifteenDoNot) {
  LossBursts apart;
  apart.lost(2);
  apart.received(16);
  apart.lost(2);
  EXPECT_EQ(apart.summary().bursts, 2u);
  LossBursts together;
  together.lost(2);
  together.received(15);
  together.lost(2);
  EXPECT_EQ(together.summary().bursts, 1u);
}

TEST(LossBursts, TheBurstRatioIsTheMeanRunOverThatOfRandomLoss) {
  LossBursts bursts;
  for (int i = 0; i < 10; ++i) {
    bursts.received(27);
    bursts.lost(3);
  }
  EXPECT_DOUBLE_EQ(bursts.summary().burst_ratio, 3.0 * 0.9);
}

}  // namespace
}  // namespace syrinx::packet
