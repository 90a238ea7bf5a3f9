// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "syrinx/core/base/realtime.h"

namespace syrinx::enhance {

// Keeps samples under a ceiling by a gain that is down before the peak comes. Needed gain -> its
// minimum over the look-ahead -> release -> mean over the look-ahead: the mean at a peak is over
// values that are all low enough for it. All channels share one gain.
class LookAheadLimiter {
 public:
  // Takes memory. Pre: channels and look_ahead_samples of 1 and more, 0 < ceiling.
  LookAheadLimiter(std::size_t channels, std::size_t look_ahead_samples, double ceiling,
                   double release_samples);

  std::size_t latency_samples() const noexcept { return window_ - 1; }
  // One frame in place, a sample of each channel. Returns the gain of what comes out.
  double process(std::span<float> frame) noexcept SYRINX_REALTIME;
  void reset() noexcept SYRINX_REALTIME;

 private:
  struct Candidate {
    std::uint64_t frame = 0;
    double gain = 1.0;
  };
  double least_of_window(double needed) noexcept;
  double mean_of_window(double gain) noexcept;

  std::size_t window_;  // The look-ahead and the sample itself.
  double ceiling_;
  double rise_;                        // Of what is missing to 1, per sample.
  std::vector<Candidate> candidates_;  // A ring, rising: the first is the least of the window.
  std::size_t first_ = 0;
  std::size_t count_ = 0;
  std::uint64_t frames_ = 0;
  double held_ = 1.0;
  std::vector<double> gains_;  // The last window of held gains, a ring.
  double sum_ = 0.0;
  std::vector<float> delayed_;  // A ring of frames.
  std::size_t at_ = 0;          // In both rings.
};

}  // namespace syrinx::enhance
