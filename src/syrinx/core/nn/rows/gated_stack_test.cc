// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/nn/rows/gated_stack.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "support/realtime_guard.h"

namespace syrinx::nn {
namespace {

constexpr RowLevel kLevels[] = {RowLevel::kGeneric, RowLevel::kAvx2, RowLevel::kAvx512,
                                RowLevel::kAmx};
constexpr std::size_t kChannels = 20, kSums = 6, kSide = 9, kLayers = 4;
constexpr std::size_t kRows = 150;

using Rows = std::vector<std::vector<double>>;  // [row][channel]

std::vector<float> noise(std::size_t n, unsigned seed, double spread) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal(0.0F, static_cast<float>(spread));
  std::vector<float> values(n);
  for (float& value : values) value = normal(random);
  return values;
}

// Weights of a stack of layers that look 1, 2, 4, ... rows to each side.
struct Weights {
  struct Layer {
    std::vector<float> conv = noise(2 * kChannels * kChannels * 3, 1, 0.13);
    std::vector<float> side = noise(2 * kChannels * kSide, 2, 0.3);
    std::vector<float> bias = noise(2 * kChannels, 3, 0.1);
    std::vector<float> residual = noise(kChannels * kChannels, 4, 0.2);
    std::vector<float> residual_bias = noise(kChannels, 5, 0.1);
    std::vector<float> skip = noise(kSums * kChannels, 6, 0.2);
  };
  Layer layer;  // The same for all.
  std::vector<float> skip_bias = noise(kSums, 7, 0.1);

  std::vector<GatedLayer> packed(const RowKernels& kernels, RowFormat format) const {
    std::vector<GatedLayer> made(kLayers);
    const auto in_order = [](const std::vector<float>& values, std::size_t in, std::size_t taps) {
      return [&values, in, taps](std::size_t o, std::size_t i, std::size_t k) {
        return values[(o * in + i) * taps + k];
      };
    };
    for (std::size_t n = 0; n < kLayers; ++n) {
      const auto geometry = ConvGeometry::centred(kChannels, 2 * kChannels, 3, std::size_t{1} << n);
      made[n].gated = GatedConv(kernels, format,
                                {geometry, in_order(layer.conv, kChannels, 3), kSide,
                                 in_order(layer.side, kSide, 1), layer.bias});
      if (n + 1 < kLayers)
        made[n].residual = PackedConv(kernels, format, {kChannels, kChannels, {0}}, layer.residual,
                                      layer.residual_bias);
      made[n].skip =
          SummedConv(kernels, format, kChannels, kSums, in_order(layer.skip, kChannels, 1),
                     n == 0 ? std::span<const float>(skip_bias) : std::span<const float>());
    }
    return made;
  }

  Rows in_double(const std::vector<float>& in, const std::vector<float>& side) const {
    Rows x(kRows, std::vector<double>(kChannels)), sum(kRows);
    for (std::size_t r = 0; r < kRows; ++r) {
      std::copy_n(in.begin() + static_cast<std::ptrdiff_t>(r * kChannels), kChannels, x[r].begin());
      sum[r].assign(skip_bias.begin(), skip_bias.end());
    }
    for (std::size_t n = 0; n < kLayers; ++n) add_layer(n, side, x, sum);
    return sum;
  }

 private:
  void add_layer(std::size_t n, const std::vector<float>& side, Rows& x, Rows& sum) const {
    const Rows before = x;
    for (std::size_t r = 0; r < kRows; ++r) {
      std::vector<double> z(layer.bias.begin(), layer.bias.end());
      for (std::size_t o = 0; o < z.size(); ++o) {
        for (std::size_t k = 0; k < 3; ++k) {
          const std::size_t at = r + (k << n) - (std::size_t{1} << n);
          if (at >= kRows) continue;  // Before the first, too: wrapped around.
          for (std::size_t i = 0; i < kChannels; ++i)
            z[o] += double{layer.conv[(o * kChannels + i) * 3 + k]} * before[at][i];
        }
        for (std::size_t i = 0; i < kSide; ++i)
          z[o] += double{layer.side[o * kSide + i]} * double{side[r * kSide + i]};
      }
      for (std::size_t i = 0; i < kChannels; ++i) {
        const double gated = std::tanh(z[i]) / (1 + std::exp(-z[kChannels + i]));
        for (std::size_t o = 0; o < kSums; ++o)
          sum[r][o] += double{layer.skip[o * kChannels + i]} * gated;
        for (std::size_t o = 0; o < kChannels; ++o)
          x[r][o] += double{layer.residual[o * kChannels + i]} * gated;
      }
      for (std::size_t o = 0; o < kChannels; ++o) x[r][o] += double{layer.residual_bias[o]};
    }
  }
};

class Fixture {
 public:
  Fixture(const RowKernels& kernels, RowFormat format) : kernels_(kernels), format_(format) {
    spec_ = {
        &kernels, format, padded_channels(kernels, kChannels), padded_channels(kernels, kSums), 48,
        32,       8,      layers_[0].gated.scratch_floats()};
    const std::size_t padded = padded_channels(kernels, kSide);
    std::vector<float> wide(kRows * padded);
    for (std::size_t r = 0; r < kRows; ++r)
      std::copy_n(side_.data() + r * kSide, kSide, wide.data() + r * padded);
    side_stride_ = row_bytes(format, padded);
    side_rows_ = ScratchBytes((kRows + kSlackRows) * side_stride_);
    kernels.activate(side_rows_.data(), side_stride_, format, wide.data(), padded, kRows, padded,
                     1.0F, 1.0F);
  }

