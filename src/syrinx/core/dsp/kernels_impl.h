// SPDX-License-Identifier: Apache-2.0
#pragma once

// The one source of every kernel, compiled once per SIMD level by kernels_generic.cc and its
// siblings, each of which defines SYRINX_VECTOR_FLOATS (floats in a register) first.

#if defined(__AVX2__)
#include <immintrin.h>
#endif

#include "syrinx/core/dsp/kernels.h"
#include "syrinx/core/dsp/simd_vector.h"

namespace syrinx::dsp {
namespace {

constexpr std::size_t kWidth = SYRINX_VECTOR_FLOATS;
using Vector = VectorOf<kWidth>;
using Float = Vector::Float;
using Int = Vector::Int;
using Unsigned = Vector::Unsigned;
using Short = Vector::Short;

// Sums run over this many lanes at every level, so that every level rounds alike.
constexpr std::size_t kLanes = 16;
constexpr std::size_t kParts = kLanes / kWidth;
// Sums of this many samples are exact enough in float; longer ones continue in double.
constexpr std::size_t kFloatSumSamples = 1024;

SYRINX_INLINE Float splat(float value) { return Float{} + value; }
SYRINX_INLINE Float absolute(Float v) { return (Float)((Int)v & 0x7fffffff); }
SYRINX_INLINE Float zero_if_nan(Float v) { return v == v ? v : Float{}; }
SYRINX_INLINE Float clamped(Float v, float low, float high) {
  v = v < low ? splat(low) : v;
  return v > high ? splat(high) : v;
}

// Runs `body` on whole vectors and then on a last one padded with zeros.
template <class Body>
SYRINX_INLINE void in_place(float* x, std::size_t n, Body body) {
  std::size_t i = 0;
  for (; i + kWidth <= n; i += kWidth) store(x + i, body(load<Float>(x + i), i));
  if (i == n) return;
  float rest[kWidth] = {};
  __builtin_memcpy(rest, x + i, (n - i) * sizeof(float));
  store(rest, body(load<Float>(rest), i));
  __builtin_memcpy(x + i, rest, (n - i) * sizeof(float));
}

// y = body(y, x) likewise.
template <class Body>
SYRINX_INLINE void combine(float* y, const float* x, std::size_t n, Body body) {
  std::size_t i = 0;
  for (; i + kWidth <= n; i += kWidth) store(y + i, body(load<Float>(y + i), load<Float>(x + i)));
  if (i == n) return;
  float rest_x[kWidth] = {};
  float rest_y[kWidth] = {};
  __builtin_memcpy(rest_x, x + i, (n - i) * sizeof(float));
  __builtin_memcpy(rest_y, y + i, (n - i) * sizeof(float));
  store(rest_y, body(load<Float>(rest_y), load<Float>(rest_x)));
  __builtin_memcpy(y + i, rest_y, (n - i) * sizeof(float));
}

void gain(float* x, std::size_t n, float factor) noexcept {
  in_place(x, n, [=](Float v, std::size_t) { return v * factor; });
}

void mix(float* y, const float* x, std::size_t n, float factor) noexcept {
  combine(y, x, n, [=](Float to, Float from) { return to + from * factor; });
}

void multiply(float* y, const float* x, std::size_t n) noexcept {
  combine(y, x, n, [](Float to, Float from) { return to * from; });
}

void clamp(float* x, std::size_t n, float low, float high) noexcept {
  in_place(x, n, [=](Float v, std::size_t) { return clamped(zero_if_nan(v), low, high); });
}

constexpr std::uint32_t kNegateEvens[16] = {0x80000000u, 0, 0x80000000u, 0, 0x80000000u, 0,
                                            0x80000000u, 0, 0x80000000u, 0, 0x80000000u, 0,
                                            0x80000000u, 0, 0x80000000u, 0};

SYRINX_INLINE Float complex_product(Float a, Float b) {
  const Float cross = Vector::twice_odd(a) * Vector::swap_pairs(b);
  const Float signed_cross = (Float)((Unsigned)cross ^ load<Unsigned>(kNegateEvens));
  return Vector::twice_even(a) * b + signed_cross;
}

void complex_multiply(float* y, const float* a, const float* b, std::size_t n) noexcept {
  const std::size_t floats = 2 * n;
  std::size_t i = 0;
  for (; i + kWidth <= floats; i += kWidth) {
    store(y + i, complex_product(load<Float>(a + i), load<Float>(b + i)));
  }
  if (i == floats) return;
  float rest_a[kWidth] = {};
  float rest_b[kWidth] = {};
  __builtin_memcpy(rest_a, a + i, (floats - i) * sizeof(float));
  __builtin_memcpy(rest_b, b + i, (floats - i) * sizeof(float));
  store(rest_a, complex_product(load<Float>(rest_a), load<Float>(rest_b)));
  __builtin_memcpy(y + i, rest_a, (floats - i) * sizeof(float));
}

// Sixteen running sums in as many registers as that takes.
struct Lanes {
  Float part[kParts] = {};

