// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

// Short vectors of float in the compilers' own vector types, for the sources that are compiled once
// per SIMD level. Everything has internal linkage, and only C is called: no inline function
// compiled here may stand in for one of another translation unit.
namespace syrinx::dsp {
namespace {

#define SYRINX_INLINE [[gnu::always_inline]] inline

template <std::size_t W>
struct VectorOf;

// W floats, and the permutations that the kernels need. zip_low(a, b) is a0 b0 a1 b1 ..., and
// zip_high goes on where it stopped; evens(a, b) and odds(a, b) undo it.
template <>
struct VectorOf<4> {
  typedef float Float __attribute__((vector_size(16)));
  typedef std::int32_t Int __attribute__((vector_size(16)));
  typedef std::uint32_t Unsigned __attribute__((vector_size(16)));
  typedef std::int16_t Short __attribute__((vector_size(8)));
  SYRINX_INLINE static Float zip_low(Float a, Float b) {
    return __builtin_shufflevector(a, b, 0, 4, 1, 5);
  }
  SYRINX_INLINE static Float zip_high(Float a, Float b) {
    return __builtin_shufflevector(a, b, 2, 6, 3, 7);
  }
  SYRINX_INLINE static Float evens(Float a, Float b) {
    return __builtin_shufflevector(a, b, 0, 2, 4, 6);
  }
  SYRINX_INLINE static Float odds(Float a, Float b) {
    return __builtin_shufflevector(a, b, 1, 3, 5, 7);
  }
  SYRINX_INLINE static Float reverse(Float a) { return __builtin_shufflevector(a, a, 3, 2, 1, 0); }
  SYRINX_INLINE static Float twice_even(Float a) {
    return __builtin_shufflevector(a, a, 0, 0, 2, 2);
  }
  SYRINX_INLINE static Float twice_odd(Float a) {
    return __builtin_shufflevector(a, a, 1, 1, 3, 3);
  }
  SYRINX_INLINE static Float swap_pairs(Float a) {
    return __builtin_shufflevector(a, a, 1, 0, 3, 2);
  }
};

#if defined(__AVX2__)
template <>
struct VectorOf<8> {
  typedef float Float __attribute__((vector_size(32)));
  typedef std::int32_t Int __attribute__((vector_size(32)));
  typedef std::uint32_t Unsigned __attribute__((vector_size(32)));
  typedef std::int16_t Short __attribute__((vector_size(16)));
  SYRINX_INLINE static Float zip_low(Float a, Float b) {
    return __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
  }
  SYRINX_INLINE static Float zip_high(Float a, Float b) {
    return __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
  }
  SYRINX_INLINE static Float evens(Float a, Float b) {
    return __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14);
  }
  SYRINX_INLINE static Float odds(Float a, Float b) {
    return __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15);
  }
  SYRINX_INLINE static Float reverse(Float a) {
    return __builtin_shufflevector(a, a, 7, 6, 5, 4, 3, 2, 1, 0);
  }
  SYRINX_INLINE static Float twice_even(Float a) {
    return __builtin_shufflevector(a, a, 0, 0, 2, 2, 4, 4, 6, 6);
  }
  SYRINX_INLINE static Float twice_odd(Float a) {
    return __builtin_shufflevector(a, a, 1, 1, 3, 3, 5, 5, 7, 7);
  }
  SYRINX_INLINE static Float swap_pairs(Float a) {
    return __builtin_shufflevector(a, a, 1, 0, 3, 2, 5, 4, 7, 6);
  }
};
#endif

#if defined(__AVX512F__)
template <>
struct VectorOf<16> {
  typedef float Float __attribute__((vector_size(64)));
  typedef std::int32_t Int __attribute__((vector_size(64)));
  typedef std::uint32_t Unsigned __attribute__((vector_size(64)));
  typedef std::int16_t Short __attribute__((vector_size(32)));
  SYRINX_INLINE static Float zip_low(Float a, Float b) {
    return __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
  }
  SYRINX_INLINE static Float zip_high(Float a, Float b) {
    return __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15,
                                   31);
  }
  SYRINX_INLINE static Float evens(Float a, Float b) {
    return __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
  }
  SYRINX_INLINE static Float odds(Float a, Float b) {
    return __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
  }
  SYRINX_INLINE static Float reverse(Float a) {
    return __builtin_shufflevector(a, a, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
  }
  SYRINX_INLINE static Float twice_even(Float a) {
    return __builtin_shufflevector(a, a, 0, 0, 2, 2, 4, 4, 6, 6, 8, 8, 10, 10, 12, 12, 14, 14);
  }
  SYRINX_INLINE static Float twice_odd(Float a) {
    return __builtin_shufflevector(a, a, 1, 1, 3, 3, 5, 5, 7, 7, 9, 9, 11, 11, 13, 13, 15, 15);
  }
  SYRINX_INLINE static Float swap_pairs(Float a) {
    return __builtin_shufflevector(a, a, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14);
  }
};
#endif

template <class T, class E>
SYRINX_INLINE T load(const E* from) {
  T value;
  __builtin_memcpy(&value, from, sizeof value);
  return value;
}

template <class E, class T>
SYRINX_INLINE void store(E* to, T value) {
  __builtin_memcpy(to, &value, sizeof value);
}

}  // namespace
}  // namespace syrinx::dsp
