// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/voice/constant_bypass.h"

#include <cmath>

namespace syrinx::voice {
namespace {

constexpr float kLargestSample = 1e4f;

}  // namespace

ConstantBypass::ConstantBypass(int sample_rate_hz, std::size_t channels,
                               std::size_t latency_samples, std::size_t max_block_frames)
    : means_(sample_rate_hz, channels),
      constants_(channels, SampleRing(latency_samples + max_block_frames)),
      latency_(latency_samples),
      late_(max_block_frames) {}

std::uint64_t ConstantBypass::take_out(MutableAudioView block) noexcept {
  std::uint64_t bad = 0;
  for (std::size_t i = 0; i < block.frames(); ++i) {
    for (std::size_t c = 0; c < constants_.size(); ++c) {
      float& x = block.channel(c)[i];
      if (!(std::abs(x) <= kLargestSample)) {  // Or NaN.
        x = 0.0f;
        ++bad;
      }
      means_.take(c, x);
    }
    means_.settle();
    for (std::size_t c = 0; c < constants_.size(); ++c) {
      const float constant = means_.under(c);
      constants_[c].push(constant);
      block.channel(c)[i] -= constant;
    }
  }
  return bad;
}

void ConstantBypass::put_back(MutableAudioView block) noexcept {
  const std::span<float> late = std::span(late_).first(block.frames());
  for (std::size_t c = 0; c < constants_.size(); ++c) {
    const auto behind = static_cast<std::int64_t>(latency_ + block.frames());
    constants_[c].copy(constants_[c].end() - behind, late);
    for (std::size_t i = 0; i < block.frames(); ++i) block.channel(c)[i] += late[i];
  }
}

void ConstantBypass::reset() noexcept {
  means_.reset();
  for (SampleRing& ring : constants_) ring.clear();
}

}  // namespace syrinx::voice
