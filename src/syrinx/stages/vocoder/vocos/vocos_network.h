// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/nn/rows/packed_conv.h"
#include "syrinx/core/nn/rows/row_maths.h"
#include "syrinx/stages/vocoder/model_kind.h"
#include "syrinx/stages/vocoder/weight_source.h"

namespace syrinx::vocoder {

// kUnsupported or kLimitExceeded with the field, unless the network can be built.
Result<void> validate(const VocosConfig& config);

// Scale and bias of a layer norm, padded.
struct NormWeights {
  std::vector<float> scale;
  std::vector<float> bias;
};

// x + gamma * second(gelu(first(norm(depthwise(x))))); gamma is folded into `second`.
struct ConvNextLayer {
  std::vector<float> depthwise;  // [7][channels]
  std::vector<float> depthwise_bias;
  NormWeights norm;
  nn::PackedConv first;
  nn::PackedConv second;
};

// The weights of Vocos (Siuzdak 2023, "Vocos: closing the gap between time-domain and Fourier-based
// neural vocoders"), packed for one table of kernels: ConvNeXt layers at the rate of the mel's
// frames, then a spectrum for each. Immutable.
struct VocosNetwork {
  // Asks for tensors by their full names. Errors: as validate(config), and those of the source.
  static Result<VocosNetwork> build(const VocosConfig& config, const WeightSource& source,
                                    const nn::RowKernels& kernels, nn::Precision precision);

  VocosConfig config;
  const nn::RowKernels* kernels = nullptr;
  const nn::RowMaths* maths = nullptr;
  nn::RowFormat format = nn::RowFormat::kFloat;  // Of what the layers multiply.
  std::size_t channels = 0;                      // Padded, as the next two.
  std::size_t hidden_channels = 0;
  std::size_t spectrum_channels = 0;
  nn::RowFormat embed_format = nn::RowFormat::kFloat;  // Of the mel, which it multiplies.
  nn::PackedConv embed;
  NormWeights first_norm;
  std::vector<ConvNextLayer> layers;
  NormWeights last_norm;
  nn::PackedConv out;         // To what the head makes spectra of: see FrameHead.
  std::vector<float> window;  // Of the inverse transform.
  std::size_t parameters = 0;

  std::size_t memory_bytes() const noexcept;
  std::size_t look_ahead_frames() const noexcept;
  std::size_t trimmed_samples() const noexcept;  // Cut off the front of the overlapped frames.
  std::size_t latency_samples() const noexcept;
};

}  // namespace syrinx::vocoder
