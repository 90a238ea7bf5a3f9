// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/nn/rows/gated_conv.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "syrinx/core/base/check.h"

namespace syrinx::nn {
namespace {

constexpr std::size_t kBlock = 16;  // Channels of one kind that stand together.

// The channel of the weights that stands at `place` of the layout in gate_kernels.h.
std::optional<std::size_t> channel_at(std::size_t place, std::size_t channels) {
  const std::size_t channel = place / (2 * kBlock) * kBlock + place % kBlock;
  if (channel >= channels) return std::nullopt;
  return place / kBlock % 2 == 0 ? channel : channels + channel;
}

// What the weights of one half of the channels are multiplied by, and of the other.
struct Scales {
  float a = 1;
  float b = 1;
  float at(std::size_t place) const { return place / kBlock % 2 == 0 ? a : b; }
};

ConvWeightAt laid_out(const ConvWeightAt& weight, std::size_t channels, Scales scales) {
  return [&weight, channels, scales](std::size_t place, std::size_t in, std::size_t tap) {
    const auto channel = channel_at(place, channels);
    return channel ? scales.at(place) * weight(*channel, in, tap) : 0.0F;
  };
}

}  // namespace

GatedConv::GatedConv(const RowKernels& kernels, RowFormat format, const GatedWeights& weights)
    : gates_(&gate_kernels_for(kernels)), format_(format) {
  const std::size_t channels = weights.conv.out_channels / 2;
  SYRINX_CHECK(weights.bias.size() == 2 * channels, "a bias of another length");
  padded_ = 2 * padded_channels(kernels, channels);
  const Scales scales = format == RowFormat::kFloat ? Scales{} : Scales{kGateScaleA, kGateScaleB};
  std::vector<float> bias(padded_);
  for (std::size_t place = 0; place < padded_; ++place) {
    const auto channel = channel_at(place, channels);
    if (channel) bias[place] = scales.at(place) * weights.bias[*channel];
  }
  ConvGeometry geometry = weights.conv;
  geometry.out_channels = padded_;
  conv_ = PackedConv(kernels, format, geometry, laid_out(weights.weight, channels, scales), bias);
  side_ = PackedConv(kernels, format, {weights.side_channels, padded_, {0}},
                     laid_out(weights.side_weight, channels, scales), {});
}

void GatedConv::run(Input in, Input side, std::size_t rows, std::byte* out, std::size_t out_stride,
                    float* scratch) const noexcept {
  if (rows == 0) return;
  if (format_ == RowFormat::kFloat) return run_float(in, side, rows, out, out_stride, scratch);
  const GatedCall call{conv_.weights(), in.rows, in.stride, side_.weights(), side.rows,
                       side.stride,     rows,    out,       out_stride};
  (format_ == RowFormat::kBf16 ? gates_->gated_bf16 : gates_->gated_bf16_pair)(call);
}

void GatedConv::run_float(Input in, Input side, std::size_t rows, std::byte* out,
                          std::size_t out_stride, float* scratch) const noexcept {
  for (std::size_t row = 0; row < rows; row += kScratchRows) {
    const std::size_t count = std::min(kScratchRows, rows - row);
    ConvTail tail;
    tail.keep = scratch;
    tail.keep_stride = padded_;
    conv_.run(in.rows + row * in.stride, in.stride, count, tail);
    tail.residual = scratch;
    tail.residual_stride = padded_;
    side_.run(side.rows + row * side.stride, side.stride, count, tail);
    gates_->gate(reinterpret_cast<float*>(out + row * out_stride), out_stride / sizeof(float),
                 scratch, padded_, count, padded_ / 2);
  }
}

SummedConv::SummedConv(const RowKernels& kernels, RowFormat format, std::size_t in_channels,
                       std::size_t out_channels, const ConvWeightAt& weight,
                       std::span<const float> bias)
    : conv_(kernels, format, {in_channels, out_channels, {0}}, weight, bias) {
  const GateKernels& gates = gate_kernels_for(kernels);
  if (format == RowFormat::kBf16) add_ = gates.add_bf16;
  if (format == RowFormat::kBf16Pair) add_ = gates.add_bf16_pair;
  if (add_ == nullptr) none_.assign(padded_channels(kernels, out_channels), 0.0F);
}

void SummedConv::run(const std::byte* in, std::size_t in_stride, std::size_t rows, float* sum,
                     std::size_t sum_stride, bool starts) const noexcept {
  if (add_ != nullptr) return add_({conv_.weights(), in, in_stride, rows, sum, sum_stride, starts});
  ConvTail tail;
  tail.sum = sum;
  tail.sum_stride = sum_stride;
  tail.sum_starts = starts;
  conv_.run(in, in_stride, rows, tail, starts ? nullptr : none_.data());
}

}  // namespace syrinx::nn
