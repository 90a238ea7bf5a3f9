// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "syrinx/core/base/realtime.h"

namespace syrinx::enhance {

// Follows the power of the noise in each bin while somebody speaks: each frame counts by how
// improbable it is that speech is in it (Gerkmann and Hendriks 2012, "Unbiased MMSE-based noise
// power estimation"), and the estimate is never below the minimum of the last 0.8 s (Martin 2001),
// so that noise that starts suddenly is followed. Frames without any sound change nothing.
class NoiseTracker {
 public:
  NoiseTracker() = default;
  // Takes memory.
  NoiseTracker(std::size_t bins, double hop_s);

  // Takes in the powers of a frame. Pre: powers.size() is the number of bins.
  void process(std::span<const float> powers) noexcept SYRINX_REALTIME;
  void reset() noexcept SYRINX_REALTIME;

  // Of each bin, after the last frame.
  std::span<const float> noise() const noexcept { return noise_; }
  std::span<const float> speech_probability() const noexcept { return probability_; }

 private:
  void start_with(std::span<const float> powers) noexcept;
  void follow_minimum(std::span<const float> powers) noexcept;
  void follow_noise(std::span<const float> powers) noexcept;

  static constexpr std::size_t kSubWindows = 4;

  std::vector<float> noise_;
  std::vector<float> probability_;
  std::vector<float> smooth_probability_;
  std::vector<float> smooth_power_;
  std::vector<float> running_minimum_;                        // Of the sub-window under way.
  std::array<std::vector<float>, kSubWindows> past_minimum_;  // Of those before.
  float noise_memory_ = 0.0f;
  std::size_t frames_ = 0;
  std::size_t first_frames_ = 1;  // That the estimate starts from.
  std::size_t sub_window_frames_ = 1;
  std::size_t in_sub_window_ = 0;
  std::size_t sub_window_ = 0;
};

}  // namespace syrinx::enhance
