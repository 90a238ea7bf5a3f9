// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/nn/rows/gated_conv.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <vector>

#include "support/realtime_guard.h"
#include "syrinx/core/nn/rows/row_window.h"

namespace syrinx::nn {
namespace {

constexpr RowLevel kLevels[] = {RowLevel::kGeneric, RowLevel::kAvx2, RowLevel::kAvx512,
                                RowLevel::kAmx};

std::vector<float> noise(std::size_t n, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal;
  std::vector<float> values(n);
  for (float& value : values) value = normal(random);
  return values;
}

double gate(double a, double b) { return std::tanh(a) / (1 + std::exp(-b)); }

TEST(GateKernels, GateLikeTheMathematicsLibraryOverTheWholeRange) {
  std::vector<float> row;
  for (double v = -200; v < 200; v += 0.37) row.push_back(static_cast<float>(v));
  for (const float v : {0.0F, -0.0F, 1e-30F, 1e30F, -1e30F, 1e-6F}) row.push_back(v);
  for (const RowLevel level : kLevels) {
    const RowKernels* kernels = row_kernels_for(level);
    if (kernels == nullptr) continue;
    for (std::size_t shift = 0; shift < row.size(); shift += 61) {
      for (std::size_t i = 0; i + 16 <= row.size(); i += 16) {
        float x[32];
        float out[16];
        for (std::size_t k = 0; k < 16; ++k) {
          x[k] = row[i + k] / 8;
          x[16 + k] = row[(i + k + shift) % row.size()];
        }
        gate_kernels_for(*kernels).gate(out, 16, x, 32, 1, 16);
        for (std::size_t k = 0; k < 16; ++k)
          ASSERT_NEAR(double{out[k]}, gate(double{x[k]}, double{x[16 + k]}), 3e-7)
              << to_string(level) << " of " << x[k] << " and " << x[16 + k];
      }
    }
  }
}

struct Sizes {
  std::size_t in, channels, side, taps, dilation, rows;
};

// Rows of one format, `before` more and slack around those that are given.
struct Rows {
  ScratchBytes bytes;
  std::size_t stride;
  const std::byte* first;
};
Rows make_rows(const RowKernels& kernels, RowFormat format, const std::vector<float>& values,
               std::size_t channels, std::size_t before) {
  const std::size_t padded = padded_channels(kernels, channels);
  const std::size_t count = values.size() / channels;
  std::vector<float> wide(count * padded);
  for (std::size_t r = 0; r < count; ++r)
    std::copy_n(values.data() + r * channels, channels, wide.data() + r * padded);
  Rows rows{{}, row_bytes(format, padded), nullptr};
  rows.bytes = ScratchBytes((count + kSlackRows) * rows.stride);
  kernels.activate(rows.bytes.data(), rows.stride, format, wide.data(), padded, count, padded, 1.0F,
                   1.0F);
  rows.first = rows.bytes.data() + before * rows.stride;
  return rows;
}

float value_at(const std::byte* row, RowFormat format, std::size_t padded, std::size_t channel) {
  const auto half = [&](std::size_t index) {
    std::uint16_t bits = 0;
    std::memcpy(&bits, row + 2 * index, 2);
    const std::uint32_t wide = std::uint32_t{bits} << 16;
    float value = 0;
    std::memcpy(&value, &wide, 4);
    return value;
  };
  if (format == RowFormat::kBf16) return half(channel);
  if (format == RowFormat::kBf16Pair) return half(channel) + half(padded + channel);
  float value = 0;
  std::memcpy(&value, row + 4 * channel, 4);
  return value;
}

void check_against_double(const RowKernels& kernels, RowFormat format, const Sizes& s) {
  const ConvGeometry geometry = ConvGeometry::centred(s.in, 2 * s.channels, s.taps, s.dilation);
  const auto before = static_cast<std::size_t>(geometry.behind());
  const auto x = noise((s.rows + 2 * before) * s.in, 1);
  const auto side = noise(s.rows * s.side, 2);
  const auto w = noise(2 * s.channels * s.in * s.taps, 3);
  const auto u = noise(2 * s.channels * s.side, 4);
  const auto bias = noise(2 * s.channels, 5);
  const float scale = 1.0F / std::sqrt(static_cast<float>(s.in * s.taps + s.side));
  const auto weight = [&](std::size_t o, std::size_t i, std::size_t k) {
    return scale * w[(o * s.in + i) * s.taps + k];
  };
  const auto side_weight = [&](std::size_t o, std::size_t i, std::size_t) {
    return scale * u[o * s.side + i];
  };
  const GatedConv conv(kernels, format, {geometry, weight, s.side, side_weight, bias});
  const Rows in = make_rows(kernels, format, x, s.in, before);
  const Rows conditioning = make_rows(kernels, format, side, s.side, 0);
  const std::size_t padded = padded_channels(kernels, s.channels);
  const std::size_t stride = row_bytes(format, padded);
  std::vector<std::byte> out(s.rows * stride);
  std::vector<float> scratch(conv.scratch_floats());
  const TileScope tiles(kernels);
  EXPECT_REALTIME_SAFE(conv.run({in.first, in.stride}, {conditioning.first, conditioning.stride},
                                s.rows, out.data(), stride, scratch.data()));
  // Bfloat16 has 8 bits, its pairs 16; the sums are of unit size.
  const double allowed = format == RowFormat::kBf16 ? 3e-2 : 2e-4;
  for (std::size_t r = 0; r < s.rows; ++r)
    for (std::size_t c = 0; c < s.channels; ++c) {
      const auto sum = [&](std::size_t o) {
        double v = bias[o];
        for (std::size_t k = 0; k < s.taps; ++k)
          for (std::size_t i = 0; i < s.in; ++i)
            v += double{x[(r + k * s.dilation) * s.in + i]} * double{weight(o, i, k)};
        for (std::size_t i = 0; i < s.side; ++i)
          v += double{side[r * s.side + i]} * double{side_weight(o, i, 0)};
        return v;
      };
      ASSERT_NEAR(value_at(out.data() + r * stride, format, padded, c),
                  gate(sum(c), sum(s.channels + c)), allowed)
          << to_string(kernels.level) << " row " << r << " channel " << c;
    }
}

TEST(GatedConv, IsTwoConvolutionsAndAGateAtEveryLevelAndFormat) {
  constexpr Sizes kSizes[] = {{64, 64, 80, 3, 4, 100},
                              {5, 7, 3, 3, 1, 1},
                              {32, 32, 20, 1, 1, 33},
                              {40, 24, 100, 5, 2, 64},
                              {64, 64, 40, 3, 9, 31}};
  for (const RowLevel level : kLevels) {
    const RowKernels* kernels = row_kernels_for(level);
    if (kernels == nullptr) continue;
    for (const Sizes& sizes : kSizes) {
      check_against_double(*kernels, RowFormat::kFloat, sizes);
      if (kernels->conv_bf16 == nullptr) continue;
      check_against_double(*kernels, RowFormat::kBf16, sizes);
      check_against_double(*kernels, RowFormat::kBf16Pair, sizes);
    }
  }
}

}  // namespace
}  // namespace syrinx::nn
