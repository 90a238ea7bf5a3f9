// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "support/realtime_guard.h"
#include "syrinx/core/nn/layers/attention.h"
#include "syrinx/core/nn/layers/embedding.h"
#include "syrinx/core/nn/layers/lstm.h"
#include "syrinx/core/nn/layers/norms.h"
#include "syrinx/core/nn/rows/row_window.h"
#include "syrinx/core/nn/weights/weight_file.h"

// Every layer against what PyTorch makes of the same weights and input, in double; see
// tests/golden/make_layer_golden.py. Float32 must come within 2e-5 (sums of 20 products of
// numbers around 1 round by about 1e-6 each layer), bfloat16 pairs within 2e-4 (each product keeps
// 16 bits), bfloat16 within 0.06 (8 bits).
namespace syrinx::nn {
namespace {

constexpr std::size_t kRows = 13, kChannels = 20, kHeads = 2, kWindow = 3, kHidden = 9;

struct Level {
  const RowKernels* kernels;
  RowFormat format;
  double tolerance;
};

std::vector<Level> levels() {
  std::vector<Level> all;
  for (const RowLevel level :
       {RowLevel::kGeneric, RowLevel::kAvx2, RowLevel::kAvx512, RowLevel::kAmx}) {
    const RowKernels* kernels = row_kernels_for(level);
    if (kernels == nullptr) continue;
    all.push_back({kernels, RowFormat::kFloat, 2e-5});
    if (kernels->conv_bf16_pair == nullptr) continue;
    all.push_back({kernels, RowFormat::kBf16Pair, 2e-4});
    all.push_back({kernels, RowFormat::kBf16, 0.06});
  }
  return all;
}

// Rows of their own, padded, and something in them that must not be left there.
struct OwnRows {
  OwnRows(const RowKernels& kernels, std::size_t count, std::size_t channels)
      : values(count * padded_channels(kernels, channels), 777.0F),
        rows{values.data(), count, padded_channels(kernels, channels)} {}
  std::vector<float> values;
  Rows rows;
};

class Layers : public testing::Test {
 protected:
  static const WeightFile& file() {
    static const WeightFile opened = WeightFile::open(SYRINX_LAYER_GOLDEN).value();
    return opened;
  }
  static std::vector<float> get(const std::string& name) { return file().floats(name).value(); }
  static OwnRows input(const RowKernels& kernels) {
    OwnRows x(kernels, kRows, kChannels);
    const auto values = get("x");
    for (std::size_t r = 0; r < kRows; ++r)
      for (std::size_t c = 0; c < x.rows.stride; ++c)
        x.rows.row(r)[c] = c < kChannels ? values[r * kChannels + c] : 0.0F;
    return x;
  }
  static void expect_golden(const std::string& name, const OwnRows& given, double tolerance) {
    const auto expected = get(name);
    const std::size_t channels = expected.size() / given.rows.count;
    double worst = 0;
    for (std::size_t r = 0; r < given.rows.count; ++r) {
      for (std::size_t c = 0; c < channels; ++c)
        worst = std::max(
            worst, std::abs(double{expected[r * channels + c]} - double{given.rows.row(r)[c]}));
      for (std::size_t c = channels; c < given.rows.stride; ++c)
        ASSERT_EQ(given.rows.row(r)[c], 0.0F) << name << " leaves something in the padding";
    }
    EXPECT_LT(worst, tolerance) << name;
  }
  // Runs `layer` at every level on scratch of just its size, in real time.
  template <class Check>
  static void at_every_level(Check check) {
    for (const Level& level : levels()) {
      SCOPED_TRACE(std::string(to_string(level.kernels->level)) + ", format " +
                   std::to_string(static_cast<int>(level.format)));
      const TileScope tiles(*level.kernels);
      check(level, input(*level.kernels));
    }
  }
};

TEST_F(Layers, LinearIsPyTorchs) {
  at_every_level([](const Level& level, const OwnRows& x) {
    const Linear layer(*level.kernels, level.format, kChannels, 7, get("linear.weight"),
                       get("linear.bias"));
    OwnRows out(*level.kernels, kRows, 7);
    const ScratchBytes scratch(layer.scratch_bytes(kRows));
    EXPECT_REALTIME_SAFE(layer.run(x.rows, out.rows, {scratch.data(), scratch.size()}));
    expect_golden("linear.out", out, level.tolerance);
  });
}

struct AttentionTensors {
  std::vector<float> in, in_bias, out, out_bias, near_keys, near_values;

