// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/dsp/fft.h"

#include <cmath>
#include <numbers>

#include "syrinx/core/base/check.h"
#include "syrinx/core/base/limits.h"
#include "syrinx/core/dsp/complex_plan.h"
#include "syrinx/core/dsp/kernels.h"

namespace syrinx::dsp {

struct FftPlan {
  FftPlan(std::size_t real_or_complex_size, std::size_t complex_size, const FftKernels& fft,
          const Kernels& samples)
      : size(real_or_complex_size), passes(complex_size, fft), fft_kernels(fft), kernels(samples) {}

  std::size_t size;
  ComplexPlan passes;
  const FftKernels& fft_kernels;
  const Kernels& kernels;
  // For real input only.
  AlignedFloats cosines;
  AlignedFloats sines;
  AlignedFloats joined_re;
  AlignedFloats joined_im;

  FftSplit split() const noexcept { return {cosines.data(), sines.data(), size / 2}; }
};

namespace {

const FftKernels& fft_kernels_for(SimdLevel level) {
#if defined(__x86_64__)
  if (level == SimdLevel::kAvx512) return fft_kernels_avx512();
  if (level == SimdLevel::kAvx2) return fft_kernels_avx2();
#endif
  static_cast<void>(level);
  return fft_kernels_generic();
}

Result<void> check_request(std::size_t size, SimdLevel level) {
  if (size == 0)
    return make_error(ErrorCode::kInvalidArgument,
                      "an FFT of size 0 was asked for; give at least 1");
  if (size > limits::kMaxFftSize)
    return make_error(ErrorCode::kLimitExceeded, "an FFT of size ", size,
                      " was asked for; the largest is ", limits::kMaxFftSize);
  if (kernels_for(level) == nullptr)
    return make_error(ErrorCode::kUnavailable, "this processor cannot run ", to_string(level),
                      " kernels; use simd_level()");
  return {};
}

void plan_real(FftPlan& plan) {
  const std::size_t half = plan.size / 2;
  for (std::size_t k = 0; k <= half / 2; ++k) {
    const double angle =
        2.0 * std::numbers::pi * static_cast<double>(k) / static_cast<double>(plan.size);
    plan.cosines.push_back(static_cast<float>(std::cos(angle)));
    plan.sines.push_back(static_cast<float>(std::sin(angle)));
  }
  plan.joined_re.resize(half);
  plan.joined_im.resize(half);
}

// std::complex<float> is laid out as float[2] ([complex.numbers.general]).
const float* as_pairs(std::span<const std::complex<float>> numbers) {
  return reinterpret_cast<const float*>(numbers.data());
}
float* as_pairs(std::span<std::complex<float>> numbers) {
  return reinterpret_cast<float*>(numbers.data());
}

}  // namespace

Result<RealFft> RealFft::create(std::size_t size, SimdLevel level) {
  SYRINX_TRY(check_request(size, level));
  if (size % 2 != 0)
    return make_error(ErrorCode::kInvalidArgument, "a real FFT of odd size ", size,
                      " was asked for; use an even size");
  auto plan =
      std::make_unique<FftPlan>(size, size / 2, fft_kernels_for(level), *kernels_for(level));
  plan_real(*plan);
  return RealFft(std::move(plan));
}

RealFft::RealFft(std::unique_ptr<FftPlan> plan) noexcept : plan_(std::move(plan)) {}
RealFft::RealFft(RealFft&&) noexcept = default;
RealFft& RealFft::operator=(RealFft&&) noexcept = default;
RealFft::~RealFft() = default;

std::size_t RealFft::size() const noexcept { return plan_->size; }

void RealFft::forward(std::span<const float> time,
                      std::span<std::complex<float>> spectrum) noexcept {
  SYRINX_CHECK(time.size() == size() && spectrum.size() == bins(), "FFT of another size");
  const Planar z = plan_->passes.run(FftLayout::kInterleaved, time.data(), nullptr);
  plan_->fft_kernels.split(plan_->split(), z.re, z.im, as_pairs(spectrum));
}

void RealFft::inverse(std::span<const std::complex<float>> spectrum,
                      std::span<float> time) noexcept {
  SYRINX_CHECK(time.size() == size() && spectrum.size() == bins(), "FFT of another size");
  FftPlan& plan = *plan_;
  const float scale = 1.0f / static_cast<float>(plan.size);
  plan.fft_kernels.join(plan.split(), as_pairs(spectrum), scale, plan.joined_re.data(),
                        plan.joined_im.data());
  plan.passes.run_to_pairs(FftLayout::kPlanar, plan.joined_im.data(), plan.joined_re.data(),
                           FftLayout::kSwapped, time.data());
}

Result<Fft> Fft::create(std::size_t size, SimdLevel level) {
  SYRINX_TRY(check_request(size, level));
  return Fft(std::make_unique<FftPlan>(size, size, fft_kernels_for(level), *kernels_for(level)));
}

Fft::Fft(std::unique_ptr<FftPlan> plan) noexcept : plan_(std::move(plan)) {}
Fft::Fft(Fft&&) noexcept = default;
Fft& Fft::operator=(Fft&&) noexcept = default;
Fft::~Fft() = default;

std::size_t Fft::size() const noexcept { return plan_->size; }

void Fft::forward(std::span<const std::complex<float>> in,
                  std::span<std::complex<float>> out) noexcept {
  SYRINX_CHECK(in.size() == size() && out.size() == size(), "FFT of another size");
  plan_->passes.run_to_pairs(FftLayout::kInterleaved, as_pairs(in), nullptr,
                             FftLayout::kInterleaved, as_pairs(out));
}

void Fft::inverse(std::span<const std::complex<float>> in,
                  std::span<std::complex<float>> out) noexcept {
  SYRINX_CHECK(in.size() == size() && out.size() == size(), "FFT of another size");
  plan_->passes.run_to_pairs(FftLayout::kSwapped, as_pairs(in), nullptr, FftLayout::kSwapped,
                             as_pairs(out));
  plan_->kernels.gain(as_pairs(out), 2 * size(), 1.0f / static_cast<float>(size()));
}

bool fft_is_our_own() noexcept { return true; }

}  // namespace syrinx::dsp
