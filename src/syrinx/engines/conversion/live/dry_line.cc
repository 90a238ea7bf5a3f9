// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/conversion/live/dry_line.h"

#include <algorithm>

namespace syrinx::conversion {

DryLine::DryLine(std::size_t channels, std::size_t most_delay, std::size_t most_block,
                 int sample_rate_hz)
    : ring_(channels, most_delay + most_block, sample_rate_hz) {
  reset();
}

void DryLine::write(AudioView block) noexcept {
  const std::size_t size = ring_.frames();
  for (std::size_t c = 0; c < block.channels(); ++c) {
    const auto from = block.channel(c);
    const auto to = ring_.channel(c);
    std::size_t at = end_;
    for (const float x : from) {
      to[at] = x;
      at = at + 1 == size ? 0 : at + 1;
    }
  }
  end_ = (end_ + block.frames()) % size;
}

void DryLine::read(std::size_t delay, MutableAudioView out) const noexcept {
  const std::size_t size = ring_.frames();
  SYRINX_CHECK(delay + out.frames() <= size, "a dry sound later than its line is long");
  for (std::size_t c = 0; c < out.channels(); ++c) {
    const auto from = ring_.channel(c);
    std::size_t at = (end_ + size - (delay + out.frames()) % size) % size;
    for (float& x : out.channel(c)) {
      x = from[at];
      at = at + 1 == size ? 0 : at + 1;
    }
  }
}

void DryLine::reset() noexcept {
  for (std::size_t c = 0; c < ring_.channels(); ++c)
    std::fill(ring_.channel(c).begin(), ring_.channel(c).end(), 0.0f);
  end_ = 0;
}

}  // namespace syrinx::conversion
