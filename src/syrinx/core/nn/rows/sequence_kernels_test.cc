// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/nn/rows/sequence_kernels.h"

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
    check(sequence_kernels_for(*kernels));
  }
}

std::size_t padded(std::size_t n) { return (n + 15) / 16 * 16; }

// Head of attention with everything in double: [rows][channels].
std::vector<double> attended(const AttentionHead& head) {
  const auto near = [&](std::size_t row, std::size_t key) {
    const auto offset = static_cast<long>(key) - static_cast<long>(row + head.first_row) +
                        static_cast<long>(head.window);
    const bool inside =
        head.near_keys != nullptr && offset >= 0 && offset <= 2 * static_cast<long>(head.window);
    return inside ? offset * static_cast<long>(head.channels) : -1L;
  };
  std::vector<double> out(head.rows * head.channels);
  for (std::size_t r = 0; r < head.rows; ++r) {
    std::vector<double> weights(head.key_rows);
    double largest = -1e300, sum = 0;
    for (std::size_t k = 0; k < head.key_rows; ++k) {
      for (std::size_t c = 0; c < head.channels; ++c) {
        double key = head.keys[c * head.padded_keys + k];
        if (near(r, k) >= 0) key += head.near_keys[near(r, k) + static_cast<long>(c)];
        weights[k] += head.query[r * head.query_stride + c] * key * head.scale;
      }
      if (head.mask == nullptr || head.mask[k] != 0) largest = std::max(largest, weights[k]);
    }
    for (std::size_t k = 0; k < head.key_rows; ++k) {
      const bool used = head.mask == nullptr || head.mask[k] != 0;
      sum += weights[k] = used ? std::exp(weights[k] - largest) : 0;
    }
    for (std::size_t k = 0; k < head.key_rows; ++k)
      for (std::size_t c = 0; c < head.channels; ++c) {
        double value = head.values[k * head.padded_channels + c];
        if (near(r, k) >= 0) value += head.near_values[near(r, k) + static_cast<long>(c)];
        out[r * head.channels + c] += weights[k] / sum * value;
      }
  }
  return out;
}

TEST(SequenceKernels, AttendIsItsFormulaForEveryLength) {
  for (std::size_t keys = 1; keys <= 67; keys += keys < 18 ? 1 : 7)
    for (const std::size_t channels : {1UL, 5UL, 16UL, 33UL})
      for (const bool extras : {false, true}) {
        SCOPED_TRACE(testing::Message() << keys << " keys of " << channels << ", " << extras);
        AttentionHead head;
        head.rows = 1 + keys % 7;
        head.first_row = keys / 3;
        head.channels = channels;
        head.key_rows = keys;
        head.padded_keys = padded(keys);
        head.padded_channels = padded(channels);
        head.query_stride = head.out_stride = channels + 3;
        head.scale = 0.7F;
        const auto query = noise(head.rows * head.query_stride, 1);
        auto k = noise(channels * head.padded_keys, 2);
        const auto v = noise(keys * head.padded_channels, 3);
        const auto near_keys = noise(7 * channels, 4), near_values = noise(7 * channels, 5);
        std::vector<std::uint8_t> mask(keys, 1);
        for (std::size_t i = 1; i < keys; i += 3) mask[i] = 0;
        std::vector<float> scores(kAttentionRows * head.padded_keys);
        head.query = query.data();
        head.keys = k.data();
        head.values = v.data();
        head.scores = scores.data();
        if (extras) {
          head.mask = mask.data();
          head.near_keys = near_keys.data();
          head.near_values = near_values.data();
          head.window = 3;
        }
        const auto expected = attended(head);
        at_every_level([&](const SequenceKernels& kernels) {
          std::vector<float> out(head.rows * head.out_stride, 7.0F);
          head.out = out.data();
          kernels.attend(head);
          for (std::size_t r = 0; r < head.rows; ++r) {
            for (std::size_t c = 0; c < channels; ++c)
              ASSERT_NEAR(out[r * head.out_stride + c], expected[r * channels + c], 1e-5);
            for (std::size_t c = channels; c < head.out_stride; ++c)
              ASSERT_EQ(out[r * head.out_stride + c], 7.0F);
          }
        });
      }
}

TEST(SequenceKernels, LstmStepIsItsFormula) {
  for (const std::size_t hidden : {16UL, 48UL, 64UL}) {
    const auto gates = noise(4 * hidden, 1, 3), recurrent = noise(4 * hidden * hidden, 2, 0.3F);
    const auto before = noise(hidden, 3), cell = noise(hidden, 4, 2);
    at_every_level([&](const SequenceKernels& kernels) {
      std::vector<float> next = cell, out(hidden);
      kernels.lstm_step(
          {gates.data(), recurrent.data(), hidden, before.data(), next.data(), out.data()});
      for (std::size_t o = 0; o < hidden; ++o) {
        double sums[4];
        for (std::size_t g = 0; g < 4; ++g) {
          sums[g] = gates[g * hidden + o];
          for (std::size_t i = 0; i < hidden; ++i)
            sums[g] += double{recurrent[((o / 16 * hidden + i) * 4 + g) * 16 + o % 16]} *
                       double{before[i]};
        }
        const auto sigmoid = [](double v) { return 1 / (1 + std::exp(-v)); };
        const double c = sigmoid(sums[1]) * cell[o] + sigmoid(sums[0]) * std::tanh(sums[2]);
        ASSERT_NEAR(next[o], c, 4e-6);
        ASSERT_NEAR(out[o], sigmoid(sums[3]) * std::tanh(c), 4e-6);
      }
    });
  }
}

}  // namespace
}  // namespace syrinx::nn
