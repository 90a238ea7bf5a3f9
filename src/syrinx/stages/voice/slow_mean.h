// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <numbers>

namespace syrinx::voice {

// The constant under a sound, followed slowly: two low passes of first order at 2 Hz, -68 dB at
// 100 Hz. Grains laid closer or wider would make a tone of it.
class SlowMean {
 public:
  explicit SlowMean(int sample_rate_hz)
      : share_(1.0 - std::exp(-2.0 * std::numbers::pi * kCutHz / sample_rate_hz)) {}

  // Takes a sample in, and says what lies under it.
  float of(float sample) noexcept {
    first_ += share_ * (static_cast<double>(sample) - first_);
    second_ += share_ * (first_ - second_);
    return static_cast<float>(second_);
  }
  void reset() noexcept { first_ = second_ = 0.0; }

 private:
  static constexpr double kCutHz = 2.0;
  double share_;
  double first_ = 0.0;
  double second_ = 0.0;
};

}  // namespace syrinx::voice
