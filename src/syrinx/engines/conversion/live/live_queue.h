// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "syrinx/core/base/realtime.h"
#include "syrinx/core/base/spsc_queue.h"
#include "syrinx/core/flow/audio.h"

namespace syrinx::conversion {

// Interleaved sound on its way between a device's thread and the worker, without locks. What a full
// queue cannot take is lost and counted, and what an empty one lacks is silence and counted.
class LiveQueue {
 public:
  LiveQueue(std::size_t channels, std::size_t capacity_frames);

  std::size_t frames() const noexcept { return queue_.size() / channels_; }

  // Whole frames. Writing thread.
  void write(std::span<const float> interleaved) noexcept SYRINX_REALTIME;
  void write(AudioView block) noexcept SYRINX_REALTIME;
  void write_silence(std::size_t frames) noexcept SYRINX_REALTIME;
  // Fills `interleaved`; counts what is missing while `counted`. Reading thread.
  void read(std::span<float> interleaved, bool counted) noexcept SYRINX_REALTIME;
  // Takes a block. Reading thread. Pre: frames() >= out.frames(), at most the capacity.
  void read(MutableAudioView out) noexcept SYRINX_REALTIME;

  std::uint64_t lost_frames() const noexcept { return lost_frames_.load(); }
  std::uint64_t losses() const noexcept { return losses_.load(); }
  std::uint64_t missing_frames() const noexcept { return missing_frames_.load(); }
  std::uint64_t gaps() const noexcept { return gaps_.load(); }

 private:
  std::size_t channels_;
  SpscQueue<float> queue_;
  std::vector<float> written_;  // Interleaved, of the writing thread,
  std::vector<float> read_;     // and of the reading one.
  std::atomic<std::uint64_t> lost_frames_{0};
  std::atomic<std::uint64_t> losses_{0};
  std::atomic<std::uint64_t> missing_frames_{0};
  std::atomic<std::uint64_t> gaps_{0};
  bool in_loss_ = false;  // Of the writing thread,
  bool in_gap_ = false;   // and of the reading one: a run of them counts once.
};

}  // namespace syrinx::conversion
