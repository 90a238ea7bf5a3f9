// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/dsp/kernels.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <vector>

#include "support/realtime_guard.h"

namespace syrinx::dsp {
namespace {

constexpr std::size_t kLongest = 67;
constexpr std::size_t kOffsets = 5;  // Unaligned starts, in samples.

// What each level writes for one call, for every length and start.
template <class Run>
void expect_same_bits_at_every_level(Run run) {
  int levels = 0;
  for (const auto level : {SimdLevel::kGeneric, SimdLevel::kAvx2, SimdLevel::kAvx512}) {
    const Kernels* kernels = kernels_for(level);
    if (kernels == nullptr) continue;
    ++levels;
    for (std::size_t n = 0; n <= kLongest; ++n) {
      for (std::size_t offset = 0; offset < kOffsets; ++offset) {
        ASSERT_EQ(run(*kernels, n, offset), run(*kernels_for(SimdLevel::kGeneric), n, offset))
            << to_string(level) << ", length " << n << ", offset " << offset;
      }
    }
  }
  EXPECT_GE(levels, 1);
}

std::vector<float> noise(std::size_t n, unsigned seed) {
  std::mt19937 engine(seed);
  std::uniform_real_distribution<float> uniform(-1.5f, 1.5f);
  std::vector<float> x(n);
  for (float& v : x) v = uniform(engine);
  return x;
}

std::vector<float> awkward(std::size_t n) {
  auto x = noise(n, 3);
  const float inf = std::numeric_limits<float>::infinity();
  const std::array<float, 8> special{std::nanf(""), inf, -inf, 1.0f, -1.0f, 0.0f, -0.0f, 1e-40f};
  for (std::size_t i = 0; i < n; i += 3) x[i] = special[(i / 3) % special.size()];
  return x;
}

// Bits, so that NaN equals itself and -0 does not equal 0.
std::vector<std::uint32_t> bits(const std::vector<float>& x) {
  std::vector<std::uint32_t> result(x.size());
  std::memcpy(result.data(), x.data(), x.size() * sizeof(float));
  return result;
}

TEST(Kernels, GainIsTheSameAtEveryLevelAndTouchesNothingElse) {
  expect_same_bits_at_every_level([](const Kernels& k, std::size_t n, std::size_t offset) {
    auto x = noise(kLongest + kOffsets + 1, 1);
    k.gain(x.data() + offset, n, 0.37f);
    EXPECT_EQ(x[offset + n], noise(kLongest + kOffsets + 1, 1)[offset + n]);
    return bits(x);
  });
}

TEST(Kernels, MixAndMultiplyAreTheSameAtEveryLevel) {
  expect_same_bits_at_every_level([](const Kernels& k, std::size_t n, std::size_t offset) {
    auto y = noise(kLongest + kOffsets, 1);
    const auto x = noise(kLongest + kOffsets, 2);
    k.mix(y.data() + offset, x.data() + kOffsets - offset, n, -0.6f);
    k.multiply(y.data() + offset, x.data() + offset, n);
    return bits(y);
  });
}

TEST(Kernels, ComplexMultiplyIsTheSameAtEveryLevel) {
  expect_same_bits_at_every_level([](const Kernels& k, std::size_t n, std::size_t offset) {
    std::vector<float> y(2 * kLongest + kOffsets);
    const auto a = noise(2 * kLongest + kOffsets, 1);
    const auto b = noise(2 * kLongest + kOffsets, 2);
    k.complex_multiply(y.data() + offset, a.data() + offset, b.data(), n);
    return bits(y);
  });
}

TEST(Kernels, ClampIsTheSameAtEveryLevel) {
  expect_same_bits_at_every_level([](const Kernels& k, std::size_t n, std::size_t offset) {
    auto x = awkward(kLongest + kOffsets);
    k.clamp(x.data() + offset, n, -0.5f, 0.75f);
    return bits(x);
  });
}

TEST(Kernels, SumsAndPeaksAreTheSameAtEveryLevel) {
  expect_same_bits_at_every_level([](const Kernels& k, std::size_t n, std::size_t offset) {
    const auto x = noise(kLongest + kOffsets, 1);
    const auto y = noise(kLongest + kOffsets, 2);
    const auto z = awkward(kLongest + kOffsets);
    return std::array<double, 3>{k.dot(x.data() + offset, y.data(), n),
                                 k.sum_of_squares(x.data() + offset, n),
                                 static_cast<double>(k.peak(z.data() + offset, n))};
  });
}

TEST(Kernels, IntegersBecomeTheSameFloatsAtEveryLevel) {
  expect_same_bits_at_every_level([](const Kernels& k, std::size_t n, std::size_t offset) {
    std::array<std::uint8_t, 4 * (kLongest + kOffsets)> bytes;
    std::mt19937 engine(9);
    for (auto& b : bytes) b = static_cast<std::uint8_t>(engine());
    std::array<std::int16_t, kLongest + kOffsets> shorts;
    std::array<std::int32_t, kLongest + kOffsets> ints;
    std::memcpy(shorts.data(), bytes.data(), sizeof shorts);
    std::memcpy(ints.data(), bytes.data(), sizeof ints);
    std::vector<float> y(3 * kLongest);
    k.int16_to_float(y.data(), shorts.data() + offset, n);
    k.int24_to_float(y.data() + kLongest, bytes.data() + offset, n);
    k.int32_to_float(y.data() + 2 * kLongest, ints.data() + offset, n);
    return bits(y);
  });
}

TEST(Kernels, FloatsBecomeTheSameIntegersAtEveryLevelWithAndWithoutDither) {
  expect_same_bits_at_every_level([](const Kernels& k, std::size_t n, std::size_t offset) {
    const auto x = awkward(kLongest + kOffsets);
    Dither dither{77};
    std::vector<std::int16_t> shorts(2 * kLongest);
    std::vector<std::uint8_t> packed(6 * kLongest);
    std::vector<std::int32_t> ints(kLongest + 1);
    k.float_to_int16(shorts.data(), x.data() + offset, n, nullptr);
    k.float_to_int16(shorts.data() + kLongest, x.data() + offset, n, &dither);
    k.float_to_int24(packed.data(), x.data() + offset, n, nullptr);
    k.float_to_int24(packed.data() + 3 * kLongest, x.data() + offset, n, &dither);
    k.float_to_int32(ints.data(), x.data() + offset, n);
    EXPECT_EQ(dither.position, 77u + 2 * n);
    ints.insert(ints.end(), shorts.begin(), shorts.end());
    ints.insert(ints.end(), packed.begin(), packed.end());
    return ints;
  });
}

TEST(Kernels, AgreeWithPlainArithmetic) {
  const Kernels& k = kernels();
  std::vector<float> y{1, 2, 3, 4, 5};
  const std::vector<float> x{1, -1, 2, -2, 0.5f};
  EXPECT_DOUBLE_EQ(k.dot(x.data(), y.data(), 5), 1 - 2 + 6 - 8 + 2.5);
  EXPECT_DOUBLE_EQ(k.sum_of_squares(x.data(), 5), 1 + 1 + 4 + 4 + 0.25);
  EXPECT_EQ(k.peak(x.data(), 5), 2.0f);
  k.mix(y.data(), x.data(), 5, 2.0f);
  EXPECT_EQ(y, (std::vector<float>{3, 0, 7, 0, 6}));
  const std::vector<float> i_squared{0, 1, 0, 1};
  std::vector<float> product(4);
  k.complex_multiply(product.data(), i_squared.data(), i_squared.data(), 2);
  EXPECT_EQ(product, (std::vector<float>{-1, 0, -1, 0}));
}

TEST(Kernels, ALongDotProductKeepsItsPrecision) {
  const std::vector<float> ones(10'000'000, 1.0f);
  EXPECT_DOUBLE_EQ(kernels().sum_of_squares(ones.data(), ones.size()), 1e7);
}

TEST(Kernels, EveryInt16SurvivesTheRoundTrip) {
  std::vector<std::int16_t> all(65536);
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<std::int16_t>(i);
  std::vector<float> as_float(all.size());
  std::vector<std::int16_t> back(all.size());
  kernels().int16_to_float(as_float.data(), all.data(), all.size());
  kernels().float_to_int16(back.data(), as_float.data(), all.size(), nullptr);
  EXPECT_EQ(back, all);
}

TEST(Kernels, EveryInt24SurvivesTheRoundTrip) {
  constexpr std::size_t kBlock = 1 << 16;
  std::vector<std::uint8_t> packed(3 * kBlock);
  std::vector<std::uint8_t> back(3 * kBlock);
  std::vector<float> as_float(kBlock);
  for (std::uint32_t high = 0; high < 256; ++high) {
    for (std::uint32_t i = 0; i < kBlock; ++i) {
      packed[3 * i] = static_cast<std::uint8_t>(i);
      packed[3 * i + 1] = static_cast<std::uint8_t>(i >> 8);
      packed[3 * i + 2] = static_cast<std::uint8_t>(high);
    }
    kernels().int24_to_float(as_float.data(), packed.data(), kBlock);
    kernels().float_to_int24(back.data(), as_float.data(), kBlock, nullptr);
    ASSERT_EQ(back, packed);
  }
}

TEST(Kernels, AnInt32SurvivesTheRoundTripThroughDoubleAndTo24BitsThroughFloat) {
  std::mt19937 engine(4);
  std::vector<std::int32_t> values{std::numeric_limits<std::int32_t>::min(),
                                   std::numeric_limits<std::int32_t>::max(), 0, -1, 1};
  while (values.size() < 10'000) values.push_back(static_cast<std::int32_t>(engine()));
  std::vector<double> as_double(values.size());
  std::vector<std::int32_t> back(values.size());
  kernels().int32_to_double(as_double.data(), values.data(), values.size());
  kernels().double_to_int32(back.data(), as_double.data(), values.size());
  EXPECT_EQ(back, values);

  for (auto& v : values) v = static_cast<std::int32_t>(static_cast<std::uint32_t>(v) & ~0xffu);
  std::vector<float> as_float(values.size());
  kernels().int32_to_float(as_float.data(), values.data(), values.size());
  kernels().float_to_int32(back.data(), as_float.data(), values.size());
  EXPECT_EQ(back, values);
}

TEST(Kernels, ToIntegerRoundsSaturatesAndSilencesNan) {
  const float inf = std::numeric_limits<float>::infinity();
  const std::vector<float> x{1.0f,          -1.0f,         2.0f,          -2.0f,
                             inf,           -inf,          std::nanf(""), 0.5f / 32768,
                             -0.5f / 32768, 0.49f / 32768, 1.5f / 32768,  32766.6f / 32768};
  std::vector<std::int16_t> y(x.size());
  kernels().float_to_int16(y.data(), x.data(), x.size(), nullptr);
  EXPECT_EQ(y, (std::vector<std::int16_t>{32767, -32768, 32767, -32768, 32767, -32768, 0, 1, -1, 0,
                                          2, 32767}));
  std::vector<std::int32_t> wide(7);
  kernels().float_to_int32(wide.data(), x.data(), 7);
  constexpr auto kMin = std::numeric_limits<std::int32_t>::min();
  constexpr auto kMax = std::numeric_limits<std::int32_t>::max();
  EXPECT_EQ(wide, (std::vector<std::int32_t>{kMax, kMin, kMax, kMin, kMax, kMin, 0}));
}

TEST(Kernels, DitherIsTheSameForAnyBlockSize) {
  const auto x = noise(1000, 8);
  std::vector<std::int16_t> whole(x.size());
  Dither dither{5};
  kernels().float_to_int16(whole.data(), x.data(), x.size(), &dither);
  for (const std::size_t block : {1u, 7u, 64u}) {
    std::vector<std::int16_t> pieces(x.size());
    Dither again{5};
    for (std::size_t i = 0; i < x.size(); i += block) {
      const std::size_t n = std::min(block, x.size() - i);
      kernels().float_to_int16(pieces.data() + i, x.data() + i, n, &again);
    }
    EXPECT_EQ(pieces, whole);
  }
}

TEST(Kernels, DitherKeepsTheMeanAndHasTheVarianceOfTwoUniforms) {
  // A constant of 0.3 LSB: without dither it would vanish.
  const std::vector<float> x(200'000, 0.3f / 32768);
  std::vector<std::int16_t> y(x.size());
  Dither dither{1};
  kernels().float_to_int16(y.data(), x.data(), x.size(), &dither);
  double sum = 0;
  double squares = 0;
  for (const auto v : y) {
    sum += v;
    squares += (v - 0.3) * (v - 0.3);
  }
  const auto n = static_cast<double>(y.size());
  EXPECT_NEAR(sum / n, 0.3, 0.01);
  // TPDF (1/6) plus rounding (1/12): the error's power does not depend on the signal.
  EXPECT_NEAR(squares / n, 0.25, 0.01);
}

TEST(Kernels, AreSafeInRealTime) {
  std::vector<float> x(480, 0.5f);
  std::vector<std::int16_t> y(480);
  EXPECT_REALTIME_SAFE({
    kernels().gain(x.data(), x.size(), 0.5f);
    kernels().mix(x.data(), x.data(), x.size(), 0.5f);
    kernels().float_to_int16(y.data(), x.data(), x.size(), nullptr);
  });
}

TEST(SimdLevel, TheEnvironmentCanLowerTheLevelButNeverRaiseIt) {
  CpuFeatures f;
  EXPECT_EQ(choose_simd_level(f, "avx512"), SimdLevel::kGeneric);
  f.avx2 = f.fma = true;
  EXPECT_EQ(choose_simd_level(f, ""), SimdLevel::kAvx2);
  EXPECT_EQ(choose_simd_level(f, "generic"), SimdLevel::kGeneric);
  EXPECT_EQ(choose_simd_level(f, "avx512"), SimdLevel::kAvx2);
  EXPECT_EQ(choose_simd_level(f, "nonsense"), SimdLevel::kAvx2);
  f.avx512f = f.avx512bw = f.avx512vl = f.avx512dq = true;
  EXPECT_EQ(choose_simd_level(f, ""), SimdLevel::kAvx512);
  EXPECT_EQ(choose_simd_level(f, "avx2"), SimdLevel::kAvx2);
}

TEST(SimdLevel, TheTableInUseIsTheOneOfTheChosenLevel) {
  EXPECT_EQ(kernels().level, simd_level());
  EXPECT_FALSE(cpu_features().brand.empty());
}

// A triangle of three units to either side, at eight entries a unit.
std::vector<float> triangle() {
  std::vector<float> entries(3 * 8 + 2);
  for (int i = 0; i < 24; ++i)
    entries[static_cast<std::size_t>(i)] = 1.0f - static_cast<float>(i) / 24.0f;
  return entries;
}

TEST(Kernels, ConvolvingBetweenSamplesIsTheSameAtEveryLevel) {
  const std::vector<float> entries = triangle();
  const HalfKernel half{entries.data(), 3, 8};
  const auto x = noise(400, 4);
  for (const double step : {-2.3, -0.7, 0.31, 1.9}) {
    expect_same_bits_at_every_level([&](const Kernels& k, std::size_t n, std::size_t offset) {
      const double scale = std::min(1.0, 1.0 / std::abs(step));
      const double at = (step < 0.0 ? 200.0 : 20.0) + 0.137 * static_cast<double>(offset);
      std::vector<float> y(kLongest + kOffsets + 1, 7.0f);
      k.convolve_between(y.data() + offset, n, x.data(), at, step, scale, half);
      EXPECT_EQ(y[offset + n], 7.0f);
      return bits(y);
    });
  }
}

TEST(Kernels, ConvolvingBetweenSamplesAddsUpThoseInReach) {
  const std::vector<float> entries = triangle();
  const HalfKernel half{entries.data(), 3, 8};
  const auto x = noise(100, 5);
  std::vector<float> y(20);
  const double step = 1.7;
  const double scale = 0.5;
  kernels().convolve_between(y.data(), y.size(), x.data(), 20.25, step, scale, half);
  for (std::size_t i = 0; i < y.size(); ++i) {
    const double middle = 20.25 + step * static_cast<double>(i);
    double sum = 0.0;
    for (std::size_t k = 0; k < x.size(); ++k) {
      const double distance = std::abs(static_cast<double>(k) - middle) * scale;
      sum += std::max(0.0, 1.0 - distance / 3.0) * static_cast<double>(x[k]);
    }
    EXPECT_NEAR(y[i], sum, 1e-5) << i;
  }
}

}  // namespace
}  // namespace syrinx::dsp
