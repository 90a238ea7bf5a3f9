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
  network.steps = {{1.0, 100.0}};
  ImpairedPath path(network, 1);
  for (int i = 0; i < 100; ++i) {
    const auto now = i * 20ms;
    const auto delay = *path.send(now).arrival - now;
    EXPECT_GE(delay, i < 50 ? 40ms : 100ms);
    EXPECT_LE(delay, i < 50 ? 50ms : 110ms);
  }
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
