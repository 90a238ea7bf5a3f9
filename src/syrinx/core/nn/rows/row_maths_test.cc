// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/nn/rows/row_maths.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

namespace syrinx::nn {
namespace {

std::vector<float> noise(std::size_t n, unsigned seed, float spread = 1) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal(0, spread);
  std::vector<float> values(n);
  for (float& value : values) value = normal(random);
  return values;
}

template <class Check>
void at_every_level(Check check) {
  for (const RowLevel level :
       {RowLevel::kGeneric, RowLevel::kAvx2, RowLevel::kAvx512, RowLevel::kAmx}) {
    const RowKernels* kernels = row_kernels_for(level);
    if (kernels == nullptr) continue;
    SCOPED_TRACE(to_string(level));
    check(row_maths_for(*kernels));
  }
}

TEST(RowMaths, DepthwiseConvolvesEachChannelAlone) {
  const std::size_t channels = 48, rows = 13, taps = 7;
  const auto x = noise((rows + taps - 1) * channels, 1);
  const auto w = noise(taps * channels, 2);
  const auto bias = noise(channels, 3);
  at_every_level([&](const RowMaths& maths) {
    std::vector<float> out(rows * channels);
    maths.depthwise(out.data(), channels, x.data(), channels, rows, channels, w.data(), taps,
                    bias.data());
    for (std::size_t r = 0; r < rows; ++r)
      for (std::size_t c = 0; c < channels; ++c) {
        double v = bias[c];
        for (std::size_t t = 0; t < taps; ++t)
          v += double{x[(r + t) * channels + c]} * double{w[t * channels + c]};
        ASSERT_NEAR(out[r * channels + c], v, 4e-6);
      }
  });
}

TEST(RowMaths, LayerNormLeavesOutThePadding) {
  for (const std::size_t channels : {1UL, 5UL, 16UL, 67UL, 128UL}) {
    const std::size_t stride = (channels + 15) / 16 * 16, rows = 3;
    auto x = noise(rows * stride, 1, 4);
    for (float& v : x) v += 3;
    const auto scale = noise(stride, 2);
    const auto bias = noise(stride, 3);
    at_every_level([&](const RowMaths& maths) {
      std::vector<float> out(rows * stride, 99.0F);
      maths.layer_norm(out.data(), stride, x.data(), stride, rows, channels, scale.data(),
                       bias.data(), 1e-6F);
      for (std::size_t r = 0; r < rows; ++r) {
        const float* from = x.data() + r * stride;
        double mean = 0, variance = 0;
        for (std::size_t c = 0; c < channels; ++c) mean += from[c];
        mean /= static_cast<double>(channels);
        for (std::size_t c = 0; c < channels; ++c)
          variance += (from[c] - mean) * (from[c] - mean) / static_cast<double>(channels);
        for (std::size_t c = 0; c < channels; ++c)
          ASSERT_NEAR(
              out[r * stride + c],
              (from[c] - mean) / std::sqrt(variance + 1e-6) * double{scale[c]} + double{bias[c]},
              3e-6 * (1 + std::abs(double{scale[c]})));
        for (std::size_t c = channels; c < stride; ++c) ASSERT_EQ(out[r * stride + c], 0.0F);
      }
    });
  }
}

TEST(RowMaths, PolarMatchesCosineAndSine) {
  for (const std::size_t n : {1UL, 16UL, 513UL, 4'000UL}) {
    auto log_magnitude = noise(n, 1, 2);
    auto phase = noise(n, 2, 300);
    for (float& v : phase) v = std::clamp(v, -1'000.0F, 1'000.0F);
    log_magnitude[0] = 90;
    phase[n - 1] = 0;
    at_every_level([&](const RowMaths& maths) {
      std::vector<float> re(n), im(n);
      maths.polar(re.data(), im.data(), log_magnitude.data(), phase.data(), n, 100);
      for (std::size_t i = 0; i < n; ++i) {
        const double m = std::min(std::exp(double{log_magnitude[i]}), 100.0);
        ASSERT_NEAR(re[i], m * std::cos(double{phase[i]}), 1e-6 * m) << phase[i];
        ASSERT_NEAR(im[i], m * std::sin(double{phase[i]}), 1e-6 * m) << phase[i];
      }
    });
  }
}

// As the definition has it: padded by repeating, stretched with zeros, filtered, activated, padded
// again, filtered and thinned out.
std::vector<double> snake_in_double(const std::vector<double>& x, double alpha, double inverse_beta,
                                    const std::vector<float>& filter) {
  const auto length = static_cast<long>(x.size());
  std::vector<double> stretched(static_cast<std::size_t>(2 * (length + 10) + 10));
  for (long i = 0; i < length + 10; ++i)
    for (long k = 0; k < 12; ++k)
      stretched[static_cast<std::size_t>(2 * i + k)] +=
          2 * double{filter[static_cast<std::size_t>(k)]} *
          x[static_cast<std::size_t>(std::clamp(i - 5, 0L, length - 1))];
  std::vector<double> doubled(stretched.begin() + 15, stretched.begin() + 15 + 2 * length);
  for (double& v : doubled) v += inverse_beta * std::sin(alpha * v) * std::sin(alpha * v);
  std::vector<double> out(x.size());
  for (long m = 0; m < length; ++m)
    for (long k = 0; k < 12; ++k)
      out[static_cast<std::size_t>(m)] +=
          double{filter[static_cast<std::size_t>(k)]} *
          doubled[static_cast<std::size_t>(std::clamp(2 * m + k - 5, 0L, 2 * length - 1))];
  return out;
}

TEST(RowMaths, SnakeIsTheSameInAnyCutAndRepeatsTheEdges) {
  const std::size_t channels = 32;
  const auto filter = noise(12, 9, 0.3F);
  const auto alpha = noise(channels, 4, 2);
  const auto inverse_beta = noise(channels, 5);
  const SnakeWeights weights{alpha.data(), inverse_beta.data(), filter.data()};
  for (const std::size_t rows : {1UL, 2UL, 5UL, 13UL, 64UL, 200UL}) {
    const auto x = noise(rows * channels, 1, 3);
    at_every_level([&](const RowMaths& maths) {
      std::vector<float> out(rows * channels);
      const auto last = static_cast<std::ptrdiff_t>(rows) - 1;
      maths.snake(out.data(), channels, {x.data(), channels, 0, last}, rows, channels, weights);
      for (std::size_t c = 0; c < channels; ++c) {
        std::vector<double> column(rows);
        for (std::size_t r = 0; r < rows; ++r) column[r] = x[r * channels + c];
        const auto exact =
            snake_in_double(column, double{alpha[c]}, double{inverse_beta[c]}, filter);
        for (std::size_t r = 0; r < rows; ++r)
          ASSERT_NEAR(out[r * channels + c], exact[r], 3e-5) << "row " << r;
      }
      std::vector<float> cut(rows * channels);
      for (std::size_t begin = 0; begin < rows; begin += 7) {
        const auto before = static_cast<std::ptrdiff_t>(begin);
        // The end is not known until a row is made that reads past it.
        const bool near_end = begin + 7 + 6 > rows;
        maths.snake(cut.data() + begin * channels, channels,
                    {x.data() + begin * channels, channels, -before,
                     near_end ? last - before : kUnknownEnd},
                    std::min<std::size_t>(7, rows - begin), channels, weights);
      }
      EXPECT_EQ(cut, out);
    });
  }
}

}  // namespace
}  // namespace syrinx::nn
