// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "syrinx/core/base/realtime.h"
#include "syrinx/core/nn/layers/layer_rows.h"
#include "syrinx/core/nn/rows/row_maths.h"

namespace syrinx::nn {

// Layer norm over the channels of each row (Ba, Kiros & Hinton 2016), as PyTorch's LayerNorm.
class LayerNorm {
 public:
  LayerNorm() = default;
  // `scale` and `bias`: one number for each channel.
  LayerNorm(const RowKernels& kernels, std::span<const float> scale, std::span<const float> bias,
            float epsilon = 1e-5F);

  // `out` may be `x`.
  void run(ConstRows x, Rows out) const noexcept SYRINX_REALTIME;
  std::size_t memory_bytes() const noexcept { return 2 * scale_.size() * sizeof(float); }

 private:
  const RowMaths* maths_ = nullptr;
  std::size_t padded_ = 0;
  std::vector<float> scale_, bias_;
  float epsilon_ = 0;
};

// Group norm over the channels of a group at all rows of a call (Wu & He 2018), as PyTorch's
// GroupNorm: of one group for each channel it is instance norm. A call sees the whole sequence.
class GroupNorm {
 public:
  GroupNorm() = default;
  // Pre: `groups` shares the channels evenly.
  GroupNorm(const RowKernels& kernels, std::size_t groups, std::span<const float> scale,
            std::span<const float> bias, float epsilon = 1e-5F);

  // `out` may be `x`.
  void run(ConstRows x, Rows out) const noexcept SYRINX_REALTIME;
  std::size_t memory_bytes() const noexcept { return 2 * scale_.size() * sizeof(float); }

 private:
  std::size_t groups_ = 1;
  std::size_t padded_ = 0;
  std::vector<float> scale_, bias_;
  float epsilon_ = 0;
};

// A batch norm of a trained network (Ioffe & Szegedy 2015): what it learned of each channel.
struct BatchNorm {
  std::span<const float> scale;
  std::span<const float> bias;
  std::span<const float> mean;
  std::span<const float> variance;
  float epsilon = 1e-5F;
};
// Folds a batch norm into the layer before it: weights are [out][...], biases [out].
void fold_batch_norm(const BatchNorm& norm, std::span<float> weights, std::span<float> bias);

}  // namespace syrinx::nn