  // Rows [begin, end) of what comes out, `count` a call; as a stream if `open`.
  std::vector<float> run(std::int64_t begin, std::int64_t end, std::int64_t count, bool open) {
    GatedStack stack(spec_, layers_);
    GatedScratch scratch(spec_);
    std::vector<float> made(static_cast<std::size_t>(end - begin) * kSums);
    const TileScope tiles(kernels_);
    EXPECT_REALTIME_SAFE(pass(stack, scratch, {begin, end}, count, open, made));
    EXPECT_TRUE(stack.done());
    return made;
  }

  Weights weights_;
  std::vector<float> in_ = noise(kRows * kChannels, 8, 1), side_ = noise(kRows * kSide, 9, 1);

 private:
  void pass(GatedStack& stack, GatedScratch& scratch, GatedStack::Range wanted, std::int64_t count,
            bool open, std::vector<float>& made) {
    constexpr auto kAll = static_cast<std::int64_t>(kRows);
    constexpr std::int64_t kOpen = GatedStack::kOpenEnd;
    stack.start(open ? GatedStack::Range{0, kOpen} : wanted, open ? kOpen : kAll);
    float* out = made.data();
    for (std::int64_t time = 0; !stack.done();) {
      if (open && time == kAll) stack.end_at(kAll);
      // A stream must not take more than there is before its end is known.
      const std::int64_t step = open && time < kAll ? std::min(count, kAll - time) : count;
      const auto in = stack.make_room(step);
      for (std::int64_t r = in.begin; r < in.end; ++r) {
        std::fill_n(stack.x(r), spec_.channels, 0.0F);
        std::copy_n(in_.begin() + r * std::int64_t{kChannels}, kChannels, stack.x(r));
      }
      const auto rows = stack.advance({side_rows_.data(), side_stride_, 0}, {}, scratch);
      EXPECT_LE(rows.end - rows.begin, step);
      for (std::int64_t r = rows.begin; r < rows.end; ++r)
        out = std::copy_n(stack.sum(r), kSums, out);
      time += step;
    }
  }

  const RowKernels& kernels_;
  RowFormat format_;
  std::vector<GatedLayer> layers_ = weights_.packed(kernels_, format_);
  GatedStackSpec spec_;
  std::size_t side_stride_ = 0;
  ScratchBytes side_rows_;
};

TEST(GatedStack, IsItsLayersOneAfterTheOtherInEveryCutAtEveryLevel) {
  for (const RowLevel level : kLevels) {
    const RowKernels* kernels = row_kernels_for(level);
    if (kernels == nullptr) continue;
    for (const RowFormat format : {RowFormat::kFloat, RowFormat::kBf16, RowFormat::kBf16Pair}) {
      if (format != RowFormat::kFloat && kernels->conv_bf16 == nullptr) continue;
      SCOPED_TRACE(std::string(to_string(level)) + ", format " +
                   std::to_string(static_cast<int>(format)));
      Fixture fixture(*kernels, format);
      const auto whole = fixture.run(0, kRows, 48, false);
      const Rows expected = fixture.weights_.in_double(fixture.in_, fixture.side_);
      // Bfloat16 has 8 bits, its pairs 16; the sums are of unit size.
      const double allowed = format == RowFormat::kBf16 ? 5e-2 : 3e-4;
      for (std::size_t i = 0; i < whole.size(); ++i)
        ASSERT_NEAR(double{whole[i]}, expected[i / kSums][i % kSums], allowed) << i;
      for (const std::int64_t count : {1, 7, 32, 48}) {
        EXPECT_EQ(fixture.run(0, kRows, count, false), whole) << count;
        EXPECT_EQ(fixture.run(0, kRows, count, true), whole) << "a stream, " << count;
        const auto part = fixture.run(37, 91, count, false);
        EXPECT_TRUE(std::equal(part.begin(), part.end(), whole.begin() + 37 * kSums)) << count;
      }
    }
  }
}

TEST(GatedStack, ReachesAsFarAsItsLayersTogether) {
  Fixture fixture(row_kernels(), RowFormat::kFloat);
  const auto before = fixture.run(0, kRows, 48, false);
  fixture.in_[70 * kChannels] += 5;
  const auto after = fixture.run(0, kRows, 48, false);
  for (std::size_t r = 0; r < kRows; ++r) {
    const auto at = static_cast<std::ptrdiff_t>(r * kSums);
    const bool same =
        std::equal(before.begin() + at, before.begin() + at + kSums, after.begin() + at);
    const bool within = r + 15 >= 70 && r <= 85;
    EXPECT_TRUE(within || same) << r;
    EXPECT_TRUE(!same || (r + 15 != 70 && r != 85)) << r;
  }
}

}  // namespace
}  // namespace syrinx::nn
