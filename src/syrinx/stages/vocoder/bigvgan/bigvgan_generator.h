// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/nn/rows/packed_conv.h"
#include "syrinx/core/nn/rows/row_maths.h"
#include "syrinx/stages/vocoder/model_kind.h"
#include "syrinx/stages/vocoder/weight_source.h"

namespace syrinx::vocoder {

// A periodic activation between two filters; see nn::SnakeWeights.
struct Snake {
  std::vector<float> alpha;  // Padded with zeros, as the next.
  std::vector<float> inverse_beta;
};

// x + second(snake2(first(snake1(x)))), or x + first(snake1(x)) where there is no second.
struct AmpLayer {
  Snake snake1;
  nn::PackedConv first;
  Snake snake2;
  nn::PackedConv second;
  std::int64_t look_ahead = 0;
};

struct AmpBlock {
  std::vector<AmpLayer> layers;
  std::int64_t look_ahead = 0;
};

struct BigVganStage {
  std::size_t rate = 1;      // Rows that one row of input becomes.
  std::size_t channels = 0;  // Padded.
  nn::RowFormat in_format = nn::RowFormat::kFloat;
  nn::RowFormat format = nn::RowFormat::kFloat;  // Of what the blocks multiply.
  std::vector<nn::PackedConv> phases;            // Row q * rate + p of the output is phase p.
  std::int64_t behind = 0;                       // Rows that the phases read before and after q.
  std::int64_t ahead = 0;
  std::vector<AmpBlock> blocks;  // Those that look least far ahead first.
};

// kUnsupported or kLimitExceeded with the field, unless the generator can be built.
Result<void> validate_bigvgan(const UpsamplerConfig& config);

// BigVGAN's interpolation filter: a sinc cut off at a quarter of the doubled rate under a Kaiser
// window, its sum 1.
std::array<float, nn::kSnakeTaps> bigvgan_filter();

// The weights of a BigVGAN generator (Lee et al. 2023, "BigVGAN: a universal neural vocoder with
// large-scale training"), packed for one table of kernels. Immutable.
struct BigVganGenerator {
  // Errors: as validate_bigvgan(config), and those of the source.
  static Result<BigVganGenerator> build(const UpsamplerConfig& config, const WeightSource& source,
                                        const nn::RowKernels& kernels, nn::Precision precision);

  UpsamplerConfig config;
  const nn::RowKernels* kernels = nullptr;
  const nn::RowMaths* maths = nullptr;
  std::array<float, nn::kSnakeTaps> filter{};
  std::size_t pre_channels = 0;  // Padded.
  nn::PackedConv pre;
  std::vector<BigVganStage> stages;
  Snake post_snake;
  std::vector<float> post_weights;  // [7][channels of the last stage]
  float post_bias = 0;
  std::size_t parameters = 0;

  std::size_t hop_samples() const noexcept;
  std::size_t memory_bytes() const noexcept;
  std::size_t latency_samples() const noexcept;
};

}  // namespace syrinx::vocoder
