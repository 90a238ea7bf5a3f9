// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/call/rate_changer.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "syrinx/core/dsp/kernels.h"

namespace syrinx::call {
namespace {

constexpr double kHalfTaps = 24.0;  // Of the lower rate's samples, on either side.
constexpr double kBeta = 6.8;       // Kaiser: 70 dB.
constexpr double kCutOff = 0.925;   // Of the lower Nyquist frequency: the middle of the slope.

double bessel_i0(double x) {
  double sum = 1.0;
  double term = 1.0;
  for (int k = 1; k < 40; ++k) {
    term *= (x / (2.0 * k)) * (x / (2.0 * k));
    sum += term;
  }
  return sum;
}

// The low-pass filter at `t` input samples from its middle.
double filter_at(double t, double half, double cut_off) {
  if (std::abs(t) >= half) return 0.0;
  const double x = std::numbers::pi * cut_off * t;
  const double sinc = std::abs(x) < 1e-9 ? 1.0 : std::sin(x) / x;
  const double place = t / half;
  return cut_off * sinc * bessel_i0(kBeta * std::sqrt(1.0 - place * place)) / bessel_i0(kBeta);
}

Result<void> check_rate(int rate_hz) {
  if (rate_hz >= 8'000 && rate_hz <= 48'000 && rate_hz % 100 == 0) return {};
  return make_error(ErrorCode::kInvalidArgument, "a rate of ", rate_hz,
                    " Hz in a call; 8000 to 48000 in hundreds can be");
}

}  // namespace

Result<RateChanger> RateChanger::create(int in_hz, int out_hz) {
  SYRINX_TRY(check_rate(in_hz));
  SYRINX_TRY(check_rate(out_hz));
  return RateChanger(in_hz, out_hz);
}

RateChanger::RateChanger(int in_hz, int out_hz) : in_hz_(in_hz), out_hz_(out_hz) {
  const int common = std::gcd(in_hz, out_hz);
  up_ = static_cast<std::size_t>(out_hz / common);
  down_ = static_cast<std::size_t>(in_hz / common);
  const double ratio = std::max(1.0, static_cast<double>(in_hz) / out_hz);
  const double half = kHalfTaps * ratio;
  const double cut_off = kCutOff / ratio;
  taps_ = 2 * static_cast<std::size_t>(std::ceil(half));
  rows_.resize(up_ * taps_);
  samples_.resize(taps_ - 1 + kMaxFrames);
  for (std::size_t phase = 0; phase < up_; ++phase) {
    const double offset = static_cast<double>(phase) / static_cast<double>(up_);
    double sum = 0.0;
    float* row = rows_.data() + phase * taps_;
    for (std::size_t k = 0; k < taps_; ++k) {
      // The newest sample is taps_ / 2 ahead of the middle: the delay.
      const double t = static_cast<double>(taps_ / 2) - static_cast<double>(taps_ - 1 - k) - offset;
      row[k] = static_cast<float>(filter_at(t, half, cut_off));
      sum += row[k];
    }
    for (std::size_t k = 0; k < taps_; ++k) row[k] = static_cast<float>(row[k] / sum);
  }
}

double RateChanger::latency_ms() const noexcept {
  return 1'000.0 * static_cast<double>(taps_ / 2) / in_hz_;
}

std::size_t RateChanger::out_frames(std::size_t in_frames) const noexcept {
  return in_frames * up_ / down_;
}

void RateChanger::process(std::span<const float> in, std::span<float> out) noexcept {
  SYRINX_CHECK(in.size() <= kMaxFrames && out.size() == out_frames(in.size()),
               "a block that a rate changer does not take");
  std::copy(in.begin(), in.end(), samples_.begin() + static_cast<std::ptrdiff_t>(taps_ - 1));
  const auto dot = dsp::kernels().dot;
  std::size_t whole = 0;
  std::size_t phase = 0;
  for (float& y : out) {
    y = static_cast<float>(dot(samples_.data() + whole, rows_.data() + phase * taps_, taps_));
    phase += down_;
    whole += phase / up_;
    phase %= up_;
  }
  std::copy_n(samples_.begin() + static_cast<std::ptrdiff_t>(in.size()), taps_ - 1,
              samples_.begin());
}

void RateChanger::reset() noexcept { std::fill(samples_.begin(), samples_.end(), 0.0f); }

}  // namespace syrinx::call
