// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/effects/oversampler.h"

#include <cmath>
#include <numbers>

#include "syrinx/core/dsp/window.h"

namespace syrinx::effects {
namespace {

constexpr double kBeta = 10.0;

// Sixteen sums side by side, so that the compiler may keep them in vectors.
float dot(const float* a, const float* b) noexcept {
  float sums[16] = {};
  for (std::size_t i = 0; i < FourfoldFilter::kTaps; i += 16)
    for (std::size_t k = 0; k < 16; ++k) sums[k] += a[i + k] * b[i + k];
  float sum = 0.0f;
  for (const float s : sums) sum += s;
  return sum;
}

// sin(pi t) / (pi t) under a Kaiser window of kTaps samples; exactly 1 at 0 and 0 at other whole t.
double windowed_sinc(double t) noexcept {
  const double edge = 2.0 * t / FourfoldFilter::kTaps;
  if (t == 0.0) return 1.0;
  if (std::abs(edge) >= 1.0 || t == std::floor(t)) return 0.0;
  const double window =
      dsp::bessel_i0(kBeta * std::sqrt(1.0 - edge * edge)) / dsp::bessel_i0(kBeta);
  return std::sin(std::numbers::pi * t) / (std::numbers::pi * t) * window;
}

}  // namespace

// On the way up, tap k of phase p weighs the sample k before the newest for the time that lies
// kLatency - p / 4 before the newest. On the way down, the sample p / 4 after a whole one is as far
// from the wanted time on the other side, so that its taps are the same, read from the far end.
FourfoldFilter::FourfoldFilter() {
  for (std::size_t p = 0; p < kFactor; ++p) {
    double sum = 0.0;
    std::array<double, kTaps> taps{};
    for (std::size_t k = 0; k < kTaps; ++k) {
      const double t = static_cast<double>(k) - kLatency + static_cast<double>(p) / kFactor;
      taps[k] = windowed_sinc(t);
      sum += taps[k];
    }
    for (std::size_t k = 0; k < kTaps; ++k) up_[p][k] = static_cast<float>(taps[k] / sum);
    down_[p][0] = 0.0f;
    for (std::size_t k = 1; k < kTaps; ++k) down_[p][k] = up_[p][kTaps - k];
  }
}

const FourfoldFilter& FourfoldFilter::shared() {
  static const FourfoldFilter filter;
  return filter;
}

std::array<float, 4> Upsampler::push(float x) noexcept {
  past_.push(x);
  const float* newest = past_.newest_first();
  return {newest[FourfoldFilter::kLatency], dot(newest, filter_->up(1).data()),
          dot(newest, filter_->up(2).data()), dot(newest, filter_->up(3).data())};
}

float Downsampler::push(const std::array<float, 4>& samples) noexcept {
  for (std::size_t p = 0; p < 4; ++p) past_[p].push(samples[p]);
  float sum = past_[0].newest_first()[FourfoldFilter::kLatency];
  for (std::size_t p = 1; p < 4; ++p) sum += dot(past_[p].newest_first(), filter_->down(p).data());
  return sum / 4.0f;
}

}  // namespace syrinx::effects