  SelfAttentionWeights weights(bool relative) const {
    constexpr std::size_t kSquare = kChannels * kChannels;
    const std::span<const float> matrices(in), biases(in_bias);
    SelfAttentionWeights made;
    made.query = matrices.first(kSquare);
    made.key = matrices.subspan(kSquare, kSquare);
    made.value = matrices.last(kSquare);
    made.query_bias = biases.first(kChannels);
    made.key_bias = biases.subspan(kChannels, kChannels);
    made.value_bias = biases.last(kChannels);
    made.out = out;
    made.out_bias = out_bias;
    if (relative) made.positions = {kWindow, near_keys, near_values};
    return made;
  }
};

TEST_F(Layers, SelfAttentionIsPyTorchsWithAMaskAndWithRelativePositions) {
  const AttentionTensors tensors{get("attention.in_proj_weight"),  get("attention.in_proj_bias"),
                                 get("attention.out_proj.weight"), get("attention.out_proj.bias"),
                                 get("attention.near_keys"),       get("attention.near_values")};
  std::array<std::uint8_t, kRows> mask{};
  for (std::size_t i = 0; i < kRows; ++i) mask[i] = i == 3 || i >= 10 ? 0 : 1;
  at_every_level([&](const Level& level, const OwnRows& x) {
    const auto plain = SelfAttention::create(*level.kernels, level.format, kChannels, kHeads,
                                             tensors.weights(false));
    const auto relative = SelfAttention::create(*level.kernels, level.format, kChannels, kHeads,
                                                tensors.weights(true));
    ASSERT_TRUE(plain && relative);
    OwnRows out(*level.kernels, kRows, kChannels);
    const ScratchBytes memory(plain->scratch_bytes(kRows));
    const std::span<std::byte> scratch(memory.data(), memory.size());
    EXPECT_REALTIME_SAFE(plain->run(x.rows, out.rows, scratch));
    expect_golden("attention.out", out, level.tolerance);
    EXPECT_REALTIME_SAFE(plain->run(x.rows, out.rows, scratch, mask));
    expect_golden("attention.masked", out, level.tolerance);
    EXPECT_REALTIME_SAFE(relative->run(x.rows, out.rows, scratch));
    // Scores of twice the spread: bfloat16's rounding turns the softmax further.
    expect_golden("attention.relative", out, 2 * level.tolerance);
  });
}

TEST_F(Layers, LstmsAreOnesOfPyTorchInBothDirectionsAndAsAStream) {
  const auto weights = [](const std::string& end) {
    return std::array{get("lstm.weight_ih_l0" + end), get("lstm.weight_hh_l0" + end),
                      get("lstm.bias_ih_l0" + end), get("lstm.bias_hh_l0" + end)};
  };
  const auto forward = weights(""), backward = weights("_reverse");
  const LstmWeights f{forward[0], forward[1], forward[2], forward[3]};
  const LstmWeights b{backward[0], backward[1], backward[2], backward[3]};
  at_every_level([&](const Level& level, const OwnRows& x) {
    const BiLstm both(*level.kernels, level.format, kChannels, kHidden, f, b);
    OwnRows out(*level.kernels, kRows, both.out_channels());
    const ScratchBytes memory(both.scratch_bytes(kRows));
    const std::span<std::byte> scratch(memory.data(), memory.size());
    LstmState state = both.make_state();
    EXPECT_REALTIME_SAFE(both.run(x.rows, out.rows, state, scratch));
    expect_golden("lstm.out", out, level.tolerance);

    const Lstm one(*level.kernels, level.format, kChannels, kHidden, f);
    OwnRows streamed(*level.kernels, kRows, kHidden);
    state.reset();
    std::size_t at = 0;
    for (const std::size_t count : {1UL, 3UL, 7UL, 2UL}) {
      one.run({x.rows.row(at), count, x.rows.stride},
              {streamed.rows.row(at), count, streamed.rows.stride}, state, scratch);
      at += count;
    }
    ASSERT_EQ(at, kRows);
    for (std::size_t r = 0; r < kRows; ++r)
      for (std::size_t c = 0; c < kHidden; ++c)
        ASSERT_EQ(streamed.rows.row(r)[c], out.rows.row(r)[c]) << r << " " << c;
  });
}

TEST_F(Layers, NormsArePyTorchs) {
  at_every_level([](const Level& level, const OwnRows& x) {
    OwnRows out(*level.kernels, kRows, kChannels);
    const LayerNorm layer(*level.kernels, get("layer_norm.weight"), get("layer_norm.bias"));
    EXPECT_REALTIME_SAFE(layer.run(x.rows, out.rows));
    expect_golden("layer_norm.out", out, 2e-5);
    const GroupNorm group(*level.kernels, 4, get("group_norm.weight"), get("group_norm.bias"));
    EXPECT_REALTIME_SAFE(group.run(x.rows, out.rows));
    expect_golden("group_norm.out", out, 2e-5);
  });
}

TEST_F(Layers, ABatchNormFoldsIntoTheConvolutionBeforeIt) {
  auto weights = get("batch_norm.conv.weight");
  auto bias = get("batch_norm.conv.bias");
  const auto scale = get("batch_norm.weight"), shift = get("batch_norm.bias");
  const auto mean = get("batch_norm.mean"), variance = get("batch_norm.variance");
  fold_batch_norm({scale, shift, mean, variance}, weights, bias);
  const auto x = get("x"), expected = get("batch_norm.out");
  for (std::size_t r = 0; r < kRows; ++r)
    for (std::size_t o = 0; o < bias.size(); ++o) {
      double sum = bias[o];
      for (std::size_t k = 0; k < 3; ++k)
        for (std::size_t c = 0; c < kChannels && r + k >= 1 && r + k - 1 < kRows; ++c)
          sum +=
              double{weights[(o * kChannels + c) * 3 + k]} * double{x[(r + k - 1) * kChannels + c]};
      EXPECT_NEAR(expected[r * bias.size() + o], sum, 2e-5);
    }
}

TEST_F(Layers, AnEmbeddingIsPyTorchsAndRefusesOtherSymbols) {
  const std::array<std::int32_t, 5> symbols{4, 0, 2, 2, 1};
  at_every_level([&](const Level& level, const OwnRows&) {
    const Embedding embedding(*level.kernels, 6, get("embedding.weight"));
    OwnRows out(*level.kernels, symbols.size(), 6);
    ASSERT_TRUE(embedding.check(symbols));
    EXPECT_REALTIME_SAFE(embedding.run(symbols, out.rows));
    expect_golden("embedding.out", out, 1e-7);
    const std::array<std::int32_t, 2> wrong{1, 5};
    EXPECT_EQ(embedding.check(wrong).error().message, "symbol 1 is 5; the embedding has 0 to 4");
    const std::array<std::int32_t, 1> negative{-1};
    EXPECT_FALSE(embedding.check(negative));
  });
}

}  // namespace
}  // namespace syrinx::nn
