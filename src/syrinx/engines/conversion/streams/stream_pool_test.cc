// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/conversion/streams/stream_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cmath>
#include <functional>
#include <limits>
#include <thread>
#include <vector>

#include "support/realtime_guard.h"

namespace syrinx::conversion {
namespace {

constexpr std::size_t kBlock = 480;

// Halves what it is given; gives what is not finite as often as it is told, and takes its time.
class Half final : public voice::VoiceTransform {
 public:
  struct Orders {
    std::atomic<int> bad_blocks{0};
    std::atomic<double> work_s{0.0};
  };
  explicit Half(Orders* orders) : orders_(orders) {}
  Result<void> prepare(const voice::Format& format) override {
    format_ = format;
    return {};
  }
  const voice::Format& format() const noexcept override { return format_; }
  std::size_t latency_samples() const noexcept override { return 0; }
  void process(MutableAudioView block) noexcept override {
    const auto until =
        std::chrono::steady_clock::now() + std::chrono::duration<double>(orders_->work_s.load());
    for (std::size_t c = 0; c < block.channels(); ++c)
      for (float& x : block.channel(c)) x *= 0.5f;
    if (orders_->bad_blocks.load() > 0 && orders_->bad_blocks.fetch_sub(1) > 0)
      block.channel(0)[3] = std::numeric_limits<float>::quiet_NaN();
    while (std::chrono::steady_clock::now() < until) {
    }
  }
  void set(const voice::VoiceSettings& settings) noexcept override { settings_ = settings; }
  const voice::VoiceSettings& settings() const noexcept override { return settings_; }
  void reset() noexcept override {}
  double source_f0_hz() const noexcept override { return 0.0; }
  std::uint64_t bad_samples() const noexcept override { return 0; }

