// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "syrinx/core/nn/rows/gate_kernels.h"
#include "syrinx/core/nn/rows/packed_conv.h"

namespace syrinx::nn {

// What one gated convolution is made of. Output channel o of [0, 2 * channels) is, below
// `channels`, what tanh is taken of, and from there on what the sigmoid is taken of.
struct GatedWeights {
  ConvGeometry conv;              // out_channels is 2 * channels.
  ConvWeightAt weight;            // Of the convolution.
  std::size_t side_channels = 0;  // Of a row of conditioning.
  ConvWeightAt side_weight;       // Its one tap, on the output's own row.
  std::span<const float> bias;    // Of both together, 2 * channels values.
};

// tanh(a) * sigmoid(b), where a and b are a convolution of rows and one of conditioning rows added
// up: a layer of WaveNet. Packed for one table of kernels; immutable.
class GatedConv {
 public:
  // Rows that the float path makes at a time, and so the rows of scratch that it needs.
  static constexpr std::size_t kScratchRows = 96;

  GatedConv() noexcept = default;
  // Pre: `kernels` has a convolution for `format`.
  GatedConv(const RowKernels& kernels, RowFormat format, const GatedWeights& weights);

  const ConvGeometry& geometry() const noexcept { return conv_.geometry(); }
  std::size_t memory_bytes() const noexcept { return conv_.memory_bytes() + side_.memory_bytes(); }
  // Floats of scratch that run() needs.
  std::size_t scratch_floats() const noexcept { return kScratchRows * padded_; }

  struct Input {
    const std::byte* rows = nullptr;  // The row that offset 0 means for the first of the output.
    std::size_t stride = 0;           // Bytes.
  };
  // Makes `rows` rows of `channels` (padded) in `format`. As PackedConv::run, kSlackRows after the
  // inputs are there.
  void run(Input in, Input side, std::size_t rows, std::byte* out, std::size_t out_stride,
           float* scratch) const noexcept SYRINX_REALTIME;

 private:
  void run_float(Input in, Input side, std::size_t rows, std::byte* out, std::size_t out_stride,
                 float* scratch) const noexcept;

  PackedConv conv_;
  PackedConv side_;
  const GateKernels* gates_ = nullptr;
  RowFormat format_ = RowFormat::kFloat;
  std::size_t padded_ = 0;  // Channels of both convolutions' output.
};

// A convolution of one tap whose rows are added up over several layers, the bias once: WaveNet's
// skips, the biases of all in the first. Packed for one table of kernels; immutable.
class SummedConv {
 public:
  SummedConv() noexcept = default;
  // As PackedConv.
  SummedConv(const RowKernels& kernels, RowFormat format, std::size_t in_channels,
             std::size_t out_channels, const ConvWeightAt& weight, std::span<const float> bias);

  std::size_t memory_bytes() const noexcept { return conv_.memory_bytes(); }
  // sum = bias + convolution where it starts, else sum += convolution. Strides: bytes, floats.
  void run(const std::byte* in, std::size_t in_stride, std::size_t rows, float* sum,
           std::size_t sum_stride, bool starts) const noexcept SYRINX_REALTIME;

 private:
  PackedConv conv_;
  void (*add_)(const SumCall& call) noexcept = nullptr;
  std::vector<float> none_;  // A bias of zeros, for kernels that always add one.
};

}  // namespace syrinx::nn
