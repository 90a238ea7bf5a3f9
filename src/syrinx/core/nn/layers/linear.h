// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>

#include "syrinx/core/base/realtime.h"
#include "syrinx/core/nn/layers/layer_rows.h"
#include "syrinx/core/nn/rows/packed_conv.h"

namespace syrinx::nn {

// y = W x + b for every row: PyTorch's Linear, and its Conv1d of one tap. The matrix is packed for
// one table of kernels, and rows are multiplied in its format.
class Linear {
 public:
  Linear() = default;
  // `weights` as PyTorch has them, [out][in]; `bias` [out], or none.
  Linear(const RowKernels& kernels, RowFormat format, std::size_t in, std::size_t out,
         std::span<const float> weights, std::span<const float> bias);
  // The same matrix as a function of (out, in).
  Linear(const RowKernels& kernels, RowFormat format, std::size_t in, std::size_t out,
         const ConvWeightAt& weight, std::span<const float> bias);

  std::size_t in_channels() const noexcept { return matrix_.geometry().in_channels; }
  std::size_t out_channels() const noexcept { return matrix_.geometry().out_channels; }
  std::size_t padded_out() const noexcept { return matrix_.weights().out_channels; }
  std::size_t memory_bytes() const noexcept { return matrix_.memory_bytes(); }
  std::size_t scratch_bytes(std::size_t rows) const noexcept;

  // Pre: as many rows of x as of out; `residual`, unless empty, as many again, which are added.
  void run(ConstRows x, Rows out, std::span<std::byte> scratch,
           ConstRows residual = {}) const noexcept SYRINX_REALTIME;

 private:
  std::size_t row_bytes() const noexcept;

  const RowKernels* kernels_ = nullptr;
  RowFormat format_ = RowFormat::kFloat;
  PackedConv matrix_;
};

}  // namespace syrinx::nn
