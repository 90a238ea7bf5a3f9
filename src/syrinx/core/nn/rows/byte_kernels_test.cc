// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/nn/rows/byte_kernels.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "syrinx/core/nn/rows/byte_weights.h"
#include "syrinx/core/nn/rows/packed_conv.h"

namespace syrinx::nn {
namespace {

constexpr RowLevel kLevels[] = {RowLevel::kGeneric, RowLevel::kAvx2, RowLevel::kAvx512,
                                RowLevel::kAmx};

std::vector<ConvGeometry> geometries() {
  return {ConvGeometry::centred(64, 64, 7, 1),  ConvGeometry::centred(32, 32, 11, 5),
          ConvGeometry::centred(32, 32, 11, 1), ConvGeometry::centred(128, 96, 3, 3),
          ConvGeometry::centred(96, 32, 5, 1),  ConvGeometry{16, 8, {-4, 1, 2}},
          ConvGeometry{48, 40, {-2, -1, 1, 4}}};
}

std::vector<float> noise(std::size_t n, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal;
  std::vector<float> values(n);
  for (float& value : values) value = normal(random);
  return values;
}

// Each channel about another value, by another spread.
ChannelRanges uneven_ranges(std::size_t channels) {
  ChannelRanges ranges(channels);
  for (std::size_t c = 0; c < channels; ++c) {
    ranges.low[c] = -0.1F - 0.02F * static_cast<float>(c % 7);
    ranges.high[c] = 0.3F + 0.1F * static_cast<float>(c % 5);
  }
  return ranges;
}

std::vector<std::byte> random_bytes(std::size_t n) {
  std::mt19937 random(9);
  std::vector<std::byte> bytes(n);
  for (std::byte& byte : bytes) byte = static_cast<std::byte>(random() & 0xff);
  return bytes;
}

// Sums of whole numbers, one after the other.
std::vector<std::int32_t> plain_sums(const ByteWeights& weights, const ConvGeometry& g,
                                     const std::vector<std::byte>& x, std::size_t padded_in,
                                     std::size_t rows) {
  const std::size_t taps = g.offsets.size();
  std::vector<std::int32_t> sums;
  for (std::size_t r = 0; r < rows; ++r)
    for (std::size_t o = 0; o < g.out_channels; ++o) {
      std::int32_t sum = weights.start[o];
      for (std::size_t t = 0; t < taps; ++t) {
        const auto row = static_cast<std::int64_t>(r) + g.behind() + g.offsets[t];
        for (std::size_t i = 0; i < g.in_channels; ++i)
          sum += static_cast<int>(x[static_cast<std::size_t>(row) * padded_in + i]) *
                 weights.values[(o * g.in_channels + i) * taps + t];
      }
      sums.push_back(sum);
    }
  return sums;
}

void check_sums(const RowKernels& kernels, const ByteKernels& table, const ConvGeometry& g,
                std::size_t rows) {
  const std::size_t padded_in = padded_channels(kernels, g.in_channels);
  const std::size_t padded_out = padded_channels(kernels, g.out_channels);
  const ByteScale scale(uneven_ranges(g.in_channels), 1, padded_in);
  const auto w = noise(g.out_channels * g.in_channels * g.offsets.size(), 2);
  const ByteWeights weights = round_weights(scale, g, w, padded_out);
  const PackedBytes packed = pack_bytes(table.layout, weights, g, padded_in, padded_out);
  const auto in_rows = rows + static_cast<std::size_t>(g.behind() + g.ahead());
  const auto x = random_bytes((in_rows + kSlackRows) * padded_in);
  const std::vector<float> ones(padded_out, 1.0F);
  const std::vector<float> zeros(padded_out);
  std::vector<float> keep(rows * padded_out);
  ConvCall call;
  call.conv = {
      packed.bytes.data(),   zeros.data(),         padded_in,  padded_out, packed.offsets.data(),
      packed.offsets.size(), weights.start.data(), ones.data()};
  call.in = x.data() + static_cast<std::size_t>(g.behind()) * padded_in;
  call.in_stride = padded_in;
  call.rows = rows;
  call.tail.keep = keep.data();
  call.tail.keep_stride = padded_out;
  const TileScope tiles(kernels);
  table.conv(call);
  const auto sums = plain_sums(weights, g, x, padded_in, rows);
  for (std::size_t r = 0; r < rows; ++r)
    for (std::size_t o = 0; o < g.out_channels; ++o)
      ASSERT_EQ(keep[r * padded_out + o], static_cast<float>(sums[r * g.out_channels + o]))
          << "row " << r << " channel " << o;
}

TEST(ByteKernels, SumTheSameIntegersAtEveryLevel) {
  int tables = 0;
  for (const RowLevel level : kLevels) {
    const RowKernels* kernels = row_kernels_for(level);
    if (kernels == nullptr) continue;
    for (const ByteKernels* table : all_byte_kernels_for(*kernels).tables) {
      if (table == nullptr) continue;
      ++tables;
      for (const ConvGeometry& g : geometries())
        for (const std::size_t rows : {1UL, 31UL, 100UL}) {
          SCOPED_TRACE(std::string(to_string(level)) + " layout " +
                       std::to_string(static_cast<int>(table->layout)) + " of " +
                       std::to_string(g.in_channels) + " channels, " + std::to_string(rows));
          check_sums(*kernels, *table, g, rows);
        }
    }
  }
  EXPECT_GE(tables, 1);
}

struct Made {
  std::vector<float> keep;
  std::vector<float> sum;
  std::vector<std::byte> out;
};

// A whole convolution of bytes, `step` rows a call.
Made convolve(const RowKernels& kernels, const ConvGeometry& g, std::size_t rows, std::size_t step,
              const ByteScale& out_scale) {
  const std::size_t padded_in = padded_channels(kernels, g.in_channels);
  const std::size_t padded = padded_channels(kernels, g.out_channels);
  const ByteScale scale(uneven_ranges(g.in_channels), 1, padded_in);
  const auto in_rows = rows + static_cast<std::size_t>(g.behind() + g.ahead());
  auto x = noise(in_rows * padded_in, 1);
  for (float& value : x) value *= 0.2F;
  std::vector<std::byte> in((in_rows + kSlackRows) * padded_in);
  byte_kernels_for(kernels).activate(in.data(), padded_in, scale.code(), x.data(), padded_in,
                                     in_rows, padded_in, 1.0F, 0.1F);
  const auto w = noise(g.out_channels * g.in_channels * g.offsets.size(), 2);
  const auto b = noise(g.out_channels, 3);
  const auto residual = noise(rows * padded, 4);
  const PackedConv conv(kernels, scale, g, w, b);
  Made made{std::vector<float>(rows * padded), noise(rows * padded, 5),
            std::vector<std::byte>(rows * padded)};
  const TileScope tiles(kernels);
  for (std::size_t r = 0; r < rows; r += step) {
    ConvTail tail;
    tail.residual = residual.data() + r * padded;
    tail.residual_stride = padded;
    tail.keep = made.keep.data() + r * padded;
    tail.keep_stride = padded;
    tail.sum = made.sum.data() + r * padded;
    tail.sum_stride = padded;
    tail.out = made.out.data() + r * padded;
    tail.out_stride = padded;
    tail.slope = 0.1F;
    tail.bytes = out_scale.code();
    conv.run(in.data() + (r + static_cast<std::size_t>(g.behind())) * padded_in, padded_in,
             std::min(step, rows - r), tail);
  }
  return made;
}

// What the same numbers make in double, the inputs held to what their channel's bytes can say.
double in_double(const ConvGeometry& g, std::size_t padded_in, std::size_t padded, std::size_t row,
                 std::size_t out) {
  const ByteScale scale(uneven_ranges(g.in_channels), 1, padded_in);
  const auto x = noise((row + 1 + static_cast<std::size_t>(g.behind() + g.ahead())) * padded_in, 1);
  const auto w = noise(g.out_channels * g.in_channels * g.offsets.size(), 2);
  double v = noise(g.out_channels, 3)[out];
  for (std::size_t t = 0; t < g.offsets.size(); ++t) {
    const auto from =
        static_cast<std::size_t>(static_cast<std::int64_t>(row) + g.behind() + g.offsets[t]);
    for (std::size_t i = 0; i < g.in_channels; ++i) {
      const float scaled = x[from * padded_in + i] * 0.2F;
      const double value = std::max(scaled, scaled * 0.1F);
      const double low = -double{scale.step(i)} * scale.zero(i);
      v += std::clamp(value, low, low + 255.0 * double{scale.step(i)}) *
           double{w[(out * g.in_channels + i) * g.offsets.size() + t]};
    }
  }
  return v + double{noise((row + 1) * padded, 4)[row * padded + out]};
}

TEST(ByteKernels, ConvolveWithinWhatBytesCanSay) {
  const ConvGeometry g = ConvGeometry::centred(64, 48, 7, 3);
  for (const RowLevel level : kLevels) {
    const RowKernels* kernels = row_kernels_for(level);
    if (kernels == nullptr) continue;
    SCOPED_TRACE(to_string(level));
    const std::size_t padded = padded_channels(*kernels, g.out_channels);
    const ByteScale out_scale(uneven_ranges(g.out_channels), 1, padded);
    const Made made = convolve(*kernels, g, 50, 50, out_scale);
    const auto sum_before = noise(50 * padded, 5);
    for (const std::size_t row : {0UL, 49UL})
      for (std::size_t o = 0; o < g.out_channels; ++o) {
        const float v = made.keep[row * padded + o];
        // 448 products of numbers to 1/600 with weights to 1/80, each half a step off at most.
        ASSERT_NEAR(v, in_double(g, 64, padded, row, o), 0.12) << row << ' ' << o;
        ASSERT_EQ(made.sum[row * padded + o], sum_before[row * padded + o] + v);
        const float active = std::max(v, v * 0.1F);
        const float byte = active / out_scale.step(o) + static_cast<float>(out_scale.zero(o));
        const int given = static_cast<int>(made.out[row * padded + o]);
        ASSERT_NEAR(given, std::clamp(byte, 0.0F, 255.0F), 0.501) << row << ' ' << o;
      }
  }
}

TEST(ByteKernels, MakeTheSameRowsHoweverTheyAreCutIntoCalls) {
  const ConvGeometry g = ConvGeometry::centred(32, 32, 11, 5);
  for (const RowLevel level : kLevels) {
    const RowKernels* kernels = row_kernels_for(level);
    if (kernels == nullptr) continue;
    const ByteScale out_scale(uneven_ranges(32), 1, 32);
    const Made whole = convolve(*kernels, g, 333, 333, out_scale);
    for (const std::size_t step : {1UL, 7UL, 64UL}) {
      const Made cut = convolve(*kernels, g, 333, step, out_scale);
      EXPECT_EQ(cut.keep, whole.keep) << to_string(level) << ' ' << step;
      EXPECT_EQ(cut.out, whole.out) << to_string(level) << ' ' << step;
    }
  }
}

TEST(ByteScale, SaysZeroExactlyAndKeepsWhatItWasShownWithinHalfAStep) {
  ChannelRanges ranges(3);
  const std::vector<float> rows{1, -2, 0.5F, 4, 3, 0, -1, 0, 0};
  ranges.see(rows.data(), 3, 3);
  EXPECT_EQ(ranges.high, (std::vector<float>{4, 3, 0.5F}));
  EXPECT_EQ(ranges.low, (std::vector<float>{-1, -2, 0}));
  const ByteScale scale(ranges, 2, 16);  // Two rows side by side, padded.
  for (std::size_t c = 0; c < 16; ++c) {
    EXPECT_EQ(static_cast<int>(scale.zero_row()[c]), scale.zero(c));
    EXPECT_EQ(scale.step(c), scale.step(c < 6 ? c % 3 : c));
  }
  // The third channel was narrow: it has 0.35 of the widest range all the same.
  EXPECT_NEAR(scale.step(2) * 255, 0.35 * 6, 1e-5);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::size_t c = i % 3;
    const float byte = rows[i] * scale.code().inverse_step[c] + scale.code().zero[c];
    EXPECT_GT(byte, -0.501F);
    EXPECT_LT(byte, 255.501F);
  }
}

TEST(ChannelRanges, OfFoldedRowsAreThoseOfThePlainOnes) {
  ChannelRanges folded(4);
  const std::vector<float> row{1, -2, 3, -1};
  folded.see(row.data(), 4, 1);
  const ChannelRanges plain = folded.unfolded(2, 1.5F);
  EXPECT_EQ(plain.high, (std::vector<float>{4.5F, 0}));
  EXPECT_EQ(plain.low, (std::vector<float>{0, -3}));
}

TEST(ByteScale, OfAnActivationThatWasAlwaysZeroSaysZero) {
  const ByteScale scale(ChannelRanges(4), 1, 16);
  for (std::size_t c = 0; c < 16; ++c) EXPECT_EQ(scale.zero(c), 0);
  EXPECT_EQ(scale.step(0), 1.0F);
}

}  // namespace
}  // namespace syrinx::nn
