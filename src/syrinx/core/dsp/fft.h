// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <complex>
#include <cstddef>
#include <memory>
#include <span>

#include "syrinx/core/base/realtime.h"
#include "syrinx/core/base/result.h"
#include "syrinx/core/dsp/cpu_features.h"

namespace syrinx::dsp {

struct FftPlan;

// The discrete Fourier transform of real signals of one even size. Fastest for sizes 2^a 3^b 5^c;
// other sizes are as exact but cost about four times as much (Bluestein). One instance serves one
// thread at a time. Follows Stockham's autosort algorithm in planar re/im rows of vectors.
class RealFft {
 public:
  // Plans and takes all memory. `level` picks the kernels, for tests and benchmarks; it must be one
  // that the processor supports. Errors: kInvalidArgument for an odd size or 0; kLimitExceeded
  // above limits::kMaxFftSize; kUnavailable for a level that this processor does not have.
  static Result<RealFft> create(std::size_t size, SimdLevel level = simd_level());

  RealFft(RealFft&&) noexcept;
  RealFft& operator=(RealFft&&) noexcept;
  ~RealFft();

  std::size_t size() const noexcept;                            // Real samples.
  std::size_t bins() const noexcept { return size() / 2 + 1; }  // 0 Hz to Nyquist, both included.

  // spectrum[k] = sum over n of time[n] exp(-2 pi i k n / size).
  // Pre: time.size() == size(), spectrum.size() == bins(); they do not overlap.
  void forward(std::span<const float> time,
               std::span<std::complex<float>> spectrum) noexcept SYRINX_REALTIME;
  // Undoes forward(), 1/size included. The imaginary parts of the first and last bin are taken as
  // 0. Pre: as forward().
  void inverse(std::span<const std::complex<float>> spectrum,
               std::span<float> time) noexcept SYRINX_REALTIME;

 private:
  explicit RealFft(std::unique_ptr<FftPlan> plan) noexcept;
  std::unique_ptr<FftPlan> plan_;
};

// The same for complex signals of any size from 1.
class Fft {
 public:
  // Errors: as RealFft::create, but odd sizes are fine.
  static Result<Fft> create(std::size_t size, SimdLevel level = simd_level());

  Fft(Fft&&) noexcept;
  Fft& operator=(Fft&&) noexcept;
  ~Fft();

  std::size_t size() const noexcept;
  // Pre: both have size() elements and do not overlap.
  void forward(std::span<const std::complex<float>> in,
               std::span<std::complex<float>> out) noexcept SYRINX_REALTIME;
  // Undoes forward(), 1/size included.
  void inverse(std::span<const std::complex<float>> in,
               std::span<std::complex<float>> out) noexcept SYRINX_REALTIME;

 private:
  explicit Fft(std::unique_ptr<FftPlan> plan) noexcept;
  std::unique_ptr<FftPlan> plan_;
};

// Whether this build's FFT is our own rather than FFTW (SYRINX_WITH_FFTW).
bool fft_is_our_own() noexcept;

}  // namespace syrinx::dsp
