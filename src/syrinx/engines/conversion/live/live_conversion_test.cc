// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/conversion/live/live_conversion.h"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <functional>
#include <thread>
#include <vector>

#include "support/realtime_guard.h"
#include "syrinx/engines/conversion/live/live_test_support.h"

namespace syrinx::conversion {
namespace {

using namespace testing;  // NOLINT: helpers of these tests.

constexpr std::size_t kBlock = 480;

LiveOptions simple(std::atomic<double>* work_s = nullptr) {
  LiveOptions options;
  options.chain.best = LiveLevel::kHigh;
  options.chain.transforms = late_gains(work_s);
  options.block_frames = kBlock;
  options.ask_for_priority = false;
  return options;
}

// Waits for what another thread does; false after ten seconds.
bool eventually(const std::function<bool()>& is) {
  for (int i = 0; i < 10'000 && !is(); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  return is();
}

// Hands a block in, waits until the worker has made one of it, and takes one out.
void one_round(LiveConversion& live, std::span<const float> in, std::span<float> out) {
  const auto before = live.snapshot().frames;
  live.capture(in);
  ASSERT_TRUE(eventually([&] { return live.snapshot().frames >= before + kBlock; }));
  std::this_thread::sleep_for(std::chrono::microseconds(200));  // Made, and about to be queued.
  live.render(out);
}

TEST(LiveConversion, WhatIsCapturedIsRenderedAsTheTransformMakesIt) {
  auto live = LiveConversion::create(simple()).value();
  live->start();
  std::vector<float> all_in;
  std::vector<float> all_out;
  std::vector<float> in(kBlock);
  std::vector<float> out(kBlock);
  for (std::size_t round = 0; round < 40; ++round) {
    for (std::size_t i = 0; i < kBlock; ++i) in[i] = static_cast<float>((round * kBlock + i) % 997);
    one_round(*live, in, out);
    all_in.insert(all_in.end(), in.begin(), in.end());
    all_out.insert(all_out.end(), out.begin(), out.end());
  }
  live->stop();
  const auto shot = live->snapshot();
  EXPECT_EQ(shot.underruns, 0u);
  EXPECT_EQ(shot.overruns, 0u);
  const std::size_t safety = 144;  // 3 ms.
  const std::size_t late = kBlock + safety + latency_of(LiveLevel::kHigh);
  for (std::size_t i = late; i < all_out.size(); ++i)
    ASSERT_EQ(all_out[i], 0.5f * all_in[i - late]) << i;
  EXPECT_EQ(shot.f0_hz, 123.0);
  EXPECT_NEAR(shot.algorithm_ms, 6.25, 1e-9);
}

// A device that was woken late calls many times at once; no worker could be woken in between.
TEST(LiveConversion, ACheapVoiceIsWorkedOnWhereItIsCapturedSoThatBurstsLeaveNoGap) {
  auto live = LiveConversion::create(simple()).value();
  live->start();
  std::vector<float> in(kBlock, 0.1f);
  std::vector<float> out(kBlock);
  for (std::size_t round = 1; round <= 200; ++round) {
    live->capture(in);
    ASSERT_EQ(live->snapshot().frames, round * kBlock) << "made before capture() returns";
    live->render(out);
  }
  EXPECT_EQ(live->snapshot().glitches(), 0u);
  live->stop();
  live->capture(in);
  EXPECT_EQ(live->snapshot().frames, 200 * kBlock) << "nothing is done once it has ended";
}

TEST(LiveConversion, ADearVoiceIsLeftToTheWorker) {
  std::array<std::atomic<double>, 3> work_s = {0.1, 0.0, 0.0};  // Of blocks of 10 ms.
  LiveOptions options = simple(work_s.data());
  options.step_down = false;
  auto live = LiveConversion::create(options).value();
  live->start();
  std::vector<float> in(kBlock, 0.1f);
  std::vector<float> out(kBlock);
  for (int i = 0; i < 100 && live->snapshot().load < 0.3; ++i) one_round(*live, in, out);
  ASSERT_GE(live->snapshot().load, 0.3);
  const auto before = live->snapshot().frames;
  live->capture(in);
  EXPECT_EQ(live->snapshot().frames, before) << "capture() has not waited for it";
  EXPECT_TRUE(eventually([&] { return live->snapshot().frames == before + kBlock; }));
  live->stop();
}

TEST(LiveConversion, NeitherTheCallbacksNorTheWorkerAllocateOrLock) {
  const auto before = support::realtime_violations();
  LiveOptions options = simple();
  options.chain.transforms = standard_transforms();
  options.chain.denoise = enhance::DenoiseKind::kStatistical;
  options.chain.voice.pitch_ratio = 1.5;
  auto live = LiveConversion::create(options).value();
  live->start();
  std::vector<float> in(kBlock, 0.1f);
  std::vector<float> out(kBlock);
  for (int i = 0; i < 50; ++i) {
    if (i == 20) live->set_bypass(true);
    if (i == 30) live->set_voice({});
    {
      const RealtimeScope scope;
      live->capture(in);
      live->render(out);
      live->snapshot();
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  live->stop();
  EXPECT_EQ(support::realtime_violations(), before);
}

TEST(LiveConversion, CountsWhatItCouldNotDeliverAndWhatItCouldNotTake) {
  auto live = LiveConversion::create(simple()).value();
  std::vector<float> in(48'000, 0.1f);
  live->capture(in);  // Half a second fits, and nobody takes it.
  EXPECT_EQ(live->snapshot().overruns, 1u);
  EXPECT_GT(live->snapshot().overrun_frames, 10'000u);
  std::vector<float> out(48'000);
  live->render(out);
  EXPECT_EQ(live->snapshot().underruns, 0u) << "nothing has been made yet";
  live->start();
  ASSERT_TRUE(eventually([&] { return live->snapshot().frames >= 24'000; }));
  live->render(out);
  EXPECT_EQ(live->snapshot().underruns, 1u);
  EXPECT_EQ(live->snapshot().glitches(), 2u);
  live->stop();
}

TEST(LiveConversion, StepsDownUnderLoadAndUpAgainAfterItAndSaysSo) {
  std::array<std::atomic<double>, 3> work_s = {0.012, 0.012, 0.0};  // Of blocks of 10 ms.
  LiveOptions options = simple(work_s.data());
  options.governor.hold_s = 0.05;
  options.governor.calm_s = 0.3;
  auto live = LiveConversion::create(options).value();
  live->start();
  std::vector<float> in(kBlock, 0.1f);
  std::vector<float> out(kBlock);
  const auto play_until = [&](const std::function<bool()>& is) {
    for (int i = 0; i < 3'000 && !is(); ++i) one_round(*live, in, out);
    return is();
  };
  EXPECT_TRUE(play_until([&] { return live->snapshot().level == LiveLevel::kLow; }));
  EXPECT_GE(live->snapshot().step_downs, 2u);
  EXPECT_GT(live->snapshot().late_blocks, 0u);
  for (auto& work : work_s) work.store(0.0);
  EXPECT_TRUE(play_until([&] { return live->snapshot().level == LiveLevel::kHigh; }));
  EXPECT_GE(live->snapshot().step_ups, 2u);
  live->stop();
}

TEST(LiveConversion, WithoutSteppingDownItStaysAtItsLevel) {
  std::array<std::atomic<double>, 3> work_s = {0.012, 0.0, 0.0};
  LiveOptions options = simple(work_s.data());
  options.governor.hold_s = 0.02;
  options.step_down = false;
  auto live = LiveConversion::create(options).value();
  live->start();
  std::vector<float> in(kBlock, 0.1f);
  std::vector<float> out(kBlock);
  for (int i = 0; i < 30; ++i) one_round(*live, in, out);
  EXPECT_EQ(live->snapshot().level, LiveLevel::kHigh);
  EXPECT_GT(live->snapshot().load, 1.0);
  live->stop();
}

TEST(LiveConversion, DelayThatIsNeverNeededIsLeftOut) {
  auto live = LiveConversion::create(simple()).value();
  live->start();
  std::vector<float> in(kBlock, 0.1f);
  std::vector<float> out(kBlock);
  for (int i = 0; i < 20; ++i) {  // Nobody plays: 0.2 s gather.
    live->capture(in);
    ASSERT_TRUE(eventually(
        [&] { return live->snapshot().frames >= (static_cast<std::uint64_t>(i) + 1) * kBlock; }));
  }
  const double before = live->snapshot().latency_ms;
  for (int i = 0; i < 3'000 && live->snapshot().latency_ms > 40.0; ++i) one_round(*live, in, out);
  EXPECT_GT(before, 190.0);
  EXPECT_LE(live->snapshot().latency_ms, 40.0);
  EXPECT_GT(live->snapshot().caught_up_frames, 0u);
  EXPECT_EQ(live->snapshot().underruns, 0u);
  live->stop();
}

TEST(LiveConversion, TheMonitorHearsTheVoiceWhileItIsOn) {
  auto live = LiveConversion::create(simple()).value();
  live->start();
  std::vector<float> in(kBlock, 0.5f);
  std::vector<float> out(kBlock);
  for (int i = 0; i < 5; ++i) one_round(*live, in, out);
  live->render_monitor(out);
  EXPECT_EQ(out[kBlock - 1], 0.0f) << "off";
  live->set_monitor(true);
  for (int i = 0; i < 5; ++i) one_round(*live, in, out);
  for (int i = 0; i < 4; ++i) live->render_monitor(out);
  EXPECT_EQ(out[kBlock - 1], 0.25f);
  EXPECT_TRUE(live->snapshot().monitoring);
  live->stop();
}

TEST(LiveConversion, RefusesBlocksAndSafetiesOutOfRange) {
  LiveOptions options = simple();
  options.block_frames = 1'000'000;
  EXPECT_FALSE(LiveConversion::create(options));
  options = simple();
  options.safety_ms = -1.0;
  EXPECT_FALSE(LiveConversion::create(options));
}

}  // namespace
}  // namespace syrinx::conversion
