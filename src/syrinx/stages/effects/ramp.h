// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstddef>
#include <span>

#include "syrinx/stages/effects/effect.h"

namespace syrinx::effects {

inline double from_db(double db) noexcept { return std::pow(10.0, db / 20.0); }
inline double to_db(double linear) noexcept { return 20.0 * std::log10(linear); }

// A factor that reaches each new value in a straight line over one cell, so that it never jumps.
class Ramp {
 public:
  explicit Ramp(double value = 0.0) noexcept : value_(value), target_(value) {}

  void aim(double target) noexcept {
    if (target == target_) return;
    target_ = target;
    left_ = kCellFrames;
    step_ = (target - value_) / static_cast<double>(kCellFrames);
  }
  void finish() noexcept {
    value_ = target_;
    left_ = 0;
  }
  double next() noexcept {
    if (left_ == 0) return value_;
    value_ = --left_ == 0 ? target_ : value_ + step_;
    return value_;
  }
  bool moving() const noexcept { return left_ > 0; }
  double value() const noexcept { return value_; }
  // next() so often.
  void skip(std::size_t frames) noexcept {
    for (std::size_t i = 0; i < frames && left_ > 0; ++i) next();
  }

 private:
  double value_;
  double target_;
  double step_ = 0.0;
  std::size_t left_ = 0;
};

// Multiplies every channel of a part by the same ramp.
inline void scale(MutableAudioView part, Ramp& ramp) noexcept {
  const Ramp start = ramp;
  for (std::size_t c = 0; c < part.channels(); ++c) {
    ramp = start;
    for (float& x : part.channel(c)) x = static_cast<float>(x * ramp.next());
  }
}

}  // namespace syrinx::effects
