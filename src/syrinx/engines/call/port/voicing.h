// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "syrinx/core/base/realtime.h"

namespace syrinx::call {

// Whether the last 32 ms are voiced: whether they look like themselves a period of 70 to 400 Hz ago
// (normalised cross-correlation, at about 8 kHz). Noise and clicks do not. One stream, one thread.
class Voicing {
 public:
  // Pre: a rate of 8,000 to 48,000 that 100 divides.
  explicit Voicing(int sample_rate_hz);

  // Takes 10 ms.
  bool take(std::span<const float> hop) noexcept SYRINX_REALTIME;

 private:
  float periodicity() const noexcept;

  std::size_t factor_;  // Samples of which one is made.
  std::size_t hop_;     // Of those made.
  std::size_t window_, least_lag_, most_lag_;
  std::vector<float> past_;  // most_lag_ + window_ of them, the newest last.
  float last_ = 0.0F;
};

}  // namespace syrinx::call
