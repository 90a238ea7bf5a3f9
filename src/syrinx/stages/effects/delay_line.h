// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "syrinx/core/flow/audio.h"

namespace syrinx::effects {

// The past of some channels: rings of floats that are written one frame at a time.
class DelayLine {
 public:
  DelayLine() = default;
  // Remembers `frames` frames before the newest.
  DelayLine(std::size_t channels, std::size_t frames)
      : length_(frames + 1), rings_(channels * (frames + 1)) {}

  std::size_t longest() const noexcept { return length_ - 1; }

  // A frame begins: what is put into it is `age` 0.
  void advance() noexcept { at_ = at_ + 1 == length_ ? 0 : at_ + 1; }
  void put(std::size_t channel, float x) noexcept { rings_[channel * length_ + at_] = x; }
  // The sample of `age` frames ago. Pre: age <= longest().
  float get(std::size_t channel, std::size_t age) const noexcept {
    return rings_[channel * length_ + (at_ >= age ? at_ - age : at_ + length_ - age)];
  }
  void clear() noexcept { std::fill(rings_.begin(), rings_.end(), 0.0f); }

  // Takes a whole block in, for process() to give out later.
  void push(AudioView audio) noexcept {
    if (longest() == 0) return;
    const std::size_t start = at_;
    for (std::size_t c = 0; c < audio.channels(); ++c) {
      at_ = start;
      for (const float x : audio.channel(c)) {
        advance();
        put(c, x);
      }
    }
  }
  // Delays a whole block by longest() frames.
  void process(MutableAudioView audio) noexcept {
    if (longest() == 0) return;
    const std::size_t start = at_;
    for (std::size_t c = 0; c < audio.channels(); ++c) {
      at_ = start;
      for (float& x : audio.channel(c)) {
        advance();
        put(c, x);
        x = get(c, longest());
      }
    }
  }

 private:
  std::size_t length_ = 1;
  std::size_t at_ = 0;
  std::vector<float> rings_;
};

}  // namespace syrinx::effects
