// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <array>
#include <numeric>
#include <thread>
#include <vector>

#include "support/realtime_guard.h"
#include "syrinx/core/base/spsc_queue.h"
#include "syrinx/core/base/swap_queue.h"

namespace syrinx {
namespace {

TEST(SpscQueue, RoundsItsCapacityUpToAPowerOfTwo) {
  EXPECT_EQ(SpscQueue<float>(100).capacity(), 128u);
}

TEST(SpscQueue, TakesOnlyWhatFitsAndKeepsTheOrderAcrossTheSeam) {
  SpscQueue<int> queue(4);
  const std::array<int, 3> first{1, 2, 3};
  std::array<int, 8> out{};
  EXPECT_EQ(queue.write(first), 3u);
  EXPECT_EQ(queue.read(std::span(out).first(2)), 2u);
  const std::array<int, 4> second{4, 5, 6, 7};
  EXPECT_EQ(queue.write(second), 3u);
  EXPECT_EQ(queue.size(), 4u);
  EXPECT_EQ(queue.read(out), 4u);
  EXPECT_EQ(out[0], 3);
  EXPECT_EQ(out[3], 6);
  EXPECT_EQ(queue.read(out), 0u);
}

TEST(SpscQueue, CarriesAMillionValuesBetweenTwoThreadsInOrder) {
  constexpr int kCount = 1'000'000;
  SpscQueue<int> queue(1024);
  std::thread writer([&] {
    for (int next = 0; next < kCount;) {
      std::array<int, 37> block;
      std::iota(block.begin(), block.end(), next);
      const auto want =
          std::min<std::size_t>(block.size(), static_cast<std::size_t>(kCount - next));
      next += static_cast<int>(queue.write(std::span(block).first(want)));
    }
  });
  std::array<int, 53> out;
  int expected = 0;
  bool in_order = true;
  while (expected < kCount) {
    const std::size_t got = queue.read(out);
    for (std::size_t i = 0; i < got; ++i) in_order = in_order && out[i] == expected++;
  }
  writer.join();
  EXPECT_TRUE(in_order);
}

TEST(SpscQueue, NeitherAllocatesNorLocksInRealTime) {
  SpscQueue<float> queue(256);
  std::array<float, 64> block{};
  EXPECT_REALTIME_SAFE({
    for (int i = 0; i < 100; ++i) {
      queue.write(block);
      queue.read(block);
    }
  });
}

TEST(SwapQueue, IsEmptyThenFullThenEmpty) {
  SwapQueue<std::vector<int>> queue(2, std::vector<int>(3));
  std::vector<int> value{1, 2, 3};
  EXPECT_FALSE(queue.pop(value));
  EXPECT_TRUE(queue.push(value));
  EXPECT_EQ(value.size(), 3u);  // The prototype came back to be reused.
  value = {4, 5, 6};
  EXPECT_TRUE(queue.push(value));
  EXPECT_FALSE(queue.push(value));
  EXPECT_TRUE(queue.pop(value));
  EXPECT_EQ(value, (std::vector<int>{1, 2, 3}));
}

TEST(SwapQueue, CirculatesVectorsBetweenTwoThreadsWithoutLoss) {
  SwapQueue<std::vector<int>> queue(8, std::vector<int>(1));
  constexpr int kCount = 100'000;
  std::thread writer([&] {
    std::vector<int> value(1);
    for (int i = 0; i < kCount; ++i) {
      value[0] = i;
      while (!queue.push(value)) std::this_thread::yield();
    }
  });
  std::vector<int> value(1);
  bool in_order = true;
  for (int i = 0; i < kCount; ++i) {
    while (!queue.pop(value)) std::this_thread::yield();
    in_order = in_order && value[0] == i;
  }
  writer.join();
  EXPECT_TRUE(in_order);
}

TEST(SwapQueue, NeitherAllocatesNorLocksInRealTime) {
  SwapQueue<std::vector<float>> queue(4, std::vector<float>(480));
  std::vector<float> value(480);
  EXPECT_REALTIME_SAFE({
    for (int i = 0; i < 100; ++i) {
      queue.push(value);
      queue.pop(value);
    }
  });
}

}  // namespace
}  // namespace syrinx