  SYRINX_INLINE void add_products(const float* a, const float* b) {
    for (std::size_t k = 0; k < kParts; ++k) {
      part[k] += load<Float>(a + k * kWidth) * load<Float>(b + k * kWidth);
    }
  }
  SYRINX_INLINE double total() const {
    float lanes[kLanes];
    __builtin_memcpy(lanes, part, sizeof lanes);
    double sum = 0.0;
    for (const float lane : lanes) sum += static_cast<double>(lane);
    return sum;
  }
};

// The dot product of at most kFloatSumSamples samples.
SYRINX_INLINE double dot_short(const float* a, const float* b, std::size_t n) {
  Lanes sums;
  std::size_t i = 0;
  for (; i + kLanes <= n; i += kLanes) sums.add_products(a + i, b + i);
  if (i < n) {
    float rest_a[kLanes] = {};
    float rest_b[kLanes] = {};
    __builtin_memcpy(rest_a, a + i, (n - i) * sizeof(float));
    __builtin_memcpy(rest_b, b + i, (n - i) * sizeof(float));
    sums.add_products(rest_a, rest_b);
  }
  return sums.total();
}

double dot(const float* a, const float* b, std::size_t n) noexcept {
  double sum = 0.0;
  for (; n > kFloatSumSamples; n -= kFloatSumSamples) {
    sum += dot_short(a, b, kFloatSumSamples);
    a += kFloatSumSamples;
    b += kFloatSumSamples;
  }
  return sum + dot_short(a, b, n);
}

double sum_of_squares(const float* x, std::size_t n) noexcept { return dot(x, x, n); }

float peak(const float* x, std::size_t n) noexcept {
  Float largest = {};
  std::size_t i = 0;
  for (; i + kWidth <= n; i += kWidth) {
    const Float v = absolute(load<Float>(x + i));
    largest = v > largest ? v : largest;
  }
  float lanes[kWidth];
  store(lanes, largest);
  float result = 0.0f;
  for (const float lane : lanes) result = lane > result ? lane : result;
  for (; i < n; ++i) {
    const float v = x[i] < 0.0f ? -x[i] : x[i];
    result = v > result ? v : result;
  }
  return result;
}

// --- Integer samples ----------------------------------------------------------------------------

// Largest floats that fit: 2^31 itself does not.
constexpr float kInt32High = 2147483520.0f;

// Nearest integer, halves away from zero. Exact: v - trunc(v) loses nothing. Pre: |v| < 2^31.
SYRINX_INLINE Int rounded(Float v) {
  const Int whole = __builtin_convertvector(v, Int);
  const Float rest = v - __builtin_convertvector(whole, Float);
  return whole - (Int)(rest >= 0.5f) + (Int)(rest <= -0.5f);  // A true lane is -1.
}

struct NoDither {
  SYRINX_INLINE Float next() { return Float{}; }
};

constexpr std::uint32_t kCount[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

// Noise for consecutive vectors of samples (see Dither).
struct TriangularDither {
  Unsigned position;

  SYRINX_INLINE explicit TriangularDither(std::uint32_t start)
      : position(load<Unsigned>(kCount) + start) {}
  SYRINX_INLINE Float next() {
    Unsigned h = position;
    h = (h ^ (h >> 16)) * 0x7feb352du;
    h = (h ^ (h >> 15)) * 0x846ca68bu;
    h = h ^ (h >> 16);
    position += static_cast<std::uint32_t>(kWidth);
    const Int difference = (Int)(h & 0xffffu) - (Int)(h >> 16);
    return __builtin_convertvector(difference, Float) * (1.0f / 65536.0f);
  }
};

// y[i..] = write(rounded, saturated x * scale), vector by vector; `write` gets (first, count).
template <class Noise, class Write>
SYRINX_INLINE void quantise(const float* x, std::size_t n, float scale, float high, Noise noise,
                            Write write) {
  const auto one = [&](const float* from, std::size_t first, std::size_t count) {
    const Float scaled = zero_if_nan(load<Float>(from)) * scale + noise.next();
    write(first, count, scaled, rounded(clamped(scaled, -scale, high)));
  };
  std::size_t i = 0;
  for (; i + kWidth <= n; i += kWidth) one(x + i, i, kWidth);
  if (i == n) return;
  float rest[kWidth] = {};
  __builtin_memcpy(rest, x + i, (n - i) * sizeof(float));
  one(rest, i, n - i);
}

void int16_to_float(float* y, const std::int16_t* x, std::size_t n) noexcept {
  std::size_t i = 0;
  for (; i + kWidth <= n; i += kWidth) {
    const Int wide = __builtin_convertvector(load<Short>(x + i), Int);
    store(y + i, __builtin_convertvector(wide, Float) * (1.0f / 32768.0f));
  }
  for (; i < n; ++i) y[i] = static_cast<float>(x[i]) * (1.0f / 32768.0f);
}

void int24_to_float(float* y, const std::uint8_t* x, std::size_t n) noexcept {
  for (std::size_t i = 0; i < n; ++i) {
    const std::uint32_t bits = (std::uint32_t{x[3 * i]} << 8) |
                               (std::uint32_t{x[3 * i + 1]} << 16) |
                               (std::uint32_t{x[3 * i + 2]} << 24);
    y[i] = static_cast<float>(static_cast<std::int32_t>(bits) >> 8) * (1.0f / 8388608.0f);
  }
}

void int32_to_float(float* y, const std::int32_t* x, std::size_t n) noexcept {
  for (std::size_t i = 0; i < n; ++i) y[i] = static_cast<float>(x[i]) * (1.0f / 2147483648.0f);
}

void int32_to_double(double* y, const std::int32_t* x, std::size_t n) noexcept {
  for (std::size_t i = 0; i < n; ++i) y[i] = static_cast<double>(x[i]) * (1.0 / 2147483648.0);
}

template <class Noise>
void to_int16(std::int16_t* y, const float* x, std::size_t n, Noise noise) {
  quantise(x, n, 32768.0f, 32767.0f, noise,
           [y](std::size_t first, std::size_t count, Float, Int whole) {
             const Short narrow = __builtin_convertvector(whole, Short);
             __builtin_memcpy(y + first, &narrow, count * sizeof(std::int16_t));
           });
}

template <class Noise>
void to_int24(std::uint8_t* y, const float* x, std::size_t n, Noise noise) {
  quantise(x, n, 8388608.0f, 8388607.0f, noise,
           [y](std::size_t first, std::size_t count, Float, Int whole) {
             std::int32_t values[kWidth];
             store(values, whole);
             std::uint8_t* to = y + 3 * first;
             for (std::size_t k = 0; k < count; ++k) {
               const auto bits = static_cast<std::uint32_t>(values[k]);
               to[3 * k] = static_cast<std::uint8_t>(bits);
               to[3 * k + 1] = static_cast<std::uint8_t>(bits >> 8);
               to[3 * k + 2] = static_cast<std::uint8_t>(bits >> 16);
             }
           });
}

void float_to_int16(std::int16_t* y, const float* x, std::size_t n, Dither* dither) noexcept {
  if (dither == nullptr) return to_int16(y, x, n, NoDither{});
  to_int16(y, x, n, TriangularDither(dither->position));
  dither->position += static_cast<std::uint32_t>(n);
}

void float_to_int24(std::uint8_t* y, const float* x, std::size_t n, Dither* dither) noexcept {
  if (dither == nullptr) return to_int24(y, x, n, NoDither{});
  to_int24(y, x, n, TriangularDither(dither->position));
  dither->position += static_cast<std::uint32_t>(n);
}

void float_to_int32(std::int32_t* y, const float* x, std::size_t n) noexcept {
  quantise(x, n, 2147483648.0f, kInt32High, NoDither{},
           [y](std::size_t first, std::size_t count, Float scaled, Int whole) {
             whole = scaled > kInt32High ? Int{} + 0x7fffffff : whole;
             __builtin_memcpy(y + first, &whole, count * sizeof(std::int32_t));
           });
}

void double_to_int32(std::int32_t* y, const double* x, std::size_t n) noexcept {
  for (std::size_t i = 0; i < n; ++i) {
    double v = x[i] == x[i] ? x[i] * 2147483648.0 : 0.0;
    v += v < 0.0 ? -0.5 : 0.5;  // Exact enough: a double holds 2^31 + 0.5 many times over.
    v = v < -2147483648.0 ? -2147483648.0 : (v > 2147483647.0 ? 2147483647.0 : v);
    y[i] = static_cast<std::int32_t>(v);
  }
}

// The first sample within reach of a place, and after the last. Pre: they are not before x[0].
struct Taps {
  std::ptrdiff_t begin;
  std::ptrdiff_t end;
};
SYRINX_INLINE Taps taps_around(double place, double reach) {
  const double low = place - reach;
  const auto below = static_cast<std::ptrdiff_t>(low);
  return {below + (low > static_cast<double>(below) ? 1 : 0),
          static_cast<std::ptrdiff_t>(place + reach) + 1};
}

#if defined(__AVX2__)

constexpr std::size_t kPlaces = kWidth / 2;  // Side by side: as many as doubles in a register.
typedef double PlaceDouble __attribute__((vector_size(kPlaces * sizeof(double))));
typedef std::int64_t PlaceBits __attribute__((vector_size(kPlaces * sizeof(double))));
typedef float PlaceFloat __attribute__((vector_size(kPlaces * sizeof(float))));
typedef std::int32_t PlaceInt __attribute__((vector_size(kPlaces * sizeof(float))));

SYRINX_INLINE PlaceFloat look_up(const float* table, PlaceInt index) {
#if defined(__AVX512F__)
  return (PlaceFloat)_mm256_i32gather_ps(table, (__m256i)index, sizeof(float));
#else
  return (PlaceFloat)_mm_i32gather_ps(table, (__m128i)index, sizeof(float));
#endif
}

void convolve_at(float* y, std::size_t count, const float* x, const double* places, double scale,
                 const HalfKernel& half) noexcept {
  const double reach = half.units / scale;
  const double last = static_cast<double>(half.units) * half.per_unit;
  PlaceDouble middle;
  PlaceDouble first;
  PlaceInt offset;  // Of the first sample from that of the first place.
  __builtin_memcpy(&middle, places, sizeof middle);
  const std::ptrdiff_t begin = taps_around(places[0], reach).begin;
  std::ptrdiff_t most = 0;  // More taps than a place has weigh nothing.
  for (std::size_t j = 0; j < kPlaces; ++j) {
    const Taps taps = taps_around(places[j], reach);
    most = taps.end - taps.begin > most ? taps.end - taps.begin : most;
    first[j] = static_cast<double>(taps.begin);
    offset[j] = static_cast<std::int32_t>(taps.begin - begin);
  }
  PlaceFloat sums{};
  for (std::ptrdiff_t k = 0; k < most; ++k) {
    PlaceDouble place = first + static_cast<double>(k) - middle;
    place = (PlaceDouble)((PlaceBits)place & 0x7fffffffffffffff) * scale * half.per_unit;
    place = place < last ? place : PlaceDouble{} + last;
    const PlaceInt entry = __builtin_convertvector(place, PlaceInt);
    const PlaceFloat part =
        __builtin_convertvector(place - __builtin_convertvector(entry, PlaceDouble), PlaceFloat);
    const PlaceFloat low = look_up(half.entries, entry);
    const PlaceFloat high = look_up(half.entries + 1, entry);
    sums += (low + part * (high - low)) * look_up(x + begin + k, offset);
  }
  __builtin_memcpy(y, &sums, count * sizeof(float));
}

void convolve_between(float* y, std::size_t n, const float* x, double at, double step, double scale,
                      const HalfKernel& half) noexcept {
  for (std::size_t i = 0; i < n; i += kPlaces) {
    const std::size_t count = n - i < kPlaces ? n - i : kPlaces;
    double places[kPlaces];
    for (std::size_t j = 0; j < kPlaces; ++j)
      places[j] = at + step * static_cast<double>(i + (j < count ? j : count - 1));
    convolve_at(y + i, count, x, places, scale, half);
  }
}

#else

void convolve_between(float* y, std::size_t n, const float* x, double at, double step, double scale,
                      const HalfKernel& half) noexcept {
  const double reach = half.units / scale;
  const double last = static_cast<double>(half.units) * half.per_unit;
  for (std::size_t i = 0; i < n; ++i) {
    const double middle = at + step * static_cast<double>(i);
    const Taps taps = taps_around(middle, reach);
    float sum = 0.0f;
    for (std::ptrdiff_t k = taps.begin; k < taps.end; ++k) {
      double place = __builtin_fabs(static_cast<double>(k) - middle) * scale * half.per_unit;
      place = place < last ? place : last;
      const auto entry = static_cast<std::int32_t>(place);
      const auto part = static_cast<float>(place - static_cast<double>(entry));
      const float* at_entry = half.entries + entry;
      sum += (at_entry[0] + part * (at_entry[1] - at_entry[0])) * x[k];
    }
    y[i] = sum;
  }
}

#endif

constexpr Kernels make_kernels(SimdLevel level) {
  return {level,
          gain,
          mix,
          multiply,
          complex_multiply,
          clamp,
          dot,
          sum_of_squares,
          peak,
          convolve_between,
          int16_to_float,
          int24_to_float,
          int32_to_float,
          int32_to_double,
          float_to_int16,
          float_to_int24,
          float_to_int32,
          double_to_int32};
}

}  // namespace
}  // namespace syrinx::dsp
