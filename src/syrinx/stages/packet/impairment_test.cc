// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/packet/impairment.h"

#include <gtest/gtest.h>

#include "syrinx/stages/packet/bursts.h"

namespace syrinx::packet {
namespace {

using namespace std::chrono_literals;

TEST(Impairment, BurstyLossHasTheShareAndTheBurstThatWereAsked) {
  Impairment network;
  network.loss = bursty_loss(5, 3).value();
  ImpairedPath path(network, 9);
  LossBursts losses;
  for (int i = 0; i < 400'000; ++i) path.send(i * 20ms).arrival ? losses.received() : losses.lost();
  const auto sum = losses.summary();
  EXPECT_NEAR(static_cast<double>(sum.lost) / 4'000.0, 5.0, 0.25);
  EXPECT_NEAR(static_cast<double>(sum.lost) / static_cast<double>(sum.loss_runs), 3.0, 0.15);
}

TEST(Impairment, ATraceIsFollowedAndBeginsAgain) {
  Impairment network;
  network.loss.kind = LossKind::kTrace;
  network.loss.trace = {false, true, false};
  ImpairedPath path(network, 1);
  std::string fates;
  for (int i = 0; i < 6; ++i) fates += path.send(i * 20ms).arrival ? '.' : 'x';
  EXPECT_EQ(fates, ".x..x.");
}

TEST(Impairment, DelaysAreTheBaseTheJitterAndTheSteps) {
  Impairment network;
  network.delay = {.base_ms = 40, .jitter = JitterKind::kUniform, .jitter_ms = 10};
  network.steps = {{1.0, 100.0, {}}};
  ImpairedPath path(network, 1);
  for (int i = 0; i < 100; ++i) {
    const auto now = i * 20ms;
    const auto delay = *path.send(now).arrival - now;
    EXPECT_GE(delay, i < 50 ? 40ms : 100ms);
    EXPECT_LE(delay, i < 50 ? 50ms : 110ms);
  }
}

// 972 bytes with their headers take 20 ms at 400 kbit/s: one packet each 20 ms just goes.
TEST(Impairment, ANarrowLinkQueuesAndThenLoses) {
  Impairment network;
  network.delay.base_ms = 10;
  network.bottleneck = {400'000, 100};
  ImpairedPath wide(network, 1);
  for (int i = 0; i < 200; ++i) EXPECT_EQ(*wide.send(i * 20ms, 972).arrival, i * 20ms + 30ms);
  network.bottleneck.bandwidth_bps = 200'000;
  network.steps = {{2.0, {}, 800'000.0}};
  ImpairedPath narrow(network, 1);
  int lost = 0;
  for (int i = 0; i < 100; ++i) {
    const auto arrival = narrow.send(i * 20ms, 972).arrival;
    lost += arrival ? 0 : 1;
    if (arrival) {
      EXPECT_LE(*arrival - i * 20ms, 10ms + 100ms + 40ms);
    }
  }
  EXPECT_NEAR(lost, 50, 5) << "half of what is sent fits";
  for (int i = 110; i < 200; ++i) EXPECT_EQ(*narrow.send(i * 20ms, 972).arrival, i * 20ms + 20ms);
}

TEST(Impairment, ChangingTheLossLeavesTheDelaysAsTheyWere) {
  Impairment network;
  network.delay = {.base_ms = 40, .jitter = JitterKind::kNormal, .jitter_ms = 10};
  ImpairedPath whole(network, 4);
  network.loss.kind = LossKind::kUniform;
  network.loss.percent = 30;
  ImpairedPath lossy(network, 4);
  for (int i = 0; i < 200; ++i) {
    const auto expected = whole.send(i * 20ms).arrival;
    const auto given = lossy.send(i * 20ms).arrival;
    if (given) {
      EXPECT_EQ(*given, *expected);
    }
  }
}

TEST(Impairment, ANetworkThatKeepsOrderDoes) {
  Impairment network;
  network.delay = {
      .base_ms = 0, .jitter = JitterKind::kUniform, .jitter_ms = 80, .keeps_order = true};
  ImpairedPath path(network, 1);
  auto last = 0ns;
  for (int i = 0; i < 500; ++i) {
    const auto arrival = *path.send(i * 20ms).arrival;
    EXPECT_GE(arrival, last);
    last = arrival;
  }
}

TEST(Impairment, WhatNoNetworkDoesIsRefused) {
  EXPECT_FALSE(bursty_loss(100, 2));
  EXPECT_FALSE(bursty_loss(60, 1)) << "no chain loses more than half in bursts of one";
  Impairment network;
  network.delay.base_ms = -1;
  EXPECT_FALSE(validate(network));
  network = {};
  network.steps = {{5, 1}, {4, 1}};
  EXPECT_FALSE(validate(network));
  network = {};
  network.loss.kind = LossKind::kTrace;
  EXPECT_FALSE(validate(network));
}

}  // namespace
}  // namespace syrinx::packet
