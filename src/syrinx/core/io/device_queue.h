// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "syrinx/core/base/realtime.h"
#include "syrinx/core/base/result.h"
#include "syrinx/core/base/spsc_queue.h"
#include "syrinx/core/flow/audio.h"

// Between a waiting thread and a device's callback.
namespace syrinx::io {

// What one device carries.
struct DeviceShape {
  std::string name;
  int sample_rate_hz = 0;
  std::size_t channels = 0;

  // Whole frames of that duration, at least 1.
  std::size_t frames_of(double seconds) const noexcept;
};

inline constexpr double kDeviceQueueSeconds = 0.2;
inline constexpr double kDeviceBlockSeconds = 0.01;
inline constexpr double kDeviceStallSeconds = 2.0;

// Planar blocks in, interleaved frames out.
class OutputQueue {
 public:
  explicit OutputQueue(const DeviceShape& shape);

  // Queues frames from the front of `block` until none fit, and returns how many. Writing thread.
  std::size_t push_some(AudioView block);
  // From now on running dry is no underrun. Writing thread.
  void drain() noexcept { draining_.store(true, std::memory_order_release); }
  std::size_t queued_frames() const noexcept { return queue_.size() / channels_; }
  bool full() const noexcept { return queued_frames() == capacity_frames_; }

  // Fills `interleaved` with what is queued, then silence. The device's thread.
  // Pre: whole frames.
  void render(std::span<float> interleaved) noexcept SYRINX_REALTIME;
  // All frames ever rendered: stands still when the device does. Any thread.
  std::uint64_t rendered_frames() const noexcept { return rendered_.load(); }
  std::uint64_t underrun_frames() const noexcept { return underrun_.load(); }

 private:
  std::size_t channels_;
  std::size_t capacity_frames_;
  SpscQueue<float> queue_;
  std::vector<float> interleaved_;  // The writing thread's.
  std::atomic<bool> draining_{false};
  std::atomic<std::uint64_t> rendered_{0};
  std::atomic<std::uint64_t> underrun_{0};
};

// Interleaved frames in, planar blocks out.
class InputQueue {
 public:
  explicit InputQueue(const DeviceShape& shape);

  // Queues all of `interleaved`, or drops and counts what does not fit. The device's thread.
  // Pre: whole frames.
  void capture(std::span<const float> interleaved) noexcept SYRINX_REALTIME;
  // Takes up to `frames` frames into `block`; false when there are none. Reading thread.
  bool pull_some(AudioBuffer& block, std::size_t frames);
  std::uint64_t overrun_frames() const noexcept { return overrun_.load(); }

 private:
  std::size_t channels_;
  int sample_rate_hz_;
  std::size_t capacity_samples_;
  SpscQueue<float> queue_;
  std::vector<float> interleaved_;  // The reading thread's.
  std::atomic<std::uint64_t> overrun_{0};
};

// Waits in small steps while a device works, and notices when it no longer does.
class StallWatch {
 public:
  // Sleeps a little; an Error (kIo) once `progress` has been the same for kDeviceStallSeconds.
  Result<void> wait(const DeviceShape& shape, std::uint64_t progress);

 private:
  std::uint64_t last_progress_ = 0;
  double still_seconds_ = 0.0;
};

}  // namespace syrinx::io
