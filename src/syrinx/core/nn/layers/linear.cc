// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/nn/layers/linear.h"

#include "syrinx/core/nn/layers/scratch_cursor.h"

namespace syrinx::nn {

Linear::Linear(const RowKernels& kernels, RowFormat format, std::size_t in, std::size_t out,
               std::span<const float> weights, std::span<const float> bias)
    : kernels_(&kernels),
      format_(format),
      matrix_(kernels, format, ConvGeometry::centred(in, out, 1, 1), weights, bias) {}

Linear::Linear(const RowKernels& kernels, RowFormat format, std::size_t in, std::size_t out,
               const ConvWeightAt& weight, std::span<const float> bias)
    : kernels_(&kernels),
      format_(format),
      matrix_(kernels, format, ConvGeometry::centred(in, out, 1, 1), weight, bias) {}

std::size_t Linear::row_bytes() const noexcept {
  return spread_row_bytes(format_, matrix_.weights().in_channels);
}

std::size_t Linear::scratch_bytes(std::size_t rows) const noexcept {
  return scratch_piece((rows + kSlackRows) * row_bytes());
}

void Linear::run(ConstRows x, Rows out, std::span<std::byte> scratch,
                 ConstRows residual) const noexcept {
  SYRINX_CHECK(x.count == out.count, "as many rows go out as come in");
  ScratchCursor cursor(scratch);
  std::byte* const in = cursor.take_bytes((x.count + kSlackRows) * row_bytes()).data();
  kernels_->activate(in, row_bytes(), format_, x.data, x.stride, x.count,
                     matrix_.weights().in_channels, 1.0F, 1.0F);
  ConvTail tail;
  tail.residual = residual.data;
  tail.residual_stride = residual.stride;
  tail.keep = out.data;
  tail.keep_stride = out.stride;
  matrix_.run(in, row_bytes(), x.count, tail);
}

}  // namespace syrinx::nn
