// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/io/device_queue.h"

#include <algorithm>
#include <chrono>
#include <thread>

namespace syrinx::io {
namespace {

constexpr double kWaitSeconds = 0.002;  // A hundredth of the queue.

}  // namespace

std::size_t DeviceShape::frames_of(double seconds) const noexcept {
  return std::max<std::size_t>(1, static_cast<std::size_t>(seconds * sample_rate_hz));
}

OutputQueue::OutputQueue(const DeviceShape& shape)
    : channels_(shape.channels),
      capacity_frames_(shape.frames_of(kDeviceQueueSeconds)),
      queue_(capacity_frames_ * channels_),
      interleaved_(capacity_frames_ * channels_) {}

std::size_t OutputQueue::push_some(AudioView block) {
  // The queue's own size is rounded up; the latency promised is not.
  const std::size_t frames = std::min(block.frames(), capacity_frames_ - queued_frames());
  for (std::size_t c = 0; c < channels_; ++c) {
    const auto row = block.channel(c);
    for (std::size_t i = 0; i < frames; ++i) interleaved_[i * channels_ + c] = row[i];
  }
  return queue_.write(std::span(interleaved_).first(frames * channels_)) / channels_;
}

void OutputQueue::render(std::span<float> interleaved) noexcept {
  // Read first: what is missing after drain() was called is no underrun.
  const bool draining = draining_.load(std::memory_order_acquire);
  const std::size_t got = queue_.read(interleaved);
  std::fill(interleaved.begin() + static_cast<std::ptrdiff_t>(got), interleaved.end(), 0.0f);
  rendered_.fetch_add(interleaved.size() / channels_);
  if (!draining) underrun_.fetch_add((interleaved.size() - got) / channels_);
}

InputQueue::InputQueue(const DeviceShape& shape)
    : channels_(shape.channels),
      sample_rate_hz_(shape.sample_rate_hz),
      capacity_samples_(shape.frames_of(kDeviceQueueSeconds) * channels_),
      queue_(capacity_samples_),
      interleaved_(capacity_samples_) {}

void InputQueue::capture(std::span<const float> interleaved) noexcept {
  const std::size_t room = capacity_samples_ - std::min(capacity_samples_, queue_.size());
  const std::size_t fits = std::min(interleaved.size(), room / channels_ * channels_);
  queue_.write(interleaved.first(fits));
  overrun_.fetch_add((interleaved.size() - fits) / channels_);
}

bool InputQueue::pull_some(AudioBuffer& block, std::size_t frames) {
  const std::size_t wanted = std::min(frames * channels_, interleaved_.size());
  const std::size_t got = queue_.read(std::span(interleaved_).first(wanted)) / channels_;
  block.reshape(channels_, got, sample_rate_hz_);
  for (std::size_t c = 0; c < channels_; ++c) {
    const auto row = block.channel(c);
    for (std::size_t i = 0; i < got; ++i) row[i] = interleaved_[i * channels_ + c];
  }
  return got > 0;
}

Result<void> StallWatch::wait(const DeviceShape& shape, std::uint64_t progress) {
  still_seconds_ = progress == last_progress_ ? still_seconds_ + kWaitSeconds : 0.0;
  last_progress_ = progress;
  if (still_seconds_ > kDeviceStallSeconds) {
    return make_error(ErrorCode::kIo, "the audio device '", shape.name,
                      "' has stopped working; was it unplugged?");
  }
  std::this_thread::sleep_for(std::chrono::duration<double>(kWaitSeconds));
  return {};
}

}  // namespace syrinx::io
