// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/call/conference/media_engine.h"

#include "support/realtime_guard.h"
#include "syrinx/engines/call/conference/bridge.h"
#include "syrinx/engines/call/session/session_test_support.h"

namespace syrinx::call {
namespace {

using namespace testing_support;

struct Counter final : Ticked {
  void tick(nanoseconds now) noexcept override {
    ++ticks;
    last = now;
    in_scope = in_scope && in_realtime_scope();
  }
  nanoseconds wanted_at() const noexcept override { return wanted; }
  std::atomic<int> ticks{0};
  nanoseconds last{0};
  nanoseconds wanted = nanoseconds::min();
  bool in_scope = true;
};

TEST(MediaEngine, AVirtualClockTicksEverythingInStep) {
  auto engine = MediaEngine::create({2, 20}).value();
  std::vector<Counter> counters(5);
  for (Counter& counter : counters) ASSERT_TRUE(engine->add(counter));
  engine->advance_to(std::chrono::seconds(10));
  for (const Counter& counter : counters) {
    EXPECT_EQ(counter.ticks, 500);
    EXPECT_EQ(counter.last, std::chrono::seconds(10));
    EXPECT_TRUE(counter.in_scope);
  }
  ASSERT_TRUE(engine->remove(counters[0]));
  engine->advance_to(std::chrono::seconds(11));
  EXPECT_EQ(counters[0].ticks, 500);
  EXPECT_EQ(counters[1].ticks, 550);
  EXPECT_EQ(engine->remove(counters[0]).error().code, ErrorCode::kNotFound);
  const auto statistics = engine->statistics();
  EXPECT_EQ(statistics.ticks, 1'100u);
  EXPECT_EQ(statistics.visits, 2'700u);
  EXPECT_EQ(statistics.ticks_late, 0u);
}

TEST(MediaEngine, WhatIsIdleIsLookedAtAndNotTicked) {
  auto engine = MediaEngine::create({}).value();
  Counter idle;
  idle.wanted = std::chrono::seconds(5);
  ASSERT_TRUE(engine->add(idle));
  engine->advance_to(std::chrono::milliseconds(4'999));
  EXPECT_EQ(idle.ticks, 0);
  EXPECT_EQ(engine->statistics().visits_idle, 249u);
  engine->advance_to(std::chrono::seconds(6));
  EXPECT_EQ(idle.ticks, 51);
}

TEST(MediaEngine, ItsThreadsTickByTheMachinesClock) {
  auto engine = MediaEngine::create({2, 10}).value();
  std::vector<Counter> counters(4);
  for (Counter& counter : counters) ASSERT_TRUE(engine->add(counter));
  ASSERT_TRUE(engine->start());
  EXPECT_EQ(engine->start().error().code, ErrorCode::kUnavailable);
  while (counters[3].ticks < 20) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  ASSERT_TRUE(engine->remove(counters[3]));
  const int ticks = counters[3].ticks;
  while (counters[0].ticks < 40) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  EXPECT_EQ(counters[3].ticks, ticks);
  engine->stop();
  const int stopped = counters[0].ticks;
  EXPECT_GE(engine->statistics().ticks, 40u);
  std::this_thread::sleep_for(std::chrono::milliseconds(30));
  EXPECT_EQ(counters[0].ticks, stopped);
}

TEST(MediaEngine, SessionsHaveNumbersThatNobodyGuesses) {
  const auto engine = MediaEngine::create({}).value();
  auto options = options_for("pcmu", 0, 0);
  const auto one = engine->create_session(options).value();
  const auto two = engine->create_session(options).value();
  EXPECT_NE(one->ssrc(), two->ssrc());
  // 2024 began 3,913,056,000 s after 1900.
  EXPECT_GT(one->options().ntp_at_zero >> 32, 3'800'000'000u);
}

TEST(MediaEngine, RefusesWhatCannotBeMeant) {
  EXPECT_EQ(MediaEngine::create({0, 20}).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(MediaEngine::create({1, 15}).error().code, ErrorCode::kInvalidArgument);
}

TEST(Bridge, CarriesACallFromOneCodecToAnother) {
  auto engine = MediaEngine::create({}).value();
  auto phone_a = started(options_for("pcmu", 8'000, 1));
  auto leg_a = started(options_for("pcmu", 8'000, 2));
  auto leg_b = started(options_for("opus", 8'000, 3));
  auto phone_b = started(options_for("opus", 48'000, 4));
  auto bridge = Bridge::create(*leg_a, *leg_b).value();
  ASSERT_TRUE(engine->add(*bridge));
  Wire wires[4];
  Voice voice_a(150.0, 8'000);
  Voice voice_b(230.0, 48'000);
  std::vector<float> block_a(160);
  std::vector<float> block_b(960);
  std::vector<float> heard_a;
  std::vector<float> heard_b;
  for (int i = 1; i <= 200; ++i) {
    const nanoseconds now = milliseconds(20 * i);
    phone_a->pull(now, block_a);
    phone_b->pull(now, block_b);
    heard_a.insert(heard_a.end(), block_a.begin(), block_a.end());
    heard_b.insert(heard_b.end(), block_b.begin(), block_b.end());
    voice_a.fill(block_a);
    voice_b.fill(block_b);
    phone_a->push(now, block_a);
    phone_b->push(now, block_b);
    wires[0].carry(*phone_a, *leg_a, now);
    wires[1].carry(*phone_b, *leg_b, now);
    engine->advance_to(now);
    wires[2].carry(*leg_a, *phone_a, now);
    wires[3].carry(*leg_b, *phone_b, now);
  }
  EXPECT_GT(share_at(std::span(heard_b).last(48'000), 150.0, 48'000), 0.2);
  EXPECT_GT(share_at(std::span(heard_a).last(8'000), 230.0, 8'000), 0.2);
  EXPECT_EQ(Bridge::create(*leg_a, *phone_b).error().code, ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace syrinx::call
