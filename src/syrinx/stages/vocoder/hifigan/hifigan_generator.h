// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/nn/rows/packed_conv.h"
#include "syrinx/stages/vocoder/hifigan/hifigan_config.h"

namespace syrinx::vocoder {

// Where weights come from: a module's name and the shape its weight must have, to its values with
// weight norm folded in; and a bias by its length.
struct WeightSource {
  std::function<Result<std::vector<float>>(const std::string&, std::span<const std::size_t>)>
      weight;
  std::function<Result<std::vector<float>>(const std::string&, std::size_t)> bias;
};

// A convolution that keeps the length: output row t reads rows t - padding() to t + padding().
struct SameConv {
  nn::PackedConv conv;
  std::int64_t padding = 0;
};

// One of a transposed convolution's phases: output rows q * rate + phase are a plain convolution of
// the input's rows from q + first_row on.
struct UpsamplePhase {
  nn::PackedConv conv;
  std::int64_t first_row = 0;
};

struct ResidualLayer {
  SameConv first;
  SameConv second;  // Empty in blocks of one convolution a layer.
  std::int64_t look_ahead(bool two) const noexcept {
    return first.padding + (two ? second.padding : 0);
  }
};

struct ResidualBlock {
  std::vector<ResidualLayer> layers;
  std::int64_t look_ahead = 0;
};

struct GeneratorStage {
  std::size_t rate = 1;
  std::size_t channels = 0;  // Padded.
  nn::RowFormat format = nn::RowFormat::kFloat;
  std::vector<UpsamplePhase> phases;
  std::int64_t behind = 0;            // Rows that the phases read before and after row q.
  std::int64_t ahead = 0;
  std::vector<ResidualBlock> blocks;  // Those that look least far ahead first.
  float slope_after = 0.1F;           // Of the leaky ReLU before what follows.
};

// The weights of a HiFi-GAN generator, packed for one table of kernels. Immutable.
struct HifiganGenerator {
  // Errors: as validate(config), and those of the source.
  static Result<HifiganGenerator> build(const HifiganConfig& config, const WeightSource& source,
                                        const nn::RowKernels& kernels, nn::Precision precision);

  HifiganConfig config;
  const nn::RowKernels* kernels = nullptr;
  SameConv pre;
  std::vector<GeneratorStage> stages;
  std::vector<float> post_weights;  // [7][channels of the last stage, padded]
  float post_bias = 0;
  std::size_t parameters = 0;

  std::size_t memory_bytes() const noexcept;
  std::size_t latency_samples() const noexcept;
};

}  // namespace syrinx::vocoder
