// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/nn/rows/gated_stack.h"
#include "syrinx/stages/vocoder/model_kind.h"
#include "syrinx/stages/vocoder/weight_source.h"

namespace syrinx::vocoder {

// One step of flow, run backwards: the second half of the channels is brought back by what the
// network makes of the first half, then all are unmixed.
struct WaveGlowFlow {
  std::size_t channels = 0;        // Of the signal in this flow; even.
  std::vector<float> unmix;        // The inverse of the published 1x1 convolution, in rows.
  std::size_t early_channels = 0;  // Of fresh noise that come in front after this flow.
  nn::PackedConv start;
  // Their skips are taken through the network's last convolution, which is as linear as their sum:
  // so the sum is the transform, its shift and then the logarithm of its scale.
  std::vector<nn::GatedLayer> layers;
};

// The weights of WaveGlow (Prenger, Valle & Catanzaro 2019) as NVIDIA publish it, packed for one
// table of kernels. A row is a group of samples. Immutable.
struct WaveGlowNetwork {
  // Errors: kUnsupported or kLimitExceeded for a config that cannot be built; kCorruptData naming
  // the flow whose matrix is singular; those of the source.
  static Result<WaveGlowNetwork> build(const WaveGlowConfig& config, const WeightSource& source,
                                       const nn::RowKernels& kernels, nn::Precision precision);

  std::size_t side_channels() const noexcept { return config.mel_bands * config.group_samples; }
  // Rows on each side that a row of a flow depends on.
  std::int64_t reach() const noexcept;
  std::size_t rows_per_frame() const noexcept { return upsample.size(); }
  std::size_t memory_bytes() const noexcept;

  WaveGlowConfig config;
  const nn::RowKernels* kernels = nullptr;
  nn::RowFormat format = nn::RowFormat::kFloat;
  std::size_t channels = 0;              // Padded.
  std::size_t side = 0;                  // Padded.
  std::vector<nn::PackedConv> upsample;  // Row p of a frame's is convolution p of the frames.
  std::vector<WaveGlowFlow> flows;       // In the order in which they are run: the last first.
  std::size_t parameters = 0;
};

}  // namespace syrinx::vocoder
