// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/io/callback_device.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <thread>
#include <vector>

#include "support/realtime_guard.h"
#include "support/test_data.h"
#include "syrinx/core/io/audio_device.h"
#include "syrinx/core/io/audio_test_support.h"

namespace syrinx::io {
namespace {

bool eventually(const std::function<bool()>& is) {
  for (int i = 0; i < 10'000 && !is(); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  return is();
}

TEST(CallbackDevice, TheNullDeviceCallsAtItsPaceWithBlocksOfTheSizeAskedFor) {
  std::atomic<std::size_t> samples{0};
  std::atomic<bool> as_asked{true};
  auto device = open_capture("null-realtime", {48'000, 2, 128}, [&](std::span<const float> block) {
                  if (block.size() != 256 || block[7] != 0.0f) as_asked.store(false);
                  samples.fetch_add(block.size());
                }).value();
  EXPECT_EQ(samples.load(), 0u) << "before start()";
  const auto before = std::chrono::steady_clock::now();
  ASSERT_TRUE(device->start());
  ASSERT_TRUE(eventually([&] { return samples.load() >= 2 * 9'600; }));
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - before;
  EXPECT_GE(took.count(), 0.19) << "0.2 s of sound, the first block of it at once";
  EXPECT_TRUE(device->stop());
  const auto after = samples.load();
  std::this_thread::sleep_for(std::chrono::milliseconds(10));
  EXPECT_EQ(samples.load(), after);
  EXPECT_TRUE(as_asked.load());
}

TEST(CallbackDevice, WhatIsPlayedToTheLoopbackComesBackTwentyMillisecondsLater) {
  const auto violations = support::realtime_violations();
  std::vector<float> heard;
  heard.reserve(48'000);
  std::atomic<std::size_t> frames{0};
  float next = 0.0f;
  auto device = open_loopback(
                    {48'000, 1, 100},
                    [&](std::span<const float> block) {
                      if (heard.size() + block.size() > heard.capacity()) return;
                      heard.insert(heard.end(), block.begin(), block.end());
                      frames.store(heard.size());
                    },
                    [&](std::span<float> block) {
                      for (float& x : block) x = next += 1.0f;
                    })
                    .value();
  ASSERT_TRUE(device->start());
  ASSERT_TRUE(eventually([&] { return frames.load() >= 4'800; }));
  ASSERT_TRUE(device->stop());
  for (std::size_t i = 0; i < heard.size(); ++i)
    ASSERT_EQ(heard[i], i < 960 ? 0.0f : static_cast<float>(i - 959)) << i;
  EXPECT_EQ(support::realtime_violations(), violations);
}

TEST(CallbackDevice, ADeviceThatIsHeldUpForLongerThanItHoldsSoundHasAGap) {
  std::atomic<int> calls{0};
  auto device = open_loopback(
                    {48'000, 1, 480}, [](std::span<const float>) {},
                    [&](std::span<float>) {
                      if (calls.fetch_add(1) == 5)
                        std::this_thread::sleep_for(std::chrono::milliseconds(60));
                    })
                    .value();
  EXPECT_EQ(device->gaps(), 0u);
  ASSERT_TRUE(device->start());
  ASSERT_TRUE(eventually([&] { return calls.load() >= 20; }));
  ASSERT_TRUE(device->stop());
  EXPECT_GE(device->gaps(), 1u);
}

TEST(CallbackDevice, WhatCannotBeIsRefused) {
  const auto nothing = [](std::span<const float>) {};
  EXPECT_FALSE(open_capture("null-realtime", {48'000, 0, 128}, nothing));
  EXPECT_FALSE(open_capture("null-realtime", {48'000, 1, 0}, nothing));
  EXPECT_FALSE(open_capture("null-realtime", {1, 1, 128}, nothing));
  EXPECT_FALSE(open_capture("no such device", {48'000, 1, 128}, nothing));
}

}  // namespace
}  // namespace syrinx::io
