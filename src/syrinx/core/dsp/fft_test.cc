// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/dsp/fft.h"

#if defined(SYRINX_TEST_WITH_FFTW)
#include <fftw3.h>
#endif
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>
#include <vector>

#include "support/realtime_guard.h"
#include "syrinx/core/base/limits.h"
#include "syrinx/core/dsp/kernels.h"

namespace syrinx::dsp {
namespace {

using Bins = std::vector<std::complex<float>>;

std::vector<float> noise(std::size_t n, unsigned seed = 1) {
  std::mt19937 engine(seed);
  std::normal_distribution<float> normal;
  std::vector<float> x(n);
  for (float& v : x) v = normal(engine);
  return x;
}

Bins complex_noise(std::size_t n, unsigned seed = 1) {
  const auto x = noise(2 * n, seed);
  Bins result(n);
  for (std::size_t i = 0; i < n; ++i) result[i] = {x[2 * i], x[2 * i + 1]};
  return result;
}

#if defined(SYRINX_TEST_WITH_FFTW)
// The complex transform in double by FFTW, the reference.
std::vector<std::complex<double>> reference(const std::vector<std::complex<double>>& in) {
  auto source = in;
  std::vector<std::complex<double>> out(in.size());
  const fftw_plan plan =
      fftw_plan_dft_1d(static_cast<int>(in.size()), reinterpret_cast<fftw_complex*>(source.data()),
                       reinterpret_cast<fftw_complex*>(out.data()), FFTW_FORWARD, FFTW_ESTIMATE);
  fftw_execute(plan);
  fftw_destroy_plan(plan);
  return out;
}

#else
// Where there is no FFTW: the definition, split by factors as Cooley and Tukey do, in double.
std::vector<std::complex<double>> reference(const std::vector<std::complex<double>>& in) {
  const std::size_t n = in.size();
  std::size_t radix = 2;
  while (radix < n && n % radix != 0) ++radix;
  if (n <= 1) return in;
  const std::size_t part = n / radix;
  std::vector<std::vector<std::complex<double>>> parts(radix);
  for (std::size_t j = 0; j < radix; ++j) {
    for (std::size_t i = 0; i < part; ++i) parts[j].push_back(in[i * radix + j]);
    parts[j] = reference(parts[j]);
  }
  std::vector<std::complex<double>> out(n);
  for (std::size_t k = 0; k < n; ++k) {
    for (std::size_t j = 0; j < radix; ++j) {
      const double turn = static_cast<double>(j * k % n) / static_cast<double>(n);
      out[k] += parts[j][k % part] * std::polar(1.0, -2.0 * std::numbers::pi * turn);
    }
  }
  return out;
}
#endif

template <class Number>
std::vector<std::complex<double>> widened(const std::vector<Number>& x) {
  std::vector<std::complex<double>> result;
  for (const auto& v : x) result.push_back(std::complex<double>(v));
  return result;
}

// Largest error over largest magnitude.
double relative_error(const Bins& given, const std::vector<std::complex<double>>& expected) {
  double error = 0;
  double largest = 0;
  for (std::size_t i = 0; i < given.size(); ++i) {
    error = std::max(error, std::abs(std::complex<double>(given[i]) - expected[i]));
    largest = std::max(largest, std::abs(expected[i]));
  }
  return error / largest;
}

double relative_error(const std::vector<float>& given, const std::vector<float>& expected) {
  double error = 0;
  double largest = 0;
  for (std::size_t i = 0; i < given.size(); ++i) {
    error = std::max(error, std::abs(static_cast<double>(given[i]) - expected[i]));
    largest = std::max(largest, std::abs(static_cast<double>(expected[i])));
  }
  return error / largest;
}

std::vector<SimdLevel> levels() {
  std::vector<SimdLevel> found;
  for (const auto level :
       {SimdLevel::kGeneric, SimdLevel::kNeon, SimdLevel::kAvx2, SimdLevel::kAvx512}) {
    if (kernels_for(level) != nullptr) found.push_back(level);
  }
  return found;
}

std::vector<std::size_t> sizes() {
  std::vector<std::size_t> all;
  for (std::size_t n = 2; n <= 700; n += 2) all.push_back(n);
  for (std::size_t n = 1024; n <= limits::kMaxFftSize; n *= 2) all.push_back(n);
  for (const std::size_t n : {800u, 882u, 960u, 1102u, 1200u, 1764u, 1920u, 2205u * 2, 3840u, 4800u,
                              6000u, 9600u, 15000u, 30030u, 65534u, 131070u}) {
    all.push_back(n);
  }
  return all;
}

// 1e-6 of the largest bin: single precision rounds each of about log2(n) passes by 6e-8.
TEST(RealFft, AgreesWithTheReferenceInDoubleAtEverySizeAndLevel) {
  for (const std::size_t n : sizes()) {
    const auto x = noise(n);
    const auto expected = reference(widened(x));
    for (const auto level : levels()) {
      auto fft = RealFft::create(n, level).value();
      Bins spectrum(fft.bins());
      fft.forward(x, spectrum);
      EXPECT_LT(relative_error(spectrum, expected), 1e-6) << n << ' ' << to_string(level);
    }
  }
}

TEST(RealFft, InverseUndoesForwardAtEverySizeAndLevel) {
  for (const std::size_t n : sizes()) {
    const auto x = noise(n);
    for (const auto level : levels()) {
      auto fft = RealFft::create(n, level).value();
      Bins spectrum(fft.bins());
      std::vector<float> back(n);
      fft.forward(x, spectrum);
      fft.inverse(spectrum, back);
      EXPECT_LT(relative_error(back, x), 1e-6) << n << ' ' << to_string(level);
    }
  }
}

TEST(Fft, AgreesWithTheReferenceInDoubleAndInverseUndoesIt) {
  auto all = sizes();
  for (std::size_t n = 1; n < 300; n += 2) all.push_back(n);
  for (const std::size_t n : all) {
    const auto x = complex_noise(n);
    const auto expected = reference(widened(x));
    for (const auto level : levels()) {
      auto fft = Fft::create(n, level).value();
      Bins spectrum(n);
      Bins back(n);
      fft.forward(x, spectrum);
      fft.inverse(spectrum, back);
      EXPECT_LT(relative_error(spectrum, expected), 1e-6) << n << ' ' << to_string(level);
      EXPECT_LT(relative_error(back, widened(x)), 1e-6) << n << ' ' << to_string(level);
    }
  }
}

TEST(RealFft, ASineLandsInItsBin) {
  constexpr std::size_t kSize = 480;
  auto fft = RealFft::create(kSize).value();
  std::vector<float> x(kSize);
  for (std::size_t i = 0; i < kSize; ++i) {
    x[i] = std::cos(2 * 3.14159265f * 37.0f * static_cast<float>(i) / kSize);
  }
  Bins spectrum(fft.bins());
  fft.forward(x, spectrum);
  for (std::size_t k = 0; k < spectrum.size(); ++k) {
    EXPECT_NEAR(std::abs(spectrum[k]), k == 37 ? kSize / 2 : 0.0, 0.01) << k;
  }
}

TEST(RealFft, WorksOnUnalignedMemory) {
  constexpr std::size_t kSize = 512;
  auto fft = RealFft::create(kSize).value();
  const auto x = noise(kSize + 1);
  const std::vector<float> aligned(x.begin() + 1, x.end());
  Bins from_unaligned(fft.bins() + 1);
  Bins from_aligned(fft.bins());
  fft.forward(std::span(x).subspan(1), std::span(from_unaligned).subspan(1));
  fft.forward(aligned, from_aligned);
  EXPECT_TRUE(std::equal(from_aligned.begin(), from_aligned.end(), from_unaligned.begin() + 1));
}

TEST(RealFft, RefusesWhatItCannotDo) {
  EXPECT_EQ(RealFft::create(0).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(RealFft::create(511).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(RealFft::create(limits::kMaxFftSize + 2).error().code, ErrorCode::kLimitExceeded);
}

TEST(RealFft, IsSafeInRealTime) {
  for (const std::size_t n : {512u, 480u, 882u}) {
    auto fft = RealFft::create(n).value();
    auto x = noise(n);
    Bins spectrum(fft.bins());
    EXPECT_REALTIME_SAFE({
      fft.forward(x, spectrum);
      fft.inverse(spectrum, x);
    });
  }
}

}  // namespace
}  // namespace syrinx::dsp
