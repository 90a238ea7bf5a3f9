// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/call/port/voicing.h"

#include <algorithm>
#include <cmath>

#include "syrinx/core/dsp/kernels.h"

namespace syrinx::call {
namespace {

constexpr int kAboutHz = 8'000;
constexpr float kVoiced = 0.6F;    // Of the correlation.
constexpr float kEmphasis = 0.7F;  // Rumble looks like itself too.
constexpr float kSilence = 1e-7F;  // Mean square of the emphasised sound: nothing to compare.

std::size_t samples_of(double seconds, int rate_hz) {
  return static_cast<std::size_t>(std::lround(seconds * rate_hz));
}

}  // namespace

Voicing::Voicing(int sample_rate_hz)
    : factor_(static_cast<std::size_t>(std::max(1, sample_rate_hz / kAboutHz))),
      hop_(static_cast<std::size_t>(sample_rate_hz / 100) / factor_) {
  const int rate_hz = static_cast<int>(hop_) * 100;
  window_ = samples_of(0.032, rate_hz);
  least_lag_ = samples_of(1.0 / 400.0, rate_hz);
  most_lag_ = samples_of(1.0 / 70.0, rate_hz);
  past_.resize(most_lag_ + window_);
}

bool Voicing::take(std::span<const float> hop) noexcept {
  std::copy(past_.begin() + static_cast<std::ptrdiff_t>(hop_), past_.end(), past_.begin());
  for (std::size_t i = 0; i < hop_; ++i) {
    float mean = 0.0F;
    for (const float sample : hop.subspan(i * factor_, factor_)) mean += sample;
    mean /= static_cast<float>(factor_);
    past_[past_.size() - hop_ + i] = mean - kEmphasis * last_;
    last_ = mean;
  }
  return periodicity() > kVoiced;
}

float Voicing::periodicity() const noexcept {
  const auto& kernels = dsp::kernels();
  const auto square = [&](std::size_t from) {
    return kernels.sum_of_squares(past_.data() + from, window_);
  };
  const double now = square(most_lag_);
  if (now < static_cast<double>(kSilence) * static_cast<double>(window_)) return 0.0F;
  double best = 0.0;
  for (std::size_t lag = least_lag_; lag <= most_lag_; ++lag) {
    const std::size_t from = most_lag_ - lag;
    const double sum = kernels.dot(past_.data() + most_lag_, past_.data() + from, window_);
    const double both = std::sqrt(now * square(from));
    if (both > 0.0) best = std::max(best, sum / both);
  }
  return static_cast<float>(best);
}

}  // namespace syrinx::call