 private:
  Orders* orders_;
  voice::Format format_;
  voice::VoiceSettings settings_;
};

StreamOptions simple(Half::Orders& orders, Recovery recovery = Recovery::kSkip) {
  StreamOptions options;
  options.recovery = recovery;
  options.deadline_ms = 5'000.0;
  options.chain.transforms = [&orders](LiveLevel, const voice::VoiceSettings&,
                                       const voice::Format& format) {
    auto made = std::make_unique<Half>(&orders);
    EXPECT_TRUE(made->prepare(format));
    return Result<std::unique_ptr<voice::VoiceTransform>>(std::move(made));
  };
  return options;
}

AudioBuffer constant(std::size_t frames, float value) {
  AudioBuffer audio(1, frames, 48'000);
  std::fill(audio.channel(0).begin(), audio.channel(0).end(), value);
  return audio;
}

bool eventually(const std::function<bool()>& is) {
  for (int i = 0; i < 10'000 && !is(); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  return is();
}

// What comes of so many blocks of a constant, each waited for.
std::vector<float> made_of(PooledStream& stream, std::size_t blocks, float value) {
  const auto in = constant(kBlock, value);
  AudioBuffer out(1, kBlock, 48'000);
  std::vector<float> all;
  for (std::size_t i = 0; i < blocks; ++i) {
    EXPECT_EQ(stream.push(in), kBlock);
    std::size_t got = 0;
    eventually([&] {
      got += stream.pull(out.view().slice(got, kBlock - got));
      return got == kBlock || stream.report().stopped;
    });
    all.insert(all.end(), out.channel(0).begin(),
               out.channel(0).begin() + static_cast<std::ptrdiff_t>(got));
  }
  return all;
}

TEST(StreamPool, ManyStreamsComeOutEachAsItsOwn) {
  Half::Orders orders;
  auto pool = StreamPool::create({3}).value();
  std::vector<PooledStream> streams;
  for (int i = 0; i < 25; ++i) streams.push_back(pool->open(simple(orders)).value());
  for (int round = 0; round < 20; ++round) {
    for (std::size_t i = 0; i < streams.size(); ++i) {
      const auto in = constant(kBlock, 0.01f * static_cast<float>(i));
      EXPECT_REALTIME_SAFE(streams[i].push(in));
    }
    for (std::size_t i = 0; i < streams.size(); ++i) {
      AudioBuffer out(1, kBlock, 48'000);
      std::size_t got = 0;
      ASSERT_TRUE(eventually([&] {
        got += streams[i].pull(out.view().slice(got, kBlock - got));
        return got == kBlock;
      }));
      ASSERT_EQ(out.channel(0)[17], 0.5f * 0.01f * static_cast<float>(i));
    }
  }
  EXPECT_EQ(streams[7].report().blocks, 20u);
  EXPECT_EQ(pool->report().streams, 25u);
  EXPECT_TRUE(eventually([&] { return pool->report().blocks == 500; }));
}

TEST(StreamPool, WhatDoesNotFitIsNotTaken) {
  Half::Orders orders;
  orders.work_s.store(0.02);
  auto pool = StreamPool::create({1}).value();
  auto stream = pool->open(simple(orders)).value();
  const auto in = constant(2 * 48'000, 0.5f);
  const std::size_t taken = stream.push(in);
  EXPECT_GE(taken, 48'000u);
  EXPECT_LT(taken, 60'000u) << "a second waits, and what was worked on meanwhile";
  EXPECT_GT(stream.waiting_blocks(), 50u);
}

TEST(StreamPool, AFullOutputHoldsTheStreamUntilSomebodyPulls) {
  Half::Orders orders;
  auto pool = StreamPool::create({1}).value();
  auto stream = pool->open(simple(orders)).value();
  const auto in = constant(48'000, 0.5f);
  ASSERT_EQ(stream.push(in), 48'000u);
  ASSERT_TRUE(eventually([&] { return stream.waiting_blocks() == 0; }));
  ASSERT_EQ(stream.push(in), 48'000u);
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  EXPECT_EQ(stream.waiting_blocks(), 100u);
  AudioBuffer out(1, 24'000, 48'000);
  EXPECT_EQ(stream.pull(out.view()), 24'000u);
  EXPECT_TRUE(eventually([&] { return stream.waiting_blocks() == 50; }));
}

TEST(StreamPool, TheMoreImportantStreamGoesFirst) {
  Half::Orders orders;
  orders.work_s.store(0.002);
  auto pool = StreamPool::create({1}).value();
  StreamOptions options = simple(orders);
  auto low = pool->open(options).value();
  options.priority = 5;
  auto high = pool->open(options).value();
  const auto in = constant(40 * kBlock, 0.5f);
  low.push(in);
  high.push(in);
  ASSERT_TRUE(eventually([&] { return high.waiting_blocks() == 0; }));
  EXPECT_GT(low.waiting_blocks(), 20u);
}

TEST(StreamPool, ABadBlockIsSkippedAndTheStreamGoesOn) {
  Half::Orders orders;
  auto pool = StreamPool::create({1}).value();
  auto stream = pool->open(simple(orders)).value();
  orders.bad_blocks.store(1);
  const auto out = made_of(stream, 3, 0.5f);
  EXPECT_EQ(out[10], 0.0f);
  EXPECT_EQ(out[kBlock + 10], 0.25f);
  const auto report = stream.report();
  EXPECT_EQ(report.bad_blocks, 1u);
  EXPECT_EQ(report.skipped, 1u);
  EXPECT_FALSE(report.stopped);
}

TEST(StreamPool, ARetryMakesABadBlockGood) {
  Half::Orders orders;
  auto pool = StreamPool::create({1}).value();
  auto stream = pool->open(simple(orders, Recovery::kRetry)).value();
  orders.bad_blocks.store(1);
  const auto out = made_of(stream, 2, 0.5f);
  EXPECT_EQ(out[10], 0.25f);
  EXPECT_EQ(stream.report().retried, 1u);
  EXPECT_EQ(stream.report().skipped, 0u);
}

TEST(StreamPool, PassingThroughGivesTheVoiceAsItIs) {
  Half::Orders orders;
  auto pool = StreamPool::create({1}).value();
  auto stream = pool->open(simple(orders, Recovery::kPassThrough)).value();
  orders.bad_blocks.store(1);
  const auto out = made_of(stream, 10, 0.5f);
  EXPECT_EQ(out[10], 0.5f);
  EXPECT_EQ(out[9 * kBlock], 0.5f);
  EXPECT_EQ(stream.report().passed, 1u);
  EXPECT_EQ(stream.report().level, LiveLevel::kPassThrough);
}

TEST(StreamPool, AStreamThatIsToStopStops) {
  Half::Orders orders;
  auto pool = StreamPool::create({1}).value();
  auto stream = pool->open(simple(orders, Recovery::kStop)).value();
  orders.bad_blocks.store(1);
  made_of(stream, 1, 0.5f);
  EXPECT_TRUE(stream.report().stopped);
  EXPECT_EQ(stream.push(constant(kBlock, 0.5f)), 0u);
}

TEST(StreamPool, AStreamThatIsOftenBadLeavesItsLevel) {
  Half::Orders orders;
  auto pool = StreamPool::create({1}).value();
  auto stream = pool->open(simple(orders)).value();
  orders.bad_blocks.store(3);
  made_of(stream, 6, 0.5f);
  EXPECT_EQ(stream.report().level, LiveLevel::kLow);
  EXPECT_EQ(stream.report().step_downs, 1u);
}

TEST(StreamPool, MissedDeadlinesStepTheLeastImportantDownFirst) {
  Half::Orders orders;
  orders.work_s.store(0.002);
  PoolOptions options;
  options.threads = 1;
  options.watch_s = 0.03;
  auto pool = StreamPool::create(options).value();
  StreamOptions stream = simple(orders);
  stream.deadline_ms = 1.0;
  auto low = pool->open(stream).value();
  stream.priority = 1;
  auto high = pool->open(stream).value();
  AudioBuffer sink(1, 48'000, 48'000);
  const auto in = constant(kBlock, 0.5f);
  ASSERT_TRUE(eventually([&] {
    low.push(in);
    high.push(in);
    low.pull(sink.view());
    high.pull(sink.view());
    return low.report().level > LiveLevel::kBalanced;
  }));
  EXPECT_EQ(high.report().step_downs, 0u);
  EXPECT_GT(pool->report().missed_deadlines, 0u);
  EXPECT_GE(pool->report().step_downs, 1u);
}

TEST(StreamPool, RefusesWhatIsOutOfRange) {
  Half::Orders orders;
  EXPECT_FALSE(StreamPool::create({100'000}));
  auto pool = StreamPool::create({1, 1}).value();
  StreamOptions options = simple(orders);
  options.queue_s = 0.0;
  EXPECT_FALSE(pool->open(options));
  options = simple(orders);
  options.priority = 1'000;
  EXPECT_FALSE(pool->open(options));
  const auto only = pool->open(simple(orders));
  ASSERT_TRUE(only);
  const auto more = pool->open(simple(orders));
  ASSERT_FALSE(more);
  EXPECT_EQ(more.error().code, ErrorCode::kLimitExceeded);
}

}  // namespace
}  // namespace syrinx::conversion
