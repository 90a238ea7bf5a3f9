// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "syrinx/core/nn/rows/byte_scale.h"
#include "syrinx/core/nn/rows/row_kernels.h"

namespace syrinx::nn {

// Of a row of `channels` channels, padded as `kernels` pad it.
std::size_t padded_channels(const RowKernels& kernels, std::size_t channels) noexcept;
std::size_t row_bytes(RowFormat format, std::size_t padded_channels) noexcept;
// The same, and where that is an even number of cache lines one more: so that rows of a power of
// two of bytes, which a tile reads 16 of at once, do not all fall into the same few sets of the
// cache.
std::size_t spread_row_bytes(RowFormat format, std::size_t padded_channels) noexcept;

// How precisely a network multiplies.
enum class Precision {
  kFloat32,  // Float32, or bfloat16 pairs in three passes where that is faster (SNR > 90 dB).
  kBf16,     // Bfloat16 products, float32 sums. Only where the processor has them in hardware.
  kInt8      // Bytes in the layers that bear it, after a network has been calibrated.
};
// The format of the rows between layers that are not bytes; the table must have a convolution for
// it.
RowFormat row_format(const RowKernels& kernels, Precision precision) noexcept;

// Which rows of its input make a row of a convolution's output.
struct ConvGeometry {
  std::size_t in_channels = 0;
  std::size_t out_channels = 0;
  std::vector<std::int32_t> offsets{0};  // Of each tap's row from the output's row; ascending.

  // Taps `dilation` apart around the output's row: PyTorch's Conv1d with padding
  // (taps - 1) * dilation / 2.
  static ConvGeometry centred(std::size_t in_channels, std::size_t out_channels, std::size_t taps,
                              std::size_t dilation);
  std::int64_t behind() const noexcept { return offsets.front() < 0 ? -offsets.front() : 0; }
  std::int64_t ahead() const noexcept { return offsets.back() > 0 ? offsets.back() : 0; }
};

using ConvWeightAt = std::function<float(std::size_t out, std::size_t in, std::size_t tap)>;

// A convolution between rows that are *folded*: narrow rows laid side by side, `fold` of them to a
// row, until they fill a vector or a tile. Fewer and wider rows, fewer taps, the same sums.
struct FoldedConv {
  ConvGeometry geometry;
  std::vector<float> weights;  // [out][in][tap], PackedConv's order.
  std::vector<float> bias;
};

// What a plain row of output is made of. Both count plain rows from the first one of a folded row.
struct PlainConv {
  std::size_t in_channels = 0;
  std::size_t out_channels = 0;
  std::size_t taps = 0;
  // Which row of input tap k of output row r reads; none where it reads none.
  std::function<std::optional<std::int64_t>(std::size_t r, std::size_t k)> offset;
  ConvWeightAt weight;
  std::span<const float> bias;  // out_channels, or none.
};
FoldedConv fold_conv(const PlainConv& plain, std::size_t fold_in, std::size_t fold_out);

struct TilePlan;  // tile_steps.h

// A convolution's weights in the order in which one table's kernels read them. Shared by every
// stream; immutable.
class PackedConv {
 public:
  PackedConv() noexcept = default;
  PackedConv(PackedConv&&) noexcept = default;
  PackedConv& operator=(PackedConv&&) noexcept = default;
  ~PackedConv() = default;
  // weight(out, in, tap) is asked for once for each weight. `bias` has out_channels values, or
  // none. Pre: `kernels` has a convolution for `format`.
  PackedConv(const RowKernels& kernels, RowFormat format, const ConvGeometry& geometry,
             const ConvWeightAt& weight, std::span<const float> bias);
  // Weights as PyTorch's Conv1d has them: [out][in][taps].
  PackedConv(const RowKernels& kernels, RowFormat format, const ConvGeometry& geometry,
             std::span<const float> weights, std::span<const float> bias);
  // Of rows of bytes, each weight of 8 bits by a scale of its output channel. Weights in the same
  // order. Pre: in.fits(). The rows stand side by side, in_channels (padded) bytes apart.
  PackedConv(const RowKernels& kernels, const ByteScale& in, const ConvGeometry& geometry,
             std::span<const float> weights, std::span<const float> bias);

  // Tiles that hold nothing but zeros, of which folds make many, are left out: see tile_steps.h.
  // Not for kernels that take several convolutions at once.
  static PackedConv folded(const RowKernels& kernels, RowFormat format, const FoldedConv& conv);

  // Float rows by minimal filtering, three products where direct ones need four and a half to five:
  // weights in the same order, taps `dilation` apart around the output's row as
  // ConvGeometry::centred() has them. The geometry may have a tap of zeros besides, before the
  // first. Its rows depend on where they stand in the stream: see run_at().
  // Pre: fits_minimal(taps, dilation).
  static PackedConv minimal(const RowKernels& kernels, const ConvGeometry& geometry,
                            std::size_t dilation, std::span<const float> weights,
                            std::span<const float> bias);
  static bool fits_minimal(std::size_t taps, std::size_t dilation) noexcept;
  // Weights that it has where a direct convolution has `taps`.
  static std::size_t minimal_weights(std::size_t taps) noexcept;

  const ConvGeometry& geometry() const noexcept { return geometry_; }
  std::size_t memory_bytes() const noexcept { return bytes_; }
  // Rows that are made alike: row r of a stream as row r + n * grid_rows().
  std::size_t grid_rows() const noexcept { return minimal_.span > 0 ? 2 * minimal_.dilation : 1; }
  // That run_at() needs.
  std::size_t scratch_bytes() const noexcept;

  // Makes `rows` rows of output. `in` is the row that offset 0 means for the first of them; all
  // that the offsets reach, and kSlackRows more after it, are there. `in_stride` in bytes. `bias`,
  // unless null, stands in for its own: padded as the output's channels are.
  void run(const std::byte* in, std::size_t in_stride, std::size_t rows, const ConvTail& tail,
           const float* bias = nullptr) const noexcept SYRINX_REALTIME;
  // The same for rows from `first_row` of a stream on, 0 or later: each has the same bits in every
  // cut of the stream into calls. Reads nothing past what the offsets reach where it is minimal.
  void run_at(std::int64_t first_row, const std::byte* in, std::size_t in_stride, std::size_t rows,
              const ConvTail& tail, std::byte* scratch) const noexcept SYRINX_REALTIME;
  // For kernels that take several convolutions at once.
  const ConvWeights& weights() const noexcept { return view_; }

 private:
  struct Free {
    void operator()(std::byte* bytes) const noexcept;
  };
  void allocate(std::size_t weight_bytes, std::span<const float> bias,
                std::span<const std::int32_t> offsets, bool bytes = false,
                std::span<const SparseStep> sparse = {});
  void hold_tiles(const RowKernels& kernels, RowFormat format, const TilePlan& plan,
                  const ConvWeightAt& weight, std::span<const float> bias);

  ConvGeometry geometry_;
  ConvWeights view_;
  void (*kernel_)(const ConvCall&) noexcept = nullptr;
  void (*minimal_kernel_)(const MinimalCall&) noexcept = nullptr;
  MinimalCall minimal_;  // What all calls share; a span of 0 where it is a direct convolution.
  std::unique_ptr<std::byte[], Free> data_;
  std::size_t bytes_ = 0;
};

}  // namespace syrinx::nn
