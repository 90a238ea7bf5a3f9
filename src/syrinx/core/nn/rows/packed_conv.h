// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>

#include "syrinx/core/nn/rows/row_kernels.h"

namespace syrinx::nn {

// Of a row of `channels` channels, padded as `kernels` pad it.
std::size_t padded_channels(const RowKernels& kernels, std::size_t channels) noexcept;
std::size_t row_bytes(RowFormat format, std::size_t padded_channels) noexcept;

// How precisely a network multiplies.
enum class Precision {
  kFloat32,  // Float32, or bfloat16 pairs in three passes where that is faster (SNR > 90 dB).
  kBf16      // Bfloat16 products, float32 sums. Only where the processor has them in hardware.
};
// The format of the rows between layers; the table must have a convolution for it.
RowFormat row_format(const RowKernels& kernels, Precision precision) noexcept;

struct ConvGeometry {
  std::size_t in_channels = 0;
  std::size_t out_channels = 0;
  std::size_t taps = 1;
  std::size_t dilation = 1;
};

// A convolution's weights in the order in which one table's kernels read them. Shared by every
// stream; immutable.
class PackedConv {
 public:
  PackedConv() = default;
  // weight(out, in, tap) is asked for once for each weight. `bias` has out_channels values, or none.
  // Pre: `kernels` has a convolution for `format`.
  PackedConv(const RowKernels& kernels, RowFormat format, const ConvGeometry& geometry,
             const std::function<float(std::size_t, std::size_t, std::size_t)>& weight,
             std::span<const float> bias);
  // Weights as PyTorch's Conv1d has them: [out][in][taps].
  PackedConv(const RowKernels& kernels, RowFormat format, const ConvGeometry& geometry,
             std::span<const float> weights, std::span<const float> bias);

  const ConvGeometry& geometry() const noexcept { return geometry_; }
  std::size_t memory_bytes() const noexcept { return bytes_; }

  // Makes `rows` rows of output. `in` is the row under the first tap of the first of them; the rows
  // after it, and kSlackRows more, are there. `in_stride` in bytes.
  void run(const std::byte* in, std::size_t in_stride, std::size_t rows,
           const ConvTail& tail) const noexcept SYRINX_REALTIME;

 private:
  struct Free {
    void operator()(std::byte* bytes) const noexcept;
  };
  void allocate(std::size_t weight_bytes, std::span<const float> bias);

  ConvGeometry geometry_;
  ConvWeights view_;
  void (*kernel_)(const ConvCall&) noexcept = nullptr;
  std::unique_ptr<std::byte[], Free> data_;
  std::size_t bytes_ = 0;
};

}  // namespace syrinx::nn
