// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/acoustic/fastspeech/sequence_conv.h"

#include <cstring>

#include "syrinx/core/base/check.h"

namespace syrinx::acoustic {

SequenceConv::SequenceConv(const nn::RowKernels& kernels, nn::RowFormat format, std::size_t in,
                           std::size_t out, std::size_t taps, std::span<const float> weights,
                           std::span<const float> bias)
    : kernels_(&kernels),
      format_(format),
      conv_(kernels, format, nn::ConvGeometry::centred(in, out, taps, 1), weights, bias) {}

std::size_t SequenceConv::row_bytes() const noexcept {
  return nn::spread_row_bytes(format_, conv_.weights().in_channels);
}

std::size_t SequenceConv::scratch_bytes(std::size_t rows) const noexcept {
  const auto edges = static_cast<std::size_t>(conv_.geometry().behind() + conv_.geometry().ahead());
  return (edges + rows + nn::kSlackRows) * row_bytes();
}

void SequenceConv::run(nn::ConstRows x, nn::Rows out, std::span<std::byte> scratch, bool rectify,
                       nn::ConstRows residual) const noexcept {
  SYRINX_CHECK(x.count == out.count, "as many rows go out as come in");
  SYRINX_CHECK(scratch.size() >= scratch_bytes(x.count), "less scratch than the layer needs");
  const auto behind = static_cast<std::size_t>(conv_.geometry().behind());
  const auto ahead = static_cast<std::size_t>(conv_.geometry().ahead());
  std::byte* const first = scratch.data() + behind * row_bytes();
  std::memset(scratch.data(), 0, behind * row_bytes());
  kernels_->activate(first, row_bytes(), format_, x.data, x.stride, x.count,
                     conv_.weights().in_channels, 1.0F, rectify ? 0.0F : 1.0F);
  std::memset(first + x.count * row_bytes(), 0, ahead * row_bytes());
  nn::ConvTail tail;
  tail.residual = residual.data;
  tail.residual_stride = residual.stride;
  tail.keep = out.data;
  tail.keep_stride = out.stride;
  conv_.run(first, row_bytes(), x.count, tail);
}

}  // namespace syrinx::acoustic
