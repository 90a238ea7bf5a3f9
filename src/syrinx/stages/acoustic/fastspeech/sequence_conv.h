// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>

#include "syrinx/core/base/realtime.h"
#include "syrinx/core/nn/layers/layer_rows.h"
#include "syrinx/core/nn/rows/packed_conv.h"

namespace syrinx::acoustic {

// A convolution over a whole sequence, zeros beyond its ends: PyTorch's Conv1d of an odd kernel
// with padding that keeps the length. Immutable; works as the layers of core/nn/layers do.
class SequenceConv {
 public:
  SequenceConv() = default;
  // `weights` as PyTorch has them, [out][in][taps]; `bias` [out].
  SequenceConv(const nn::RowKernels& kernels, nn::RowFormat format, std::size_t in, std::size_t out,
               std::size_t taps, std::span<const float> weights, std::span<const float> bias);

  std::size_t padded_out() const noexcept { return conv_.weights().out_channels; }
  std::size_t memory_bytes() const noexcept { return conv_.memory_bytes(); }
  std::size_t scratch_bytes(std::size_t rows) const noexcept;

  // Pre: as many rows of x as of out; `residual`, unless empty, as many again, which are added.
  // With `rectify` negative numbers of x count as zero.
  void run(nn::ConstRows x, nn::Rows out, std::span<std::byte> scratch, bool rectify = false,
           nn::ConstRows residual = {}) const noexcept SYRINX_REALTIME;

 private:
  std::size_t row_bytes() const noexcept;

  const nn::RowKernels* kernels_ = nullptr;
  nn::RowFormat format_ = nn::RowFormat::kFloat;
  nn::PackedConv conv_;
};

}  // namespace syrinx::acoustic
