// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "syrinx/core/nn/rows/packed_conv.h"

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

// A convolution by minimal filtering over a stream of random rows, of which none but those that a
// call may read are finite.
class Example {
 public:
  Example(const RowKernels& kernels, std::size_t in, std::size_t out, std::size_t taps,
          std::size_t dilation, std::size_t rows)
      : in_(in),
        out_(out),
        rows_(rows),
        plain_(ConvGeometry::centred(in, out, taps, dilation)),
        weights_(noise(in * out * taps, 1)),
        bias_(noise(out, 2)),
        conv_(PackedConv::minimal(kernels, plain_, dilation, weights_, bias_)),
        in_padded_(padded_channels(kernels, in)),
        out_padded_(padded_channels(kernels, out)) {
    const auto behind = static_cast<std::size_t>(conv_.geometry().behind());
    const auto ahead = static_cast<std::size_t>(conv_.geometry().ahead());
    const auto values = noise((behind + rows + ahead) * in, 3);
    x_.assign((behind + rows + ahead) * in_padded_, 0.0F);
    for (std::size_t i = 0; i < values.size(); ++i) x_[i / in * in_padded_ + i % in] = values[i];
    scratch_.resize(conv_.scratch_bytes());
  }

  const PackedConv& conv() const { return conv_; }

  // All rows, `step` at a time, each call given its own copy of just what it may read.
  std::vector<float> made(std::size_t step) {
    const std::size_t behind = static_cast<std::size_t>(conv_.geometry().behind());
    const std::size_t reach = behind + static_cast<std::size_t>(conv_.geometry().ahead());
    std::vector<float> keep(rows_ * out_padded_);
    for (std::size_t first = 0; first < rows_; first += step) {
      const std::size_t rows = std::min(step, rows_ - first);
      std::vector<float> seen((rows + reach + 2 * kMargin) * in_padded_,
                              std::numeric_limits<float>::quiet_NaN());
      std::copy_n(x_.data() + first * in_padded_, (rows + reach) * in_padded_,
                  seen.data() + kMargin * in_padded_);
      ConvTail tail;
      tail.keep = keep.data() + first * out_padded_;
      tail.keep_stride = out_padded_;
      const float* at = seen.data() + (kMargin + behind) * in_padded_;
      conv_.run_at(static_cast<std::int64_t>(first), reinterpret_cast<const std::byte*>(at),
                   in_padded_ * sizeof(float), rows, tail, scratch_.data());
    }
    return keep;
  }

  // The largest error against sums in double, as a share of their standard deviation.
  double error_of(const std::vector<float>& keep) const {
    const std::size_t taps = plain_.offsets.size();
    const auto behind = conv_.geometry().behind();
    double largest = 0;
    for (std::size_t r = 0; r < rows_; ++r)
      for (std::size_t o = 0; o < out_; ++o) {
        double v = bias_[o];
        for (std::size_t t = 0; t < taps; ++t) {
          const auto row =
              static_cast<std::size_t>(static_cast<std::int64_t>(r) + behind + plain_.offsets[t]);
          for (std::size_t i = 0; i < in_; ++i)
            v += double{x_[row * in_padded_ + i]} * double{weights_[(o * in_ + i) * taps + t]};
        }
        const double error = std::abs(v - double{keep[r * out_padded_ + o]});
        largest = std::isnan(error) ? error : std::max(largest, error);
        if (std::isnan(error)) return error;
      }
    return largest / std::sqrt(static_cast<double>(in_ * taps));
  }

 private:
  static constexpr std::size_t kMargin = 64;
  std::size_t in_, out_, rows_;
  ConvGeometry plain_;
  std::vector<float> weights_, bias_;
  PackedConv conv_;
  std::size_t in_padded_, out_padded_;
  std::vector<float> x_;
  std::vector<std::byte> scratch_;
};

template <class Check>
void for_each_level(Check check) {
  int levels = 0;
  for (const RowLevel level : kLevels)
    if (const RowKernels* kernels = row_kernels_for(level)) {
      SCOPED_TRACE(to_string(level));
      check(*kernels);
      ++levels;
    }
  EXPECT_GE(levels, 1);
}

TEST(MinimalConv, ConvolvesLikeSumsInDoubleAtEveryLevel) {
  for_each_level([](const RowKernels& kernels) {
    for (const std::size_t taps : {3UL, 4UL, 7UL, 8UL, 11UL, 12UL})
      for (const std::size_t dilation : {1UL, 3UL, 5UL})
        for (const std::size_t rows : {1UL, 2UL, 9UL, 31UL, 250UL}) {
          Example example(kernels, 48, 40, taps, dilation, rows);
          EXPECT_LE(example.error_of(example.made(rows)), 1e-5)
              << taps << " taps " << dilation << " apart, " << rows << " rows";
        }
  });
}

TEST(MinimalConv, MakesTheSameRowsHoweverTheyAreCutIntoCallsAndFromNoMoreThanItSays) {
  for_each_level([](const RowKernels& kernels) {
    for (const std::size_t taps : {3UL, 7UL, 11UL})
      for (const std::size_t dilation : {1UL, 5UL}) {
        Example example(kernels, 32, 32, taps, dilation, 333);
        const auto whole = example.made(333);
        for (const std::size_t step : {1UL, 3UL, 7UL, 64UL, 100UL})
          EXPECT_EQ(example.made(step), whole) << taps << ", " << dilation << ", " << step;
      }
  });
}

TEST(MinimalConv, ReadsOneTapMoreOfThePastWhereItsGroupsOfTapsAreNotFull) {
  const RowKernels& kernels = row_kernels();
  const Example three(kernels, 16, 16, 3, 5, 1), seven(kernels, 16, 16, 7, 5, 1);
  EXPECT_EQ(three.conv().geometry().behind(), 5);
  EXPECT_EQ(seven.conv().geometry().behind(), 20);
  EXPECT_EQ(seven.conv().geometry().ahead(), 15);
  EXPECT_EQ(seven.conv().grid_rows(), 10U);
}

TEST(MinimalConv, SaysWhichTapsItHasGroupsFor) {
  for (const std::size_t taps : {3UL, 4UL, 7UL, 8UL, 11UL})
    EXPECT_TRUE(PackedConv::fits_minimal(taps, 1)) << taps;
  for (const std::size_t taps : {0UL, 1UL, 2UL, 5UL, 6UL, 9UL})
    EXPECT_FALSE(PackedConv::fits_minimal(taps, 1)) << taps;
  EXPECT_FALSE(PackedConv::fits_minimal(3, 33));
}

}  // namespace
}  // namespace syrinx::nn
