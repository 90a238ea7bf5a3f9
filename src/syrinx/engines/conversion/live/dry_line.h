// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "syrinx/core/base/realtime.h"
#include "syrinx/core/flow/audio.h"

namespace syrinx::conversion {

// Keeps the last sound, to be had back late: what a bypass plays so that it stays in time with the
// voice.
class DryLine {
 public:
  DryLine() = default;
  // Takes memory for delays up to `most_delay` of blocks up to `most_block`.
  DryLine(std::size_t channels, std::size_t most_delay, std::size_t most_block, int sample_rate_hz);

  void write(AudioView block) noexcept SYRINX_REALTIME;
  // The last block written, `delay` frames late. Pre: as the constructor says; out.frames() is that
  // of the last block.
  void read(std::size_t delay, MutableAudioView out) const noexcept SYRINX_REALTIME;
  void reset() noexcept SYRINX_REALTIME;

 private:
  AudioBuffer ring_;
  std::size_t end_ = 0;
};

}  // namespace syrinx::conversion
