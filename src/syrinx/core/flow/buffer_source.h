// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <utility>

#include "syrinx/core/flow/audio.h"
#include "syrinx/core/flow/stream.h"

namespace syrinx {

// A sound in memory, block by block: for what takes streams.
class BufferSource final : public AudioSource {
 public:
  static constexpr std::size_t kBlockFrames = 4'096;

  // Looks at a sound that must outlive it. Pre: block_frames > 0.
  explicit BufferSource(AudioView borrowed, std::size_t block_frames = kBlockFrames) noexcept
      : audio_(borrowed), block_frames_(block_frames) {}
  // Keeps the sound itself.
  explicit BufferSource(AudioBuffer owned, std::size_t block_frames = kBlockFrames)
      : owned_(std::move(owned)), audio_(owned_.view()), block_frames_(block_frames) {}
  BufferSource(const BufferSource&) = delete;
  BufferSource& operator=(const BufferSource&) = delete;

  int sample_rate_hz() const noexcept override { return audio_.sample_rate_hz(); }
  std::size_t channels() const noexcept override { return audio_.channels(); }
  // Errors: kCancelled.
  Result<bool> next(AudioBuffer& block, const std::stop_token& stop) override;

 private:
  AudioBuffer owned_;
  AudioView audio_;
  std::size_t block_frames_;
  std::size_t at_ = 0;
};

}  // namespace syrinx
