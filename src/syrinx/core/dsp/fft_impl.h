// SPDX-License-Identifier: Apache-2.0
#pragma once

// The one source of the FFT's passes, compiled once per SIMD level by fft_generic.cc and its
// siblings, each of which defines SYRINX_VECTOR_FLOATS (floats in a register) first.

#include "syrinx/core/dsp/fft_kernels.h"
#include "syrinx/core/dsp/simd_vector.h"

namespace syrinx::dsp {
namespace {

constexpr std::size_t kWidth = SYRINX_VECTOR_FLOATS;

// --- One vector of complex numbers --------------------------------------------------------------

template <std::size_t W>
struct Row {
  using Type = typename VectorOf<W>::Float;
};
template <>
struct Row<1> {
  using Type = float;
};
template <std::size_t W>
using RowOf = typename Row<W>::Type;

template <class T>
struct Complex {
  T re;
  T im;
};
template <class T>
SYRINX_INLINE Complex<T> operator+(Complex<T> a, Complex<T> b) {
  return {a.re + b.re, a.im + b.im};
}
template <class T>
SYRINX_INLINE Complex<T> operator-(Complex<T> a, Complex<T> b) {
  return {a.re - b.re, a.im - b.im};
}
template <class T>
SYRINX_INLINE Complex<T> scaled(Complex<T> a, float factor) {
  return {a.re * factor, a.im * factor};
}
template <class T>
SYRINX_INLINE Complex<T> minus_i(Complex<T> a) {
  return {a.im, -a.re};
}
template <class T>
SYRINX_INLINE Complex<T> product(Complex<T> a, T re, T im) {
  return {a.re * re - a.im * im, a.re * im + a.im * re};
}

// --- Transforms of 2, 3, 4, 5 and 8 numbers, in place --------------------------------------------

template <std::size_t R>
struct Butterfly;

template <>
struct Butterfly<2> {
  template <class T>
  SYRINX_INLINE static void run(Complex<T>* v) {
    const Complex<T> a = v[0];
    v[0] = a + v[1];
    v[1] = a - v[1];
  }
};

template <>
struct Butterfly<3> {
  template <class T>
  SYRINX_INLINE static void run(Complex<T>* v) {
    constexpr float kSin = 0.866025403784438647f;  // sin(2 pi / 3)
    const Complex<T> sum = v[1] + v[2];
    const Complex<T> turned = minus_i(scaled(v[1] - v[2], kSin));
    const Complex<T> middle = v[0] - scaled(sum, 0.5f);
    v[0] = v[0] + sum;
    v[1] = middle + turned;
    v[2] = middle - turned;
  }
};

template <>
struct Butterfly<4> {
  template <class T>
  SYRINX_INLINE static void run(Complex<T>* v) {
    const Complex<T> a = v[0] + v[2];
    const Complex<T> b = v[0] - v[2];
    const Complex<T> c = v[1] + v[3];
    const Complex<T> d = minus_i(v[1] - v[3]);
    v[0] = a + c;
    v[1] = b + d;
    v[2] = a - c;
    v[3] = b - d;
  }
};

template <>
struct Butterfly<5> {
  template <class T>
  SYRINX_INLINE static void run(Complex<T>* v) {
    constexpr float kCos1 = 0.309016994374947424f;  // cos(2 pi / 5)
    constexpr float kCos2 = -0.809016994374947424f;
    constexpr float kSin1 = 0.951056516295153572f;
    constexpr float kSin2 = 0.587785252292473129f;
    const Complex<T> s1 = v[1] + v[4];
    const Complex<T> s2 = v[2] + v[3];
    const Complex<T> d1 = v[1] - v[4];
    const Complex<T> d2 = v[2] - v[3];
    const Complex<T> m1 = v[0] + scaled(s1, kCos1) + scaled(s2, kCos2);
    const Complex<T> m2 = v[0] + scaled(s1, kCos2) + scaled(s2, kCos1);
    const Complex<T> t1 = minus_i(scaled(d1, kSin1) + scaled(d2, kSin2));
    const Complex<T> t2 = minus_i(scaled(d1, kSin2) - scaled(d2, kSin1));
    v[0] = v[0] + s1 + s2;
    v[1] = m1 + t1;
    v[2] = m2 + t2;
    v[3] = m2 - t2;
    v[4] = m1 - t1;
  }
};

template <>
struct Butterfly<8> {
  template <class T>
  SYRINX_INLINE static void run(Complex<T>* v) {
    constexpr float kHalfRoot = 0.707106781186547524f;
    Complex<T> even[4] = {v[0], v[2], v[4], v[6]};
    Complex<T> odd[4] = {v[1], v[3], v[5], v[7]};
    Butterfly<4>::run(even);
    Butterfly<4>::run(odd);
    odd[1] = scaled(odd[1] + minus_i(odd[1]), kHalfRoot);
    odd[2] = minus_i(odd[2]);
    odd[3] = scaled(minus_i(odd[3]) - odd[3], kHalfRoot);
    for (std::size_t k = 0; k < 4; ++k) {
      v[k] = even[k] + odd[k];
      v[k + 4] = even[k] - odd[k];
    }
  }
};

// --- Memory
// ---------------------------------------------------------------------------------------

// W complex numbers that start at number `at`.
template <std::size_t W, FftLayout L>
SYRINX_INLINE Complex<RowOf<W>> load_row(const float* re, const float* im, std::size_t at) {
  using T = RowOf<W>;
  if constexpr (L == FftLayout::kPlanar) {
    return {load<T>(re + at), load<T>(im + at)};
  } else {
    Complex<T> v;
    if constexpr (W == 1) {
      v = {re[2 * at], re[2 * at + 1]};
    } else {
      const T low = load<T>(re + 2 * at);
      const T high = load<T>(re + 2 * at + W);
      v = {VectorOf<W>::evens(low, high), VectorOf<W>::odds(low, high)};
    }
    if constexpr (L == FftLayout::kSwapped) return {v.im, v.re};
    return v;
  }
}

template <std::size_t W, FftLayout L>
SYRINX_INLINE void store_row(float* re, float* im, std::size_t at, Complex<RowOf<W>> v) {
  if constexpr (L == FftLayout::kSwapped) v = {v.im, v.re};
  if constexpr (L == FftLayout::kPlanar) {
    store(re + at, v.re);
    store(im + at, v.im);
  } else if constexpr (W == 1) {
    re[2 * at] = v.re;
    re[2 * at + 1] = v.im;
  } else {
    store(re + 2 * at, VectorOf<W>::zip_low(v.re, v.im));
    store(re + 2 * at + W, VectorOf<W>::zip_high(v.re, v.im));
  }
}

// to[R p + k] = v[k][p]: R rows of W as columns.
template <std::size_t R, std::size_t W, class T>
SYRINX_INLINE void store_transposed(float* to, const T (&v)[R]) {
  if constexpr (W == 1) {
    for (std::size_t k = 0; k < R; ++k) to[k] = v[k];
  } else if constexpr (R == 2) {
    store(to, VectorOf<W>::zip_low(v[0], v[1]));
    store(to + W, VectorOf<W>::zip_high(v[0], v[1]));
  } else {
    // Zip rows k and k + R/2 and so halve the problem: pairs of numbers, then fours.
    constexpr std::size_t kHalf = R / 2;
    T low[kHalf];
    T high[kHalf];
    for (std::size_t k = 0; k < kHalf; ++k) {
      low[k] = VectorOf<W>::zip_low(v[k], v[k + kHalf]);
      high[k] = VectorOf<W>::zip_high(v[k], v[k + kHalf]);
    }
    store_transposed<kHalf, W>(to, low);
    store_transposed<kHalf, W>(to + kHalf * W, high);
  }
}

// --- Passes
// ---------------------------------------------------------------------------------------

// The first pass: stride 1, so a vector runs over p and is written transposed.
template <std::size_t R, std::size_t W, FftLayout L>
void first_pass(const FftPass& a) noexcept {
  using T = RowOf<W>;
  const std::size_t m = a.groups;
  std::size_t p = 0;
  while (p < m) {
    if (p + W > m) p = m - W;  // The last vector overlaps the one before it.
    Complex<T> v[R];
    for (std::size_t j = 0; j < R; ++j) v[j] = load_row<W, L>(a.re_in, a.im_in, p + j * m);
    Butterfly<R>::run(v);
    T re[R];
    T im[R];
    re[0] = v[0].re;
    im[0] = v[0].im;
    for (std::size_t k = 1; k < R; ++k) {
      const float* w = a.twiddles + 2 * (k - 1) * m + p;
      const Complex<T> turned = product(v[k], load<T>(w), load<T>(w + m));
      re[k] = turned.re;
      im[k] = turned.im;
    }
    store_transposed<R, W>(a.re_out + R * p, re);
    store_transposed<R, W>(a.im_out + R * p, im);
    p += W;
  }
}

// One p of a later pass: vectors run over q, twiddles are the same for all of them.
template <std::size_t R, std::size_t W, FftLayout L, bool Turn>
SYRINX_INLINE void column_group(const FftPass& a, std::size_t p) {
  using T = RowOf<W>;
  const std::size_t s = a.stride;
  const float* w = a.twiddles + 2 * (R - 1) * p;
  std::size_t q = 0;
  while (q < s) {
    if (q + W > s) q = s - W;
    Complex<T> v[R];
    for (std::size_t j = 0; j < R; ++j) {
      v[j] = load_row<W, FftLayout::kPlanar>(a.re_in, a.im_in, q + s * (p + a.groups * j));
    }
    Butterfly<R>::run(v);
    store_row<W, L>(a.re_out, a.im_out, q + s * R * p, v[0]);
    for (std::size_t k = 1; k < R; ++k) {
      if constexpr (Turn) v[k] = product(v[k], T{} + w[2 * k - 2], T{} + w[2 * k - 1]);
      store_row<W, L>(a.re_out, a.im_out, q + s * (R * p + k), v[k]);
    }
    q += W;
  }
}

template <std::size_t R, std::size_t W, FftLayout L>
void later_pass(const FftPass& a) noexcept {
  column_group<R, W, L, false>(a, 0);
  if constexpr (L == FftLayout::kPlanar) {
    for (std::size_t p = 1; p < a.groups; ++p) column_group<R, W, L, true>(a, p);
  }
}

// --- Choosing a pass
// ------------------------------------------------------------------------------

template <std::size_t R, std::size_t W>
FftPassFunction first_of_layout(FftLayout in) {
  if (in == FftLayout::kPlanar) return first_pass<R, W, FftLayout::kPlanar>;
  if (in == FftLayout::kInterleaved) return first_pass<R, W, FftLayout::kInterleaved>;
  return first_pass<R, W, FftLayout::kSwapped>;
}

// The widest vector, at most W, that `groups` fills.
template <std::size_t R, std::size_t W>
FftPassFunction first_of_width(std::size_t groups, FftLayout in) {
  if constexpr (W < 4) {
    return first_of_layout<R, 1>(in);
  } else {
    if (groups >= W) return first_of_layout<R, W>(in);
    return first_of_width<R, W / 2>(groups, in);
  }
}

FftPassFunction choose_first(std::size_t radix, std::size_t groups, FftLayout in) noexcept {
  switch (radix) {
    case 2:
      return first_of_width<2, kWidth>(groups, in);
    case 3:
      return first_of_layout<3, 1>(in);
    case 4:
      return first_of_width<4, kWidth>(groups, in);
    case 5:
      return first_of_layout<5, 1>(in);
    case 8:
      return first_of_width<8, kWidth>(groups, in);
    default:
      return nullptr;
  }
}

template <std::size_t R, std::size_t W>
FftPassFunction later_of_width(std::size_t stride, FftLayout out) {
  if constexpr (W >= 4) {
    if (stride < W) return later_of_width<R, W / 2>(stride, out);
  }
  constexpr std::size_t kUsed = W < 4 ? 1 : W;
  if (out == FftLayout::kPlanar) return later_pass<R, kUsed, FftLayout::kPlanar>;
  if (out == FftLayout::kInterleaved) return later_pass<R, kUsed, FftLayout::kInterleaved>;
  return later_pass<R, kUsed, FftLayout::kSwapped>;
}

FftPassFunction choose_later(std::size_t radix, std::size_t stride, FftLayout out) noexcept {
  switch (radix) {
    case 2:
      return later_of_width<2, kWidth>(stride, out);
    case 3:
      return later_of_width<3, kWidth>(stride, out);
    case 4:
      return later_of_width<4, kWidth>(stride, out);
    case 5:
      return later_of_width<5, kWidth>(stride, out);
    case 8:
      return later_of_width<8, kWidth>(stride, out);
    default:
      return nullptr;
  }
}

// --- Real input
// -----------------------------------------------------------------------------------

// With E and O the transforms of the even and odd samples, z = E + iO, and for bin k and its mirror
// j = half - k:  E = (z[k] + conj z[j]) / 2,  O = (z[k] - conj z[j]) / 2i,
// X[k] = E + exp(-2 pi i k / n) O,  X[j] = conj(E - exp(-2 pi i k / n) O).
template <std::size_t W>
SYRINX_INLINE RowOf<W> reversed(RowOf<W> v) {
  if constexpr (W == 1) {
    return v;
  } else {
    return VectorOf<W>::reverse(v);
  }
}

template <std::size_t W>
SYRINX_INLINE void split_at(const FftSplit& s, const float* z_re, const float* z_im, float* bins,
                            std::size_t k) {
  using T = RowOf<W>;
  const std::size_t mirror = s.half - k - (W - 1);
  const Complex<T> a = {load<T>(z_re + k), load<T>(z_im + k)};
  const Complex<T> b = {reversed<W>(load<T>(z_re + mirror)), reversed<W>(load<T>(z_im + mirror))};
  const T cosine = load<T>(s.cosines + k);
  const T sine = load<T>(s.sines + k);
  const T even_re = (a.re + b.re) * 0.5f;
  const T even_im = (a.im - b.im) * 0.5f;
  const T odd_re = (a.im + b.im) * 0.5f;
  const T odd_im = (b.re - a.re) * 0.5f;
  const T turned_re = odd_re * cosine + odd_im * sine;
  const T turned_im = odd_im * cosine - odd_re * sine;
  store_row<W, FftLayout::kInterleaved>(bins, nullptr, k,
                                        {even_re + turned_re, even_im + turned_im});
  store_row<W, FftLayout::kInterleaved>(
      bins, nullptr, mirror, {reversed<W>(even_re - turned_re), reversed<W>(turned_im - even_im)});
}

template <std::size_t W>
SYRINX_INLINE void join_at(const FftSplit& s, const float* bins, float scale, float* z_re,
                           float* z_im, std::size_t k) {
  using T = RowOf<W>;
  const std::size_t mirror = s.half - k - (W - 1);
  const auto a = load_row<W, FftLayout::kInterleaved>(bins, nullptr, k);
  const auto b = load_row<W, FftLayout::kInterleaved>(bins, nullptr, mirror);
  const T b_re = reversed<W>(b.re);
  const T b_im = reversed<W>(b.im);
  const T cosine = load<T>(s.cosines + k) * scale;
  const T sine = load<T>(s.sines + k) * scale;
  const T even_re = (a.re + b_re) * scale;
  const T even_im = (a.im - b_im) * scale;
  const T turned_re = a.re - b_re;
  const T turned_im = a.im + b_im;
  const T odd_re = turned_re * cosine - turned_im * sine;
  const T odd_im = turned_im * cosine + turned_re * sine;
  store(z_re + k, even_re - odd_im);
  store(z_im + k, even_im + odd_re);
  store(z_re + mirror, reversed<W>(even_re + odd_im));
  store(z_im + mirror, reversed<W>(odd_re - even_im));
}

// Calls body(k) for k = 1 .. last in vectors where they fit, overlapping at the end.
template <class Wide, class Narrow>
SYRINX_INLINE void over_bins(std::size_t last, Wide wide, Narrow narrow) {
  std::size_t k = 1;
  if (last >= kWidth) {
    for (; k + kWidth <= last + 1; k += kWidth) wide(k);
    if (k <= last) wide(last + 1 - kWidth);
    return;
  }
  for (; k <= last; ++k) narrow(k);
}

void split_real(const FftSplit& s, const float* z_re, const float* z_im, float* bins) noexcept {
  bins[0] = z_re[0] + z_im[0];
  bins[1] = 0.0f;
  bins[2 * s.half] = z_re[0] - z_im[0];
  bins[2 * s.half + 1] = 0.0f;
  over_bins(
      s.half / 2, [&](std::size_t k) { split_at<kWidth>(s, z_re, z_im, bins, k); },
      [&](std::size_t k) { split_at<1>(s, z_re, z_im, bins, k); });
}

void join_real(const FftSplit& s, const float* bins, float scale, float* z_re,
               float* z_im) noexcept {
  const float first = bins[0];
  const float last = bins[2 * s.half];
  z_re[0] = (first + last) * scale;
  z_im[0] = (first - last) * scale;
  over_bins(
      s.half / 2, [&](std::size_t k) { join_at<kWidth>(s, bins, scale, z_re, z_im, k); },
      [&](std::size_t k) { join_at<1>(s, bins, scale, z_re, z_im, k); });
}

constexpr FftKernels kFftKernels = {choose_first, choose_later, split_real, join_real};

}  // namespace
}  // namespace syrinx::dsp
