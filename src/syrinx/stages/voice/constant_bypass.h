// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "syrinx/core/base/realtime.h"
#include "syrinx/core/flow/audio.h"
#include "syrinx/stages/voice/sample_ring.h"
#include "syrinx/stages/voice/slow_mean.h"

namespace syrinx::voice {

// Leads the constant under each channel past what changes a voice, as late as that is: a filter
// that changes, or grains at new places, would make a sound of it. Who never puts it back leaves it
// out. One stream, one thread.
class ConstantBypass {
 public:
  ConstantBypass(int sample_rate_hz, std::size_t channels, std::size_t latency_samples,
                 std::size_t max_block_frames);

  // Takes it out of a block. Samples that are not finite or beyond +-10000 become silence; returns
  // how many there are. Pre: as many channels as were given, at most the largest block.
  std::uint64_t take_out(MutableAudioView block) noexcept SYRINX_REALTIME;
  // Adds to the block just taken out of, once it was changed, what belongs there.
  void put_back(MutableAudioView block) noexcept SYRINX_REALTIME;
  void reset() noexcept SYRINX_REALTIME;

 private:
  SlowMeans means_;
  std::vector<SampleRing> constants_;
  std::size_t latency_;
  std::vector<float> late_;
};

}  // namespace syrinx::voice
