// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

#include "syrinx/core/nn/layers/attention.h"
#include "syrinx/core/nn/layers/linear.h"
#include "syrinx/core/nn/rows/row_window.h"

namespace syrinx::nn {
namespace {

std::vector<float> noise(std::size_t n, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal;
  std::vector<float> values(n);
  for (float& value : values) value = normal(random);
  return values;
}

TEST(Attention, QueriesMayBeCutAnywhereWithRelativePositionsToo) {
  constexpr std::size_t kHeadChannels = 11, kHeads = 3, kStride = 48, kRows = 37, kWindow = 4;
  const auto x = noise(3 * kRows * kStride, 1);
  const auto near = noise(2 * (2 * kWindow + 1) * kHeadChannels, 2);
  const std::span<const float> all(near);
  for (const RowLevel level : {RowLevel::kGeneric, RowLevel::kAvx2, RowLevel::kAvx512}) {
    const RowKernels* kernels = row_kernels_for(level);
    if (kernels == nullptr) continue;
    SCOPED_TRACE(to_string(level));
    const ScratchBytes memory(attend_scratch_bytes(kRows, kHeadChannels));
    const auto run = [&](std::size_t cut) {
      std::vector<float> out(kRows * kStride);
      for (std::size_t at = 0; at < kRows; at += cut) {
        const std::size_t count = std::min(cut, kRows - at);
        Attention a;
        a.query = {x.data() + at * kStride, count, kStride};
        a.key = {x.data() + kRows * kStride, kRows, kStride};
        a.value = {x.data() + 2 * kRows * kStride, kRows, kStride};
        a.out = {out.data() + at * kStride, count, kStride};
        a.heads = kHeads;
        a.head_channels = kHeadChannels;
        a.positions = {kWindow, all.first(all.size() / 2), all.last(all.size() / 2)};
        a.first_query = at;
        attend(*kernels, a, {memory.data(), memory.size()});
      }
      return out;
    };
    const auto whole = run(kRows);
    for (const std::size_t cut : {1UL, 3UL, 4UL, 17UL}) EXPECT_EQ(run(cut), whole) << cut;
  }
}

TEST(Attention, AQueryWhoseKeysAreAllLeftOutIsZeros) {
  const auto x = noise(5 * 16, 1);
  const std::vector<std::uint8_t> nothing(5, 0);
  std::vector<float> out(5 * 16, 7.0F);
  const ScratchBytes memory(attend_scratch_bytes(5, 16));
  Attention a;
  a.query = a.key = a.value = {x.data(), 5, 16};
  a.out = {out.data(), 5, 16};
  a.head_channels = 16;
  a.key_mask = nothing;
  attend(row_kernels(), a, {memory.data(), memory.size()});
  for (const float v : out) EXPECT_EQ(v, 0.0F);
}

TEST(Attention, RefusesHeadsThatDoNotShareTheChannelsAndWeightsOfAnotherSize) {
  const auto square = noise(400, 1);
  SelfAttentionWeights weights;
  weights.query = weights.key = weights.value = weights.out = square;
  const auto create = [&](std::size_t channels, std::size_t heads) {
    return SelfAttention::create(row_kernels(), RowFormat::kFloat, channels, heads, weights);
  };
  EXPECT_TRUE(create(20, 4));
  EXPECT_EQ(create(20, 3).error().code, ErrorCode::kUnsupported);
  EXPECT_FALSE(create(20, 0));
  const auto wrong = create(16, 4);
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().message, "attention: the query's matrix has 400 numbers; 256 are needed");
  weights.positions = {2, std::span<const float>(square).first(10), {}};
  EXPECT_FALSE(create(20, 4));
}

TEST(Linear, AddsAResidualThatMayBeItsInputAndOutput) {
  const auto weights = noise(16 * 16, 1);
  const Linear layer(*row_kernels_for(RowLevel::kGeneric), RowFormat::kFloat, 16, 16, weights, {});
  auto x = noise(9 * 16, 2);
  std::vector<float> plain(9 * 16);
  const ScratchBytes memory(layer.scratch_bytes(9));
  const std::span<std::byte> scratch(memory.data(), memory.size());
  const Rows rows{x.data(), 9, 16};
  layer.run(rows, {plain.data(), 9, 16}, scratch);
  const auto before = x;
  layer.run(rows, rows, scratch, rows);
  for (std::size_t i = 0; i < x.size(); ++i) EXPECT_FLOAT_EQ(x[i], before[i] + plain[i]);
}

}  // namespace
}  // namespace syrinx::nn
