// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/nn/rows/gated_stack.h"
#include "syrinx/stages/vocoder/diffwave/mel_upsampler.h"
#include "syrinx/stages/vocoder/model_kind.h"
#include "syrinx/stages/vocoder/weight_source.h"

namespace syrinx::vocoder {

// A dense layer as PyTorch's Linear: weights [out][in].
struct DenseLayer {
  std::vector<float> weights;
  std::vector<float> bias;
  std::vector<double> apply(const std::vector<double>& in) const;
};

// What goes with one of DiffWave's residual layers besides its convolutions. Between layers x is
// kept 2^(n/2) times as large as published, n the layers before, so that the division by sqrt(2)
// after each costs nothing; the weights make up for it.
struct DiffWaveLayer {
  double scale = 1;                  // 2^(n/2).
  std::vector<float> residual_bias;  // Scaled.
  DenseLayer step;                   // From the step's embedding.
};

// What depends on the diffusion step alone: each layer's share of the embedding, which is added to
// its input, so that it becomes part of the bias of the layer before.
struct DiffWaveStep {
  std::vector<float> first;                // Added to the first layer's input; padded.
  std::vector<std::vector<float>> biases;  // Of each layer's residual; padded.
};

// The weights of a DiffWave denoiser (Kong et al. 2021, "DiffWave", section 3) as lmnt-com publish
// it, packed for one table of kernels. Immutable.
struct DiffWaveNetwork {
  // Errors: kUnsupported or kLimitExceeded for a config that cannot be built; those of the source.
  static Result<DiffWaveNetwork> build(const DiffWaveConfig& config, const WeightSource& source,
                                       const nn::RowKernels& kernels, nn::Precision precision);

  // For a step of the training schedule, between steps too: `step` in [0, 49].
  DiffWaveStep step(double step) const;
  // Samples on each side that a sample of the output depends on.
  std::int64_t reach() const noexcept;
  std::size_t memory_bytes() const noexcept;

  DiffWaveConfig config;
  const nn::RowKernels* kernels = nullptr;
  nn::RowFormat format = nn::RowFormat::kFloat;
  std::size_t channels = 0;  // Padded.
  std::size_t bands = 0;     // Padded.
  MelUpsampler upsampler;
  std::vector<float> in_weights, in_bias;  // From one sample to a row; padded.
  DenseLayer embed1, embed2;
  std::vector<DiffWaveLayer> layers;
  // Their skips are taken through the network's skip projection, which is as linear as their sum.
  std::vector<nn::GatedLayer> convs;
  std::vector<float> out_weights;  // From a row to one sample; padded.
  float out_bias = 0;
  std::size_t parameters = 0;
};

}  // namespace syrinx::vocoder
