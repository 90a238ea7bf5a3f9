// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/nn/rows/row_kernels.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "syrinx/core/nn/rows/packed_conv.h"

namespace syrinx::nn {
namespace {

constexpr RowLevel kLevels[] = {RowLevel::kGeneric, RowLevel::kAvx2, RowLevel::kAvx512,
                                RowLevel::kAmx};
constexpr RowFormat kFormats[] = {RowFormat::kFloat, RowFormat::kBf16, RowFormat::kBf16Pair};

std::vector<float> noise(std::size_t n, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal;
  std::vector<float> values(n);
  for (float& value : values) value = normal(random);
  return values;
}

bool has(const RowKernels& kernels, RowFormat format) {
  if (format == RowFormat::kFloat) return kernels.conv_float != nullptr;
  return (format == RowFormat::kBf16 ? kernels.conv_bf16 : kernels.conv_bf16_pair) != nullptr;
}

// Largest relative error that a format's products may have against sums in double.
double tolerance(RowFormat format) {
  if (format == RowFormat::kBf16) return 8e-3;       // Two factors of 8 bits.
  return format == RowFormat::kFloat ? 2e-6 : 4e-5;  // Pairs hold 16 bits of each factor.
}

struct Case {
  const RowKernels* kernels;
  RowFormat format;
  ConvGeometry geometry;
  std::size_t rows;
};

struct Rows {
  std::vector<std::byte> bytes;
  std::size_t stride;
};

// Rows with slack after them, in the format.
Rows make_rows(const Case& c, const std::vector<float>& values, std::size_t count) {
  const std::size_t padded = padded_channels(*c.kernels, c.geometry.in_channels);
  std::vector<float> wide(count * padded);
  for (std::size_t r = 0; r < count; ++r)
    std::copy_n(values.data() + r * c.geometry.in_channels, c.geometry.in_channels,
                wide.data() + r * padded);
  Rows rows;
  rows.stride = row_bytes(c.format, padded);
  rows.bytes.resize((count + kSlackRows) * rows.stride);
  c.kernels->activate(rows.bytes.data(), rows.stride, c.format, wide.data(), padded, count, padded,
                      1.0F, 1.0F);
  return rows;
}

// One number of a row in a format.
double number_at(const std::byte* row, RowFormat format, std::size_t channels,
                 std::size_t channel) {
  const auto half = [&](std::size_t at) {
    std::uint16_t bits = 0;
    std::memcpy(&bits, row + at * sizeof bits, sizeof bits);
    const std::uint32_t wide = std::uint32_t{bits} << 16;
    float value = 0;
    std::memcpy(&value, &wide, sizeof value);
    return double{value};
  };
  if (format == RowFormat::kBf16) return half(channel);
  if (format == RowFormat::kBf16Pair) return half(channel) + half(channels + channel);
  float value = 0;
  std::memcpy(&value, row + channel * sizeof value, sizeof value);
  return double{value};
}

// Checks one convolution, its residual, sum and activation, against sums in double.
void check_against_double(const Case& c) {
  const ConvGeometry& g = c.geometry;
  const std::size_t taps = g.offsets.size();
  const auto before = static_cast<std::size_t>(g.behind());
  const std::size_t in_rows = before + c.rows + static_cast<std::size_t>(g.ahead());
  const auto x = noise(in_rows * g.in_channels, 1);
  const auto w = noise(g.out_channels * g.in_channels * g.offsets.size(), 2);
  const auto b = noise(g.out_channels, 3);
  const std::size_t padded = padded_channels(*c.kernels, g.out_channels);
  auto residual = noise(c.rows * padded, 4);
  auto sum = noise(c.rows * padded, 5);
  const auto sum_before = sum;
  std::vector<float> keep(c.rows * padded);
  const Rows in = make_rows(c, x, in_rows);
  const std::size_t out_stride = row_bytes(c.format, padded);
  std::vector<std::byte> out(c.rows * out_stride);

  const PackedConv conv(*c.kernels, c.format, g, w, b);
  ConvTail tail{residual.data(), padded,     keep.data(), padded, sum.data(), padded,
                false,           out.data(), out_stride,  0.1F,   {},         false};
  const TileScope tiles(*c.kernels);
  conv.run(in.bytes.data() + before * in.stride, in.stride, c.rows, tail);

  const double scale = std::sqrt(static_cast<double>(g.in_channels * taps));
  const double allowed = tolerance(c.format) * scale * 4;
  for (std::size_t r = 0; r < c.rows; ++r) {
    for (std::size_t o = 0; o < g.out_channels; ++o) {
      double v = b[o];
      for (std::size_t t = 0; t < taps; ++t) {
        const auto row =
            static_cast<std::size_t>(static_cast<std::int64_t>(before + r) + g.offsets[t]);
        for (std::size_t i = 0; i < g.in_channels; ++i)
          v += double{x[row * g.in_channels + i]} * double{w[(o * g.in_channels + i) * taps + t]};
      }
      v += double{residual[r * padded + o]};
      ASSERT_NEAR(keep[r * padded + o], v, allowed) << "row " << r << " channel " << o;
      ASSERT_NEAR(sum[r * padded + o], v + double{sum_before[r * padded + o]}, allowed);
    }
  }
  if (c.format != RowFormat::kFloat) return;
  for (std::size_t i = 0; i < c.rows * padded; ++i) {
    float value = 0;
    std::memcpy(&value, out.data() + i * sizeof value, sizeof value);
    ASSERT_EQ(value, std::max(keep[i], keep[i] * 0.1F));
  }
}

TEST(RowKernels, ConvolveLikeSumsInDoubleAtEveryLevelAndFormat) {
  int checked = 0;
  for (const RowLevel level : kLevels) {
    const RowKernels* kernels = row_kernels_for(level);
    if (kernels == nullptr) continue;
    for (const RowFormat format : kFormats) {
      if (!has(*kernels, format)) continue;
      for (const ConvGeometry& g :
           {ConvGeometry::centred(80, 64, 7, 1), ConvGeometry::centred(32, 32, 11, 5),
            ConvGeometry{16, 8, {-4, 1, 2}}, ConvGeometry{96, 48, {0}}}) {
        for (const std::size_t rows : {1UL, 31UL, 32UL, 100UL}) {
          SCOPED_TRACE(std::string(to_string(level)) + " format " +
                       std::to_string(static_cast<int>(format)) + " rows " + std::to_string(rows));
          check_against_double({kernels, format, g, rows});
          ++checked;
        }
      }
    }
  }
  EXPECT_GE(checked, 16);
}

TEST(RowKernels, MakeTheSameRowsHoweverTheyAreCutIntoCalls) {
  const ConvGeometry g{48, 40, {0, 3, 6, 9, 12}};
  const std::size_t rows = 777;
  const std::size_t in_rows = rows + 12;
  const auto x = noise(in_rows * g.in_channels, 1);
  const auto w = noise(g.out_channels * g.in_channels * g.offsets.size(), 2);
  for (const RowLevel level : kLevels) {
    const RowKernels* kernels = row_kernels_for(level);
    if (kernels == nullptr) continue;
    const TileScope tiles(*kernels);
    for (const RowFormat format : kFormats) {
      if (!has(*kernels, format)) continue;
      const Rows in = make_rows({kernels, format, g, rows}, x, in_rows);
      const PackedConv conv(*kernels, format, g, w, {});
      const std::size_t padded = padded_channels(*kernels, g.out_channels);
      const auto made = [&](std::size_t step) {
        std::vector<float> keep(rows * padded);
        for (std::size_t r = 0; r < rows; r += step) {
          ConvTail tail;
          tail.keep = keep.data() + r * padded;
          tail.keep_stride = padded;
          conv.run(in.bytes.data() + r * in.stride, in.stride, std::min(step, rows - r), tail);
        }
        return keep;
      };
      const auto whole = made(rows);
      for (const std::size_t step : {1UL, 7UL, 64UL}) EXPECT_EQ(made(step), whole) << step;
    }
  }
}

TEST(RowKernels, MakeTheMeanOfASumAtOnceAsInTwoSteps) {
  constexpr float kMean = 1.0F / 3;
  constexpr float kSlope = 0.1F;
  const ConvGeometry g{48, 40, {0, 1, 5}};
  const std::size_t rows = 75;
  const auto x = noise((rows + 5) * g.in_channels, 1);
  const auto w = noise(g.out_channels * g.in_channels * g.offsets.size(), 2);
  int checked = 0;
  for (const RowLevel level : kLevels) {
    const RowKernels* kernels = row_kernels_for(level);
    if (kernels == nullptr) continue;
    const TileScope tiles(*kernels);
    const std::size_t padded = padded_channels(*kernels, g.out_channels);
    const auto residual = noise(rows * padded, 3);
    const auto before = noise(rows * padded, 4);
    for (const RowFormat format : kFormats)
      for (const bool starts : {true, false})
        for (const bool float_out : {true, false}) {
          if (!has(*kernels, format)) continue;
          const Rows in = make_rows({kernels, format, g, rows}, x, rows + 5);
          const PackedConv conv(*kernels, format, g, w, {});
          const RowFormat out_format = float_out ? RowFormat::kFloat : format;
          const std::size_t stride = row_bytes(out_format, padded);
          ConvTail tail;
          tail.residual = residual.data();
          tail.residual_stride = tail.sum_stride = padded;
          tail.sum_starts = starts;
          auto sum = before;
          tail.sum = sum.data();
          conv.run(in.bytes.data(), in.stride, rows, tail);
          std::vector<std::byte> expected(rows * stride);
          kernels->activate(expected.data(), stride, out_format, sum.data(), padded, rows, padded,
                            kMean, kSlope);
          auto kept = before;
          std::vector<std::byte> out(rows * stride);
          tail.sum = kept.data();
          tail.mean = kMean;
          tail.slope = kSlope;
          tail.out = out.data();
          tail.out_stride = stride;
          tail.float_out = float_out;
          conv.run(in.bytes.data(), in.stride, rows, tail);
          EXPECT_EQ(out, expected) << to_string(level) << " format " << static_cast<int>(format);
          EXPECT_EQ(kept, before);
          ++checked;
        }
  }
  EXPECT_GE(checked, 4);
}

// What a tail with the given parts leaves, in the order of ConvTail.
struct Finished {
  std::vector<float> keep;
  std::vector<float> sum;
  std::vector<std::byte> out;
};

TEST(RowKernels, FinishRowsAlikeWhicheverPartsOfTheTailThereAre) {
  const ConvGeometry g{48, 40, {0, 1, 5}};
  const std::size_t rows = 75;
  const auto x = noise((rows + 5) * g.in_channels, 1);
  const auto w = noise(g.out_channels * g.in_channels * g.offsets.size(), 2);
  const auto b = noise(g.out_channels, 3);
  for (const RowLevel level : kLevels) {
    const RowKernels* kernels = row_kernels_for(level);
    if (kernels == nullptr) continue;
    const TileScope tiles(*kernels);
    const std::size_t padded = padded_channels(*kernels, g.out_channels);
    const auto residual = noise(rows * padded, 4), before = noise(rows * padded, 5);
    for (const RowFormat format : kFormats) {
      if (!has(*kernels, format)) continue;
      SCOPED_TRACE(std::string(to_string(level)) + " " + std::to_string(static_cast<int>(format)));
      const Rows in = make_rows({kernels, format, g, rows}, x, rows + 5);
      const PackedConv conv(*kernels, format, g, w, b);
      const std::size_t stride = row_bytes(format, padded);
      const auto finish = [&](unsigned parts) {
        Finished made{std::vector<float>(rows * padded), before,
                      std::vector<std::byte>(rows * stride)};
        ConvTail tail;
        if ((parts & 1) != 0) tail.residual = residual.data();
        if ((parts & 2) != 0) tail.keep = made.keep.data();
        if ((parts & 4) != 0) tail.sum = made.sum.data();
        if ((parts & 8) != 0) tail.out = made.out.data();
        tail.sum_starts = (parts & 16) != 0;
        tail.residual_stride = tail.keep_stride = tail.sum_stride = padded;
        tail.out_stride = stride;
        tail.slope = 0.1F;
        conv.run(in.bytes.data(), in.stride, rows, tail);
        return made;
      };
      const Finished plain = finish(2 | 4 | 8), residue = finish(1 | 2 | 4 | 8);
      for (unsigned parts = 0; parts < 32; ++parts) {
        const Finished made = finish(parts);
        const Finished& all = (parts & 1) != 0 ? residue : plain;
        if ((parts & 2) != 0) {
          EXPECT_EQ(made.keep, all.keep) << parts;
        }
        if ((parts & 8) != 0) {
          EXPECT_EQ(made.out, all.out) << parts;
        }
        if ((parts & 4) != 0) {
          EXPECT_EQ(made.sum, (parts & 16) != 0 ? all.keep : all.sum) << parts;
        }
      }
    }
  }
}

// Convolves with the identity: what comes out is what was put in, through the tail.
TEST(RowKernels, GeluIsExactDownToItsTail) {
  const std::size_t channels = 32, rows = 1'000;
  std::vector<float> x;
  for (int i = -16'000; i < 16'000; ++i) x.push_back(static_cast<float>(i) / 1'000);
  for (const RowLevel level : kLevels) {
    const RowKernels* kernels = row_kernels_for(level);
    if (kernels == nullptr) continue;
    const TileScope tiles(*kernels);
    for (const RowFormat format : kFormats) {
      if (!has(*kernels, format)) continue;
      SCOPED_TRACE(std::string(to_string(level)) + " " + std::to_string(static_cast<int>(format)));
      const ConvGeometry g{channels, channels, {0}};
      const PackedConv identity(
          *kernels, format, g,
          [](std::size_t o, std::size_t i, std::size_t) { return o == i ? 1.0F : 0.0F; }, {});
      const Rows in = make_rows({kernels, format, g, rows}, x, rows);
      std::vector<std::byte> out(rows * in.stride);
      ConvTail tail;
      tail.out = out.data();
      tail.out_stride = in.stride;
      tail.gelu = true;
      identity.run(in.bytes.data(), in.stride, rows, tail);
      // Bfloat16 numbers, whose errors grow with x^2 far below zero.
      const double relative = format == RowFormat::kFloat  ? 1e-6
                              : format == RowFormat::kBf16 ? 2.0 / 256
                                                           : 2.0 / 65'536;
      for (std::size_t i = 0; i < x.size(); ++i) {
        const double v = x[i];
        const double exact = v * 0.5 * std::erfc(-v / std::sqrt(2.0));
        const std::byte* row = out.data() + i / channels * in.stride;
        ASSERT_NEAR(number_at(row, format, channels, i % channels), exact,
                    relative * std::abs(exact) * (1 + (v < 0 ? v * v : 0)) + 1e-35)
            << v;
      }
    }
  }
}

TEST(FoldedConv, MakesTheSameRowsSideBySide) {
  const RowKernels& kernels = row_kernels();
  const std::size_t taps = 5;
  const auto w = noise(8 * 4 * taps, 1);
  const auto b = noise(8, 2);
  const PlainConv plain{
      4,
      8,
      taps,
      [](std::size_t r, std::size_t k) -> std::optional<std::int64_t> {
        return static_cast<std::int64_t>(r + 3 * k) - 6;
      },
      [&](std::size_t o, std::size_t i, std::size_t k) { return w[(o * 4 + i) * taps + k]; },
      b};
  const FoldedConv folded = fold_conv(plain, 4, 4);
  EXPECT_EQ(folded.geometry.in_channels, 16U);
  EXPECT_EQ(folded.geometry.out_channels, 32U);
  const std::size_t rows = 12;
  const auto x = noise((rows + 4) * 16, 3);  // Two folded rows of past and of future.
  const Rows in = make_rows({&kernels, RowFormat::kFloat, folded.geometry, rows}, x, rows + 4);
  const PackedConv conv(kernels, RowFormat::kFloat, folded.geometry, folded.weights, folded.bias);
  std::vector<float> keep(rows * 32);
  ConvTail tail;
  tail.keep = keep.data();
  tail.keep_stride = 32;
  conv.run(in.bytes.data() + 2 * in.stride, in.stride, rows, tail);
  for (std::size_t t = 0; t < rows * 4; ++t) {
    for (std::size_t o = 0; o < 8; ++o) {
      double v = b[o];
      for (std::size_t k = 0; k < taps; ++k)
        for (std::size_t i = 0; i < 4; ++i)
          v += double{x[(t + 8 + 3 * k - 6) * 4 + i]} * double{w[(o * 4 + i) * taps + k]};
      ASSERT_NEAR(keep[t * 8 + o], v, 1e-4);
    }
  }
}

// Taps `dilation` apart around each plain row, of random weights.
FoldedConv folded_noise(std::size_t channels, std::size_t fold, std::size_t taps,
                        std::size_t dilation) {
  const auto w = noise(channels * channels * taps, 1);
  const auto b = noise(channels, 2);
  const auto padding = static_cast<std::int64_t>((taps - 1) * dilation / 2);
  const PlainConv plain{
      channels,
      channels,
      taps,
      [=](std::size_t r, std::size_t k) -> std::optional<std::int64_t> {
        return static_cast<std::int64_t>(r + k * dilation) - padding;
      },
      [&](std::size_t o, std::size_t i, std::size_t k) { return w[(o * channels + i) * taps + k]; },
      b};
  return fold_conv(plain, fold, fold);
}

// Rows of the folded convolution, all its tiles multiplied or only those that are not zeros.
std::vector<float> folded_rows(const Case& c, const Rows& in, const PackedConv& conv) {
  const std::size_t channels = c.geometry.out_channels;
  std::vector<float> keep(c.rows * channels);
  ConvTail tail;
  tail.keep = keep.data();
  tail.keep_stride = channels;
  const auto before = static_cast<std::size_t>(c.geometry.behind());
  conv.run(in.bytes.data() + before * in.stride, in.stride, c.rows, tail);
  return keep;
}

TEST(FoldedConv, LosesNothingWithTheTilesOfZerosThatItLeavesOut) {
  int fewer = 0;
  for (const RowLevel level : kLevels) {
    const RowKernels* kernels = row_kernels_for(level);
    if (kernels == nullptr) continue;
    const TileScope tiles(*kernels);
    for (const RowFormat format : kFormats) {
      if (!has(*kernels, format)) continue;
      for (const auto& [channels, taps, dilation] : {std::array{16UL, 3UL, 1UL},
                                                     {16UL, 7UL, 3UL},
                                                     {16UL, 11UL, 5UL},
                                                     {8UL, 3UL, 5UL},
                                                     {8UL, 11UL, 3UL},
                                                     {32UL, 3UL, 1UL}}) {
        const FoldedConv conv = folded_noise(channels, 64 / channels, taps, dilation);
        const ConvGeometry& g = conv.geometry;
        const Case c{kernels, format, g, 75};
        const std::size_t in_rows = c.rows + static_cast<std::size_t>(g.behind() + g.ahead());
        const Rows in = make_rows(c, noise(in_rows * g.in_channels, 3), in_rows);
        const PackedConv all(*kernels, format, g, conv.weights, conv.bias);
        const PackedConv sparse = PackedConv::folded(*kernels, format, conv);
        const auto expected = folded_rows(c, in, all);
        const auto made = folded_rows(c, in, sparse);
        for (std::size_t i = 0; i < made.size(); ++i)
          ASSERT_NEAR(made[i], expected[i], 2e-5) << channels << " channels, " << taps << " taps";
        if (sparse.weights().sparse == nullptr) continue;
        EXPECT_LT(sparse.memory_bytes(), all.memory_bytes());
        ++fewer;
      }
    }
  }
  const bool amx = row_kernels_for(RowLevel::kAmx) != nullptr;
  EXPECT_EQ(fewer > 0, amx);
}

TEST(RowKernels, TanhIsWithinThreeInTenMillion) {
  std::vector<float> x;
  for (float v = -12; v < 12; v += 0.003F) x.push_back(v);
  for (const RowLevel level : kLevels) {
    const RowKernels* kernels = row_kernels_for(level);
    if (kernels == nullptr) continue;
    auto y = x;
    kernels->tanh(y.data(), y.size());
    for (std::size_t i = 0; i < x.size(); ++i)
      ASSERT_NEAR(y[i], std::tanh(double{x[i]}), 3e-7) << x[i];
  }
}

TEST(RowKernels, SlidingIsAConvolutionToOneChannel) {
  const std::size_t step = 32;
  const std::size_t length = 7 * step;
  const std::size_t n = 50;
  const auto x = noise(n * step + length, 1);
  const auto w = noise(length, 2);
  for (const RowLevel level : kLevels) {
    const RowKernels* kernels = row_kernels_for(level);
    if (kernels == nullptr) continue;
    std::vector<float> y(n);
    kernels->slide(y.data(), n, x.data(), step, w.data(), length, 0.5F);
    for (std::size_t i = 0; i < n; ++i) {
      double expected = 0.5;
      for (std::size_t j = 0; j < length; ++j) expected += double{x[i * step + j]} * double{w[j]};
      ASSERT_NEAR(y[i], expected, 1e-4);
    }
  }
}

}  // namespace
}  // namespace syrinx::nn
