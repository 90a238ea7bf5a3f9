// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/call/port/speech_queue.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <numeric>
#include <thread>
#include <vector>

namespace syrinx::call {
namespace {

constexpr std::size_t kFade = 40;

class SpeechQueueTest : public testing::Test {
 protected:
  std::vector<float> play(std::size_t samples, std::size_t block) {
    std::vector<float> out(samples);
    for (std::size_t at = 0; at < samples; at += block) {
      const auto part = std::span(out).subspan(at, std::min(block, samples - at));
      queue_.play(part, time_);
      time_ += part.size();
    }
    return out;
  }
  std::vector<PortEvent> events() {
    std::vector<PortEvent> all;
    PortEvent event;
    while (events_.next(event)) all.push_back(event);
    return all;
  }
  UtteranceId say(float level, std::size_t samples, bool finish = true) {
    const UtteranceId id = queue_.begin().value();
    EXPECT_EQ(queue_.write(id, std::vector<float>(samples, level)), samples);
    if (finish) queue_.finish(id);
    return id;
  }

  PortEvents events_;
  SpeechQueue queue_{8'000, kFade, events_};
  std::uint64_t time_ = 0;
};

TEST_F(SpeechQueueTest, UtterancesAreSaidOneAfterAnotherWhateverTheBlock) {
  for (const std::size_t block : {1u, 7u, 64u, 160u, 1'000u}) {
    time_ = 0;
    const UtteranceId one = say(0.1F, 300);
    const UtteranceId two = say(0.2F, 200);
    const auto out = play(1'000, block);
    for (std::size_t i = 0; i < out.size(); ++i)
      ASSERT_EQ(out[i], i < 300 ? 0.1F : i < 500 ? 0.2F : 0.0F) << block << " " << i;
    const auto told = events();
    ASSERT_EQ(told.size(), 4u) << block;
    EXPECT_EQ(told[0].kind, PortEvent::Kind::kBegan);
    EXPECT_EQ(told[1].kind, PortEvent::Kind::kFinished);
    EXPECT_EQ(told[1].utterance, one);
    EXPECT_EQ(told[1].said_samples, 300u);
    EXPECT_EQ(told[2].utterance, two);
    EXPECT_EQ(told[2].at_sample, 300u);
    EXPECT_EQ(told[3].at_sample, 500u);
    EXPECT_EQ(queue_.said().utterance, two);
    EXPECT_EQ(queue_.said().samples, 200u);
    EXPECT_EQ(events_.counts.starved, 0u);
  }
}

TEST_F(SpeechQueueTest, AStopFadesOutAndDropsEverythingThatWaited) {
  for (const std::size_t block : {1u, 7u, 64u, 160u}) {
    time_ = 0;
    const UtteranceId one = say(0.5F, 1'000, false);
    EXPECT_EQ(play(100, 100).back(), 0.5F);
    queue_.stop();
    const auto out = play(400, block);
    EXPECT_LT(out[0], 0.5F);
    for (std::size_t i = 1; i < kFade; ++i) EXPECT_LT(out[i], out[i - 1]);
    for (std::size_t i = kFade - 1; i < out.size(); ++i) ASSERT_EQ(out[i], 0.0F) << block;
    EXPECT_EQ(queue_.waiting(), 0u);
    EXPECT_TRUE(queue_.stopped(one));
    const auto told = events();
    ASSERT_EQ(told.size(), 2u);
    EXPECT_EQ(told[1].kind, PortEvent::Kind::kStopped);
    EXPECT_EQ(told[1].said_samples, 100 + kFade);
    EXPECT_EQ(told[1].at_sample, 100 + kFade);
    EXPECT_EQ(queue_.said().samples, 100 + kFade);
  }
  EXPECT_EQ(events_.counts.dropped_samples, 4 * (900 - kFade));
}

TEST_F(SpeechQueueTest, WhatIsWrittenOfAStoppedUtteranceIsNeverSaid) {
  const UtteranceId old = say(0.5F, 200, false);
  say(0.6F, 200, false);  // Waits, and was begun before the stop.
  play(50, 50);
  queue_.stop();
  EXPECT_EQ(queue_.write(old, std::vector<float>(10, 0.9F)), 0u);
  const UtteranceId next = say(0.25F, 100);
  const auto out = play(400, 64);
  EXPECT_EQ(out[kFade], 0.25F);
  for (std::size_t i = kFade; i < out.size(); ++i)
    ASSERT_EQ(out[i], i < kFade + 100 ? 0.25F : 0.0F) << i;
  EXPECT_EQ(queue_.said().utterance, next);
  std::size_t stopped = 0;
  for (const PortEvent& event : events()) stopped += event.kind == PortEvent::Kind::kStopped;
  EXPECT_EQ(stopped, 2u);
}

TEST_F(SpeechQueueTest, AStopWhileNothingCanGoOutDropsAtOnce) {
  say(0.5F, 400);
  queue_.play({}, 0);
  EXPECT_EQ(queue_.waiting(), 400u) << "what waits goes on waiting";
  queue_.stop();
  queue_.play({}, 0);
  EXPECT_EQ(queue_.waiting(), 0u);
  EXPECT_EQ(events().back().said_samples, 0u);
}

TEST_F(SpeechQueueTest, AnUtteranceThatIsLateEndsAndGoesOnSoftly) {
  const UtteranceId id = say(0.5F, 100, false);
  auto out = play(200, 200);
  EXPECT_EQ(out[50], 0.5F);
  EXPECT_EQ(out[99], 0.0F);
  EXPECT_EQ(events_.counts.starved, 1u);
  queue_.write(id, std::vector<float>(100, 0.5F));
  queue_.finish(id);
  out = play(200, 200);
  EXPECT_EQ(out[0], 0.0F);
  EXPECT_EQ(out[kFade + 1], 0.5F);
  EXPECT_EQ(out[99], 0.5F);
  EXPECT_EQ(events().back().kind, PortEvent::Kind::kFinished);
}

TEST_F(SpeechQueueTest, TooManyUtterancesAreRefusedAndThoseThatWaitCanStillBeFinished) {
  UtteranceId last = 0;
  std::size_t begun = 0;
  while (true) {
    const auto id = queue_.begin();
    if (!id) {
      EXPECT_EQ(id.error().code, ErrorCode::kUnavailable);
      break;
    }
    last = *id;
    ASSERT_LT(++begun, 1'000u);
    ASSERT_TRUE(queue_.finish(last));
  }
  EXPECT_GE(begun, 60u);
  play(10, 10);
  EXPECT_TRUE(queue_.begin());
}

// Each utterance is written at its own level, and fades within one sample, to zero: none is heard
// after a later one, and none after a stop that was there before the tick.
TEST(SpeechQueueThreads, AWriterAndAStopperNeverMakeStaleSound) {
  PortEvents events;
  SpeechQueue queue(8'000, 1, events);
  std::atomic<bool> done{false};
  std::atomic<UtteranceId> current{0};
  std::thread writer([&] {
    for (int n = 0; n < 600; ++n) {
      const auto id = queue.begin();
      if (!id) {
        std::this_thread::yield();
        continue;
      }
      current = *id;
      const std::vector<float> part(33, static_cast<float>(*id));
      for (int i = 0; i < 20 && !queue.stopped(*id); ++i) {
        queue.write(*id, part);
        if (i % 5 == 0) std::this_thread::yield();
      }
      if (n % 2 == 0) queue.finish(*id);
    }
    done = true;
  });
  std::thread stopper([&] {
    while (!done) {
      queue.stop();
      for (int i = 0; i < 50; ++i) std::this_thread::yield();
    }
  });
  float newest = 0.0F;
  bool ordered = true;
  bool fresh = true;
  std::vector<float> out(80);
  std::uint64_t time = 0;
  while (!done) {
    const UtteranceId before = current;
    const bool stopped = before != 0 && queue.stopped(before);
    queue.play(out, time);
    time += out.size();
    for (std::size_t i = 0; i < out.size(); ++i) {
      if (out[i] == 0.0F) continue;
      ordered = ordered && out[i] >= newest;
      newest = out[i];
      fresh = fresh && !(stopped && out[i] <= static_cast<float>(before));
    }
    PortEvent event;
    while (events.next(event)) {
    }
  }
  writer.join();
  stopper.join();
  EXPECT_TRUE(ordered);
  EXPECT_TRUE(fresh);
  EXPECT_GT(newest, 1.0F);
}

}  // namespace
}  // namespace syrinx::call
