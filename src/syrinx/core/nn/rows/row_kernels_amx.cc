// SPDX-License-Identifier: Apache-2.0
// Convolutions by AMX tiles, compiled for AMX-BF16 and AVX-512; see CMakeLists.txt. An output block
// is 32 rows by 32 channels: four accumulator tiles (0-3), two of rows (4, 5), two of weights (6,
// 7). While the tile unit multiplies one block, the vector units finish the block before it.
#include <immintrin.h>

#include "syrinx/core/nn/rows/amx_tiles.h"
#include "syrinx/core/nn/rows/row_kernels.h"
#include "syrinx/core/nn/rows/row_kernels_levels.h"

namespace syrinx::nn {
namespace {

struct alignas(64) TileConfig {
  std::uint8_t palette = 1;
  std::uint8_t start_row = 0;
  std::uint8_t reserved[14] = {};
  std::uint16_t bytes_per_row[16] = {64, 64, 64, 64, 64, 64, 64, 64};
  std::uint8_t rows[16] = {16, 16, 16, 16, 16, 16, 16, 16};
};

// What of a tail there is. Each combination that networks use is compiled for itself: what the
// vector units have to do beside the products counts by the instruction.
enum TailParts : unsigned {
  kResidual = 1,
  kKeep = 2,
  kSum = 4,
  kStart = 8,  // Of the sum.
  kOut = 16,
  kGelu = 32,
  kMean = 64,  // Of the sum, into out.
  kFloatOut = 128,
  kAny = 256  // Told while it runs.
};

unsigned parts_of(const ConvTail& tail) {
  const unsigned sum = tail.sum_starts ? kSum | kStart : kSum;
  return (tail.residual != nullptr ? kResidual : 0U) | (tail.keep != nullptr ? kKeep : 0U) |
         (tail.sum != nullptr ? sum : 0U) | (tail.out != nullptr ? kOut : 0U) |
         (tail.gelu ? kGelu : 0U) | (tail.sum != nullptr && tail.mean != 0.0F ? kMean : 0U) |
         (tail.out != nullptr && tail.float_out ? kFloatOut : 0U);
}

// A block whose products are done and whose rows wait to be finished, and where they go.
struct Pending {
  const float* products = nullptr;  // [left][32]
  std::size_t left = 0;
  __m512 bias[2] = {};
  const float* residual = nullptr;
  float* keep = nullptr;
  float* sum = nullptr;
  std::byte* out = nullptr;
};

template <class T>
SYRINX_AMX_INLINE T* moved(T* base, std::size_t by) {
  return base == nullptr ? nullptr : base + by;
}

SYRINX_AMX_INLINE Pending pending_block(const ConvCall& call, const float* products,
                                        std::size_t row, std::size_t rows, std::size_t channel) {
  const ConvTail& tail = call.tail;
  const float* bias = call.conv.bias + channel;
  return {products,
          rows,
          {_mm512_loadu_ps(bias), _mm512_loadu_ps(bias + 16)},
          moved(tail.residual, row * tail.residual_stride + channel),
          moved(tail.keep, row * tail.keep_stride + channel),
          moved(tail.sum, row * tail.sum_stride + channel),
          moved(tail.out, row * tail.out_stride + channel * (tail.float_out ? 4 : 2))};
}

SYRINX_AMX_INLINE void add_to(__m512& v0, __m512& v1, const float* from) {
  v0 = _mm512_add_ps(v0, _mm512_loadu_ps(from));
  v1 = _mm512_add_ps(v1, _mm512_loadu_ps(from + 16));
}

SYRINX_AMX_INLINE void store_floats(float* to, __m512 v0, __m512 v1) {
  _mm512_storeu_ps(to, v0);
  _mm512_storeu_ps(to + 16, v1);
}

// P(t) below: by the least largest relative error for |x| up to 13.2. 1.4e-6 of it is as much as
// pairs of bfloat16 resolve, 9e-5 a twentieth of what one resolves.
template <bool Pair>
SYRINX_AMX_INLINE __m512 gelu_step(__m512 p, __m512 t, std::size_t k) {
  constexpr float kFine[] = {8.59784037e-2F, -3.58761251e-1F, 4.10283774e-1F, 2.43930668e-2F,
                             2.84658313e-1F, 2.73892909e-1F,  2.79553413e-1F};
  constexpr float kRough[] = {-1.669551892e-1F, 4.805440351e-1F, 9.929968431e-2F, 3.103461846e-1F,
                              2.768531624e-1F};
  float value = 0;
  if constexpr (Pair) {
    value = kFine[k];
  } else {
    value = kRough[k];
  }
  const __m512 next = _mm512_set1_ps(value);
  return k == 0 ? next : _mm512_fmadd_ps(p, t, next);
}

// x Phi(x) of several registers side by side, one step for all and then the next: each step waits
// for the one before it. Phi(-|x|) = e^(-x^2 / 2) t P(t) / 2 with t = 1 / (1 + 0.35 |x|).
template <bool Pair, std::size_t N>
SYRINX_AMX_INLINE void gelu_all(__m512 (&x)[N]) {
  constexpr std::size_t kSteps = Pair ? 7 : 5;
  __m512 t[N], d[N], p[N];
  for (std::size_t i = 0; i < N; ++i)
    d[i] = _mm512_fmadd_ps(_mm512_abs_ps(x[i]), _mm512_set1_ps(0.35F), _mm512_set1_ps(1.0F));
  for (std::size_t i = 0; i < N; ++i) t[i] = _mm512_rcp14_ps(d[i]);
  if constexpr (Pair) {
    for (std::size_t i = 0; i < N; ++i) d[i] = _mm512_fnmadd_ps(d[i], t[i], _mm512_set1_ps(2.0F));
    for (std::size_t i = 0; i < N; ++i) t[i] = _mm512_mul_ps(t[i], d[i]);
  }
  for (std::size_t k = 0; k < kSteps; ++k)
    for (std::size_t i = 0; i < N; ++i) p[i] = gelu_step<Pair>(p[i], t[i], k);
  for (std::size_t i = 0; i < N; ++i) p[i] = _mm512_mul_ps(p[i], _mm512_mul_ps(t[i], x[i]));
  for (std::size_t i = 0; i < N; ++i)
    d[i] = _mm512_mul_ps(_mm512_mul_ps(x[i], x[i]), _mm512_set1_ps(-0.5F * 1.44269504F));
  for (std::size_t i = 0; i < N; ++i) d[i] = exp2_of<Pair>(d[i]);
  for (std::size_t i = 0; i < N; ++i) {
    const __mmask16 above = _mm512_cmp_ps_mask(x[i], _mm512_setzero_ps(), _CMP_GT_OQ);
    p[i] = _mm512_mul_ps(p[i], _mm512_mul_ps(d[i], _mm512_set1_ps(0.5F)));
    x[i] = _mm512_mask_sub_ps(p[i], above, x[i], p[i]);
  }
}

// Which rows and weights there are, and what of a tail.
template <bool IsPair, bool IsSparse, unsigned TailParts>
struct Kind {
  static constexpr bool kPair = IsPair;
  static constexpr bool kSparse = IsSparse;
  static constexpr unsigned kParts = TailParts;
  static constexpr std::size_t kStepBytes = (IsPair ? 4 : 2) * kTileBytes;
};

// Finishes at most `count` rows of the block.
template <class Kind>
SYRINX_AMX_INLINE void finish_rows(const ConvCall& call, unsigned parts, Pending& block,
                                   std::size_t count) {
  if constexpr (Kind::kParts != kAny) parts = Kind::kParts;
  const ConvTail& tail = call.tail;
  const __m512 slope = _mm512_set1_ps(tail.slope);
  const __m512 mean = _mm512_set1_ps(tail.mean);
  count = count < block.left ? count : block.left;
  block.left -= count;
  for (; count > 0; --count, block.products += kSide) {
    __m512 v0 = _mm512_add_ps(_mm512_load_ps(block.products), block.bias[0]);
    __m512 v1 = _mm512_add_ps(_mm512_load_ps(block.products + 16), block.bias[1]);
    if ((parts & kResidual) != 0) {
      add_to(v0, v1, block.residual);
      block.residual += tail.residual_stride;
    }
    if ((parts & kKeep) != 0) {
      store_floats(block.keep, v0, v1);
      block.keep += tail.keep_stride;
    }
    if ((parts & kMean) != 0) {
      if ((parts & kStart) == 0) add_to(v0, v1, block.sum);
      block.sum += tail.sum_stride;
      v0 = _mm512_mul_ps(v0, mean);
      v1 = _mm512_mul_ps(v1, mean);
    }
    if ((parts & kFloatOut) != 0) {
      store_floats(reinterpret_cast<float*>(block.out), leaky(v0, slope), leaky(v1, slope));
      block.out += tail.out_stride;
    } else if ((parts & kOut) != 0) {
      __m512 v[] = {v0, v1};
      if ((parts & kGelu) != 0) {
        gelu_all<Kind::kPair>(v);
      } else {
        v[0] = leaky(v0, slope);
        v[1] = leaky(v1, slope);
      }
      store_bf16<Kind::kPair>(block.out, call.conv.out_channels * 2, v[0], v[1]);
      block.out += tail.out_stride;
    }
    if ((parts & (kSum | kMean)) == kSum) {
      if ((parts & kStart) == 0) add_to(v0, v1, block.sum);
      store_floats(block.sum, v0, v1);
      block.sum += tail.sum_stride;
    }
  }
}

template <class Kind>
SYRINX_AMX_INLINE std::size_t steps_of(const ConvWeights& conv) {
  return Kind::kSparse ? conv.sparse_steps : conv.taps * (conv.in_channels / kSide);
}

// All products of one output block, the block before it being finished meanwhile. `in` is the row
// that offset 0 means for the block's first.
template <class Kind>
SYRINX_AMX_INLINE void multiply_block(const ConvCall& call, unsigned parts, const std::byte* in,
                                      const std::byte* weights, const SparseStep* sparse,
                                      WeightsAhead& ahead, Pending& before) {
  const std::size_t width = call.conv.in_channels * 2;
  const std::size_t steps = steps_of<Kind>(call.conv);
  const std::size_t share = (kSide + steps - 1) / steps;
  const auto stride = static_cast<std::ptrdiff_t>(call.in_stride);
  const auto finish = [&](std::size_t i, std::size_t n) {
    finish_rows<Kind>(call, parts, before, share * (i + 1) / n - share * i / n);
  };
  _tile_zero(0);
  _tile_zero(1);
  _tile_zero(2);
  _tile_zero(3);
  if constexpr (Kind::kSparse) {
    for (const SparseStep* step = sparse; step != sparse + steps; ++step) {
      const std::byte* a = in + step->row[0] * stride + step->byte[0];
      const std::byte* b = in + step->row[1] * stride + step->byte[1];
      if (a == b) {
        multiply_step<Kind::kPair>(a, call.in_stride, width, weights, finish);
      } else {
        multiply_halves<Kind::kPair>(a, b, call.in_stride, width, weights, finish);
      }
      weights += Kind::kStepBytes;
      ahead.step();
    }
    return;
  }
  for (std::size_t tap = 0; tap < call.conv.taps; ++tap) {
    const std::byte* rows = in + call.conv.offsets[tap] * stride;
    for (std::size_t part = 0; part < width; part += 64, weights += Kind::kStepBytes) {
      multiply_step<Kind::kPair>(rows + part, call.in_stride, width, weights, finish);
      ahead.step();
    }
  }
}

// Rows that pass over the weights at once: about kSpanBytes of them, all passes alike.
SYRINX_AMX_INLINE std::size_t span_of(const ConvCall& call) {
  const std::size_t most = kSide * (1 + kSpanBytes / (call.in_stride * kSide));
  const std::size_t rounded = (call.rows + most / 2) / most;
  const std::size_t passes = rounded > 0 ? rounded : 1;
  return ((call.rows + passes - 1) / passes + kSide - 1) / kSide * kSide;
}

template <class Kind>
void convolve_with(const ConvCall& call, unsigned parts) {
  alignas(64) float products[2][kSide * kSide];
  const ConvWeights& conv = call.conv;
  const std::size_t steps = steps_of<Kind>(conv);
  const std::size_t block_bytes = steps * Kind::kStepBytes;
  const std::size_t span = span_of(call);
  Pending pending;
  int turn = 0;
  for (std::size_t begin = 0; begin < call.rows; begin += span) {
    const std::size_t end = begin + span < call.rows ? begin + span : call.rows;
    for (std::size_t channel = 0; channel < conv.out_channels; channel += kSide) {
      const std::byte* weights = conv.weights + channel / kSide * block_bytes;
      const SparseStep* sparse = moved(conv.sparse, channel / kSide * steps);
      const bool last = channel + kSide == conv.out_channels;
      WeightsAhead ahead(weights + block_bytes, last ? 0 : block_bytes,
                         (end - begin + kSide - 1) / kSide * steps);
      for (std::size_t row = begin; row < end; row += kSide) {
        multiply_block<Kind>(call, parts, call.in + row * call.in_stride, weights, sparse, ahead,
                             pending);
        finish_rows<Kind>(call, parts, pending, kSide);
        store_block(products[turn]);
        pending = pending_block(call, products[turn], row, end - row < kSide ? end - row : kSide,
                                channel);
        turn ^= 1;
      }
    }
  }
  finish_rows<Kind>(call, parts, pending, kSide);
}

template <bool Pair, unsigned Parts>
SYRINX_AMX_INLINE void convolve_parts(const ConvCall& call, unsigned parts) {
  if (call.conv.sparse != nullptr) return convolve_with<Kind<Pair, true, Parts>>(call, parts);
  convolve_with<Kind<Pair, false, Parts>>(call, parts);
}

template <bool Pair>
SYRINX_AMX_INLINE void convolve(const ConvCall& call) {
  const unsigned parts = parts_of(call.tail);
  switch (parts) {
    case kOut:
      return convolve_parts<Pair, kOut>(call, parts);
    case kOut | kGelu:
      return convolve_parts<Pair, kOut | kGelu>(call, parts);
    case kKeep:
      return convolve_parts<Pair, kKeep>(call, parts);
    case kKeep | kOut:
      return convolve_parts<Pair, kKeep | kOut>(call, parts);
    case kResidual | kKeep:
      return convolve_parts<Pair, kResidual | kKeep>(call, parts);
    case kResidual | kKeep | kOut:
      return convolve_parts<Pair, kResidual | kKeep | kOut>(call, parts);
    case kResidual | kSum:
      return convolve_parts<Pair, kResidual | kSum>(call, parts);
    case kResidual | kSum | kStart:
      return convolve_parts<Pair, kResidual | kSum | kStart>(call, parts);
    case kResidual | kSum | kMean | kOut:
      return convolve_parts<Pair, kResidual | kSum | kMean | kOut>(call, parts);
    case kResidual | kSum | kMean | kOut | kFloatOut:
      return convolve_parts<Pair, kResidual | kSum | kMean | kOut | kFloatOut>(call, parts);
    default:
      return convolve_parts<Pair, kAny>(call, parts);
  }
}

template <bool Pair>
SYRINX_AMX_INLINE void activate(std::byte* out, std::size_t out_stride, const float* x,
                                std::size_t x_stride, std::size_t rows, std::size_t channels,
                                float scale, float slope) {
  const __m512 scales = _mm512_set1_ps(scale);
  const __m512 slopes = _mm512_set1_ps(slope);
  for (std::size_t r = 0; r < rows; ++r) {
    const float* from = x + r * x_stride;
    for (std::size_t c = 0; c < channels; c += kSide) {
      const __m512 v0 = _mm512_mul_ps(_mm512_loadu_ps(from + c), scales);
      const __m512 v1 = _mm512_mul_ps(_mm512_loadu_ps(from + c + 16), scales);
      store_bf16<Pair>(out + r * out_stride + c * 2, channels * 2, leaky(v0, slopes),
                       leaky(v1, slopes));
    }
  }
}

}  // namespace

void conv_bf16_amx(const ConvCall& call) noexcept { convolve<false>(call); }
void conv_bf16_pair_amx(const ConvCall& call) noexcept { convolve<true>(call); }

void activate_amx(std::byte* out, std::size_t out_stride, RowFormat format, const float* x,
                  std::size_t x_stride, std::size_t rows, std::size_t channels, float scale,
                  float slope) noexcept {
  if (format == RowFormat::kBf16)
    return activate<false>(out, out_stride, x, x_stride, rows, channels, scale, slope);
  if (format == RowFormat::kBf16Pair)
    return activate<true>(out, out_stride, x, x_stride, rows, channels, scale, slope);
  row_kernels_avx512().activate(out, out_stride, format, x, x_stride, rows, channels, scale, slope);
}

void load_tiles_amx() noexcept {
  const TileConfig config;
  __asm__ volatile("" ::"r"(&config) : "memory");
  _tile_loadconfig(&config);
}

void release_tiles_amx() noexcept { _tile_release(); }

}  // namespace syrinx::nn
