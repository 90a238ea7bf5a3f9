// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/enhance/gain/look_ahead_limiter.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace syrinx::enhance {

LookAheadLimiter::LookAheadLimiter(std::size_t channels, std::size_t look_ahead_samples,
                                   double ceiling, double release_samples)
    : window_(look_ahead_samples + 1),
      ceiling_(ceiling),
      rise_(1.0 - std::exp(-1.0 / release_samples)),
      candidates_(window_ + 1),
      gains_(window_),
      delayed_(window_ * channels) {
  reset();
}

void LookAheadLimiter::reset() noexcept {
  first_ = count_ = at_ = 0;
  frames_ = 0;
  held_ = 1.0;
  std::fill(gains_.begin(), gains_.end(), 1.0);
  sum_ = static_cast<double>(window_);
  std::fill(delayed_.begin(), delayed_.end(), 0.0F);
}

double LookAheadLimiter::process(std::span<float> frame) noexcept {
  double peak = 0.0;
  for (const float sample : frame) peak = std::max(peak, std::abs(static_cast<double>(sample)));
  const double least = least_of_window(peak > ceiling_ ? ceiling_ / peak : 1.0);
  held_ = std::min(least, held_ + rise_ * (1.0 - held_));
  const double gain = mean_of_window(held_);
  std::copy(frame.begin(), frame.end(),
            delayed_.begin() + static_cast<std::ptrdiff_t>(at_ * frame.size()));
  at_ = at_ + 1 == window_ ? 0 : at_ + 1;
  ++frames_;
  // The oldest frame stands where the next one will.
  for (std::size_t c = 0; c < frame.size(); ++c) {
    const auto sample = static_cast<double>(delayed_[at_ * frame.size() + c]);
    frame[c] = static_cast<float>(std::clamp(gain * sample, -ceiling_, ceiling_));
  }
  return gain;
}

double LookAheadLimiter::least_of_window(double needed) noexcept {
  const std::size_t room = candidates_.size();
  while (count_ > 0 && candidates_[(first_ + count_ - 1) % room].gain >= needed) --count_;
  candidates_[(first_ + count_) % room] = {frames_, needed};
  ++count_;
  if (candidates_[first_].frame + window_ <= frames_) {
    first_ = (first_ + 1) % room;
    --count_;
  }
  return candidates_[first_].gain;
}

double LookAheadLimiter::mean_of_window(double gain) noexcept {
  sum_ += gain - gains_[at_];
  gains_[at_] = gain;
  // What rounding leaves in a running sum is gone once a window.
  if (at_ + 1 == window_) sum_ = std::accumulate(gains_.begin(), gains_.end(), 0.0);
  return sum_ / static_cast<double>(window_);
}

}  // namespace syrinx::enhance
