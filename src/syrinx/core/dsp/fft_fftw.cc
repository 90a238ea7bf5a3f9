// SPDX-License-Identifier: Apache-2.0
// fft.h by FFTW, for builds with SYRINX_WITH_FFTW=ON (which makes the library subject to the GPL).
// The SIMD level is FFTW's own choice.
#include <fftw3.h>

#include <algorithm>
#include <mutex>

#include "syrinx/core/base/check.h"
#include "syrinx/core/base/limits.h"
#include "syrinx/core/dsp/aligned.h"
#include "syrinx/core/dsp/fft.h"
#include "syrinx/core/dsp/kernels.h"

namespace syrinx::dsp {
namespace {

// FFTW's planner is one for the whole process and not thread-safe.
std::mutex& planner() {
  static std::mutex mutex;
  return mutex;
}

}  // namespace

// Plans work on the plan's own aligned memory; callers' spans are copied in and out.
struct FftPlan {
  explicit FftPlan(std::size_t n) : size(n) {}
  ~FftPlan() {
    const std::lock_guard lock(planner());
    fftwf_destroy_plan(forward);
    fftwf_destroy_plan(inverse);
  }
  FftPlan(const FftPlan&) = delete;
  FftPlan& operator=(const FftPlan&) = delete;

  std::size_t size;
  AlignedFloats in;   // Samples, or pairs for complex input.
  AlignedFloats out;  // Pairs.
  fftwf_plan forward = nullptr;
  fftwf_plan inverse = nullptr;
};

namespace {

// Measuring takes seconds for long transforms; those are planned by rule.
unsigned effort(std::size_t size) { return size <= 4096 ? FFTW_MEASURE : FFTW_ESTIMATE; }

fftwf_complex* pairs(AlignedFloats& floats) {
  return reinterpret_cast<fftwf_complex*>(floats.data());
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

Result<void> check_plan(const FftPlan& plan) {
  if (plan.forward != nullptr && plan.inverse != nullptr) return {};
  return make_error(ErrorCode::kInternal, "FFTW made no plan for size ", plan.size);
}

}  // namespace

Result<RealFft> RealFft::create(std::size_t size, SimdLevel level) {
  SYRINX_TRY(check_request(size, level));
  if (size % 2 != 0)
    return make_error(ErrorCode::kInvalidArgument, "a real FFT of odd size ", size,
                      " was asked for; use an even size");
  auto plan = std::make_unique<FftPlan>(size);
  plan->in.resize(size);
  plan->out.resize(size + 2);
  {
    const std::lock_guard lock(planner());
    const int n = static_cast<int>(size);
    plan->forward = fftwf_plan_dft_r2c_1d(n, plan->in.data(), pairs(plan->out), effort(size));
    plan->inverse = fftwf_plan_dft_c2r_1d(n, pairs(plan->out), plan->in.data(), effort(size));
  }
  SYRINX_TRY(check_plan(*plan));
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
  std::copy(time.begin(), time.end(), plan_->in.begin());
  fftwf_execute(plan_->forward);
  std::copy(plan_->out.begin(), plan_->out.end(), reinterpret_cast<float*>(spectrum.data()));
}

void RealFft::inverse(std::span<const std::complex<float>> spectrum,
                      std::span<float> time) noexcept {
  SYRINX_CHECK(time.size() == size() && spectrum.size() == bins(), "FFT of another size");
  const auto* from = reinterpret_cast<const float*>(spectrum.data());
  std::copy(from, from + size() + 2, plan_->out.begin());
  fftwf_execute(plan_->inverse);
  const float scale = 1.0f / static_cast<float>(size());
  std::transform(plan_->in.begin(), plan_->in.end(), time.begin(),
                 [scale](float v) { return v * scale; });
}

Result<Fft> Fft::create(std::size_t size, SimdLevel level) {
  SYRINX_TRY(check_request(size, level));
  auto plan = std::make_unique<FftPlan>(size);
  plan->in.resize(2 * size);
  plan->out.resize(2 * size);
  {
    const std::lock_guard lock(planner());
    const int n = static_cast<int>(size);
    plan->forward =
        fftwf_plan_dft_1d(n, pairs(plan->in), pairs(plan->out), FFTW_FORWARD, effort(size));
    plan->inverse =
        fftwf_plan_dft_1d(n, pairs(plan->in), pairs(plan->out), FFTW_BACKWARD, effort(size));
  }
  SYRINX_TRY(check_plan(*plan));
  return Fft(std::move(plan));
}

Fft::Fft(std::unique_ptr<FftPlan> plan) noexcept : plan_(std::move(plan)) {}
Fft::Fft(Fft&&) noexcept = default;
Fft& Fft::operator=(Fft&&) noexcept = default;
Fft::~Fft() = default;

std::size_t Fft::size() const noexcept { return plan_->size; }

void Fft::forward(std::span<const std::complex<float>> in,
                  std::span<std::complex<float>> out) noexcept {
  SYRINX_CHECK(in.size() == size() && out.size() == size(), "FFT of another size");
  const auto* from = reinterpret_cast<const float*>(in.data());
  std::copy(from, from + 2 * size(), plan_->in.begin());
  fftwf_execute(plan_->forward);
  std::copy(plan_->out.begin(), plan_->out.end(), reinterpret_cast<float*>(out.data()));
}

void Fft::inverse(std::span<const std::complex<float>> in,
                  std::span<std::complex<float>> out) noexcept {
  SYRINX_CHECK(in.size() == size() && out.size() == size(), "FFT of another size");
  const auto* from = reinterpret_cast<const float*>(in.data());
  std::copy(from, from + 2 * size(), plan_->in.begin());
  fftwf_execute(plan_->inverse);
  const float scale = 1.0f / static_cast<float>(size());
  std::transform(plan_->out.begin(), plan_->out.end(), reinterpret_cast<float*>(out.data()),
                 [scale](float v) { return v * scale; });
}

bool fft_is_our_own() noexcept { return false; }

}  // namespace syrinx::dsp
