// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "syrinx/core/base/realtime.h"

// The hot loops of networks over time: convolutions along rows. A *row* is one moment of an
// activation, all its channels side by side (time x channel, "channels last"), so that a
// convolution is a sum of matrix products of rows with no rearranging. One table of function
// pointers per instruction set. Within one table a row's value depends on nothing but the rows that
// it is made of: not on how many rows a call makes, nor where they lie.
//
// Raw pointers, not spans: the code behind them is compiled for processors that this one may not
// be, and must not instantiate anything inline that the linker could share with the rest.
namespace syrinx::nn {

// How a row's numbers lie in memory. kBf16Pair splits each float into two bfloat16 (high, then what
// the high one misses), a row being all the high parts and then all the low parts: products of such
// pairs in three passes are as good as float32 on units that multiply only bfloat16. kBytes is 8
// bits a number, as a ByteCode says; byte_kernels.h has its functions.
enum class RowFormat { kFloat, kBf16, kBf16Pair, kBytes };

// Which instructions. kGeneric is 128-bit portable vector code: SSE2, and NEON on aarch64.
enum class RowLevel { kGeneric, kAvx2, kAvx512, kAmx };

// Every call may read, though not use, this many rows past the last one that it needs; they must be
// memory of the program's holding finite numbers.
inline constexpr std::size_t kSlackRows = 32;

// A step of tiles that leaves tiles of zeros out: where the 32 inputs of its outputs 0-15 and 16-31
// of a block lie. Each half multiplies inputs of its own.
struct SparseStep {
  std::int32_t row[2] = {};   // From the output's row.
  std::int32_t byte[2] = {};  // Of that row; of its high part, where rows are pairs.
};

// The weights of one convolution as the kernels want them; see PackedConv.
struct ConvWeights {
  const std::byte* weights = nullptr;
  const float* bias = nullptr;            // Padded to the channel multiple.
  std::size_t in_channels = 0;            // Padded.
  std::size_t out_channels = 0;           // Padded.
  const std::int32_t* offsets = nullptr;  // [taps]: which row each tap reads, from the output's.
  std::size_t taps = 0;
  // Of bytes: the integer that each output channel's sum starts from, and what a sum is worth.
  const std::int32_t* start = nullptr;
  const float* scale = nullptr;
  // [block of 32 out][step]: of tiles, instead of each tap's inputs in turn where that is more.
  const SparseStep* sparse = nullptr;
  std::size_t sparse_steps = 0;
};

// How bytes stand for the numbers of a row: b for step * (b - zero), channel by channel.
struct ByteCode {
  const float* inverse_step = nullptr;
  const float* zero = nullptr;  // Whole numbers, 0 to 255.
};

// What becomes of v, one row of a convolution with its bias added. In this order, each but
// `bias` left out when its pointer is null: v += residual; keep = v; sum = v or sum += v;
// out = leaky_relu(v), or gelu(v), in `out`'s format. Strides count elements (of out: bytes) from
// row to row. With a `mean` the sum is complete with v: it is only read, and v = mean * (sum + v).
struct ConvTail {
  const float* residual = nullptr;
  std::size_t residual_stride = 0;
  float* keep = nullptr;
  std::size_t keep_stride = 0;
  float* sum = nullptr;
  std::size_t sum_stride = 0;
  bool sum_starts = false;  // sum = v instead of sum += v.
  std::byte* out = nullptr;
  std::size_t out_stride = 0;
  float slope = 1.0F;  // Of the leaky ReLU below zero, in [0, 1]; 1 leaves v as it is.
  ByteCode bytes;      // Of `out`, where it holds bytes.
  // x Phi(x), the exact GELU (Hendrycks & Gimpel 2016), instead of the leaky ReLU: within 1e-6
  // relative (far below zero 1e-6 x^2), or what the format resolves. Not of bytes.
  bool gelu = false;
  // The rest is not of bytes, nor with gelu.
  float mean = 0.0F;       // None if 0.
  bool float_out = false;  // `out` holds floats whatever the rows are.
};

struct ConvCall {
  ConvWeights conv;
  const std::byte* in = nullptr;  // The row that offset 0 means for the first row to make.
  std::size_t in_stride = 0;      // Bytes.
  std::size_t rows = 0;
  ConvTail tail;
};

// A convolution of float rows whose taps lie evenly apart, by minimal filtering: see MinimalConv.
// Rows are made in pairs, `dilation` apart, out of blocks of 2 * dilation rows. `conv.conv` has as
// many taps as are multiplied, its weights in the order
// [block of 16 out][point][group of taps][in][16].
struct MinimalCall {
  ConvCall conv;  // Without GELU.
  std::size_t dilation = 1;
  std::size_t points = 5;         // 4: three taps, one group. 5: groups of four taps.
  std::size_t groups = 1;         // Of taps.
  bool starts_with_zero = false;  // The first tap's weights are zeros.
  std::size_t place = 0;          // Of the first row to make within its block of rows.
  std::size_t span = 0;           // Pairs that are made at once.
  float* scratch = nullptr;
};
inline constexpr std::size_t kMinimalSlack = 16;  // Positions that scratch has besides.

struct RowKernels {
  RowLevel level;
  std::size_t channel_multiple;  // Rows and packed weights are padded to this many channels.

  // Convolves rows of one format; `tail.out` has the same format. Null where the level lacks it.
  void (*conv_float)(const ConvCall& call) noexcept;
  void (*conv_bf16)(const ConvCall& call) noexcept;
  void (*conv_bf16_pair)(const ConvCall& call) noexcept;
  void (*conv_minimal)(const MinimalCall& call) noexcept;

  // out = leaky_relu(scale * x), `channels` (padded) a row, into `format`.
  void (*activate)(std::byte* out, std::size_t out_stride, RowFormat format, const float* x,
                   std::size_t x_stride, std::size_t rows, std::size_t channels, float scale,
                   float slope) noexcept;
  // y[i] = bias + dot(w, x + i * step), n outputs: a convolution to one channel over float rows
  // that lie side by side. `length` is a multiple of 16.
  void (*slide)(float* y, std::size_t n, const float* x, std::size_t step, const float* w,
                std::size_t length, float bias) noexcept;
  void (*tanh)(float* x, std::size_t n) noexcept;  // Within 3e-7 of tanh.
};

// The best table that this processor can run, or less by the environment's
// SYRINX_SIMD=generic|avx2|avx512|amx. Asks Linux for the tile registers where it is AMX.
const RowKernels& row_kernels() noexcept;
// The table of one level, or null where this processor, this build or the system does not have it.
const RowKernels* row_kernels_for(RowLevel level) noexcept;

const char* to_string(RowLevel level) noexcept;

// Held by a thread around calls of an AMX table's convolutions: loads the tile configuration and
// lets it go. Costs nothing with other tables.
class TileScope {
 public:
  explicit TileScope(const RowKernels& kernels) noexcept SYRINX_REALTIME;
  ~TileScope();
  TileScope(const TileScope&) = delete;
  TileScope& operator=(const TileScope&) = delete;

 private:
  bool tiles_;
};

}  // namespace syrinx::nn
