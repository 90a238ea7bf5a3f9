// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <span>

#include "syrinx/core/dsp/kernels.h"

namespace syrinx::call {

// y *= a gain that goes from one value to another in a line.
inline void ramp_gain(std::span<float> y, float from, float to) noexcept SYRINX_REALTIME {
  if (from == to) return dsp::kernels().gain(y.data(), y.size(), to);
  const float step = (to - from) / static_cast<float>(y.size());
  float gain = from;
  for (float& sample : y) {
    gain += step;
    sample *= gain;
  }
}

// Keeps a sum of several voices within full scale: the gain falls within a block to where its peak
// fits, and rises again over half a second. No delay; what a falling gain leaves over is clamped.
class MixLimiter {
 public:
  // True where it had to do something. An all-quiet mix costs one look at its peak.
  bool process(std::span<float> mix, int block_ms) noexcept SYRINX_REALTIME {
    const auto& kernels = dsp::kernels();
    const float peak = kernels.peak(mix.data(), mix.size());
    const float fits = peak > kFull ? kFull / peak : 1.0f;
    const float rise = gain_ + static_cast<float>(block_ms) / kRiseMs;
    const float next = std::min(fits, std::min(1.0f, rise));
    if (next == 1.0f && gain_ == 1.0f) return false;
    ramp_gain(mix, gain_, next);
    kernels.clamp(mix.data(), mix.size(), -1.0f, 1.0f);
    gain_ = next;
    return true;
  }
  void reset() noexcept { gain_ = 1.0f; }

 private:
  static constexpr float kFull = 0.98f;
  static constexpr float kRiseMs = 500.0f;
  float gain_ = 1.0f;
};

}  // namespace syrinx::call
