// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <vector>

namespace syrinx::voice {

// The constants under the channels of a sound, followed slowly: two low passes of first order at
// 2 Hz, -68 dB at 100 Hz. Grains laid closer or wider would make a tone of them. Where none is
// above -60 dB of full scale they do no harm and count as none, so that most sounds pass as they
// are.
class SlowMeans {
 public:
  SlowMeans(int sample_rate_hz, std::size_t channels)
      : share_(1.0 - std::exp(-2.0 * std::numbers::pi * kCutHz / sample_rate_hz)),
        means_(channels) {}

  // Takes a channel's next sample in, full scale being 1. When all channels have theirs, settle()
  // follows, and then under() says what lies under them: what is to be taken off.
  void take(std::size_t channel, float sample) noexcept {
    Mean& mean = means_[channel];
    mean.first += share_ * (static_cast<double>(sample) - mean.first);
    mean.second += share_ * (mean.first - mean.second);
  }
  void settle() noexcept {
    double most = 0.0;
    for (const Mean& mean : means_) most = std::max(most, std::abs(mean.second));
    harm_ = most > kHarmless ? 1.0 - kHarmless * kHarmless / (most * most) : 0.0;
  }
  float under(std::size_t channel) const noexcept {
    return static_cast<float>(harm_ * means_[channel].second);
  }
  void reset() noexcept {
    std::fill(means_.begin(), means_.end(), Mean{});
    harm_ = 0.0;
  }

 private:
  struct Mean {
    double first = 0.0;
    double second = 0.0;
  };
  static constexpr double kCutHz = 2.0;
  static constexpr double kHarmless = 1e-3;
  double share_;
  double harm_ = 0.0;  // The share of the means that is taken for constants.
  std::vector<Mean> means_;
};

}  // namespace syrinx::voice
