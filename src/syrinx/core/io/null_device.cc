// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <functional>
#include <stop_token>
#include <utility>
#include <vector>

#include "syrinx/core/io/device_stream.h"
#include "syrinx/core/io/paced_thread.h"

namespace syrinx::io {
namespace {

// Calls `process` with a block of frames every 10 ms, on a thread of its own.
class PacedDriver final : public DeviceDriver {
 public:
  PacedDriver(const DeviceShape& shape, std::function<void(std::span<float>)> process)
      : block_(shape.frames_of(kDeviceBlockSeconds) * shape.channels),
        process_(std::move(process)),
        thread_(static_cast<double>(shape.frames_of(kDeviceBlockSeconds)) / shape.sample_rate_hz) {}

  Result<void> start() override {
    thread_.start([this] { process_(block_); });
    return {};
  }
  Result<void> stop() override {
    thread_.stop();
    return {};
  }

 private:
  std::vector<float> block_;
  std::function<void(std::span<float>)> process_;
  PacedThread thread_;  // Last: joined before what it uses goes.
};

// "null": every frame is played the moment it is written.
class InstantOutput final : public AudioOutput {
 public:
  explicit InstantOutput(const DeviceShape& shape) : shape_(shape) {}

  int sample_rate_hz() const noexcept override { return shape_.sample_rate_hz; }
  std::size_t channels() const noexcept override { return shape_.channels; }
  std::uint64_t underrun_frames() const noexcept override { return 0; }

  Result<void> write(AudioView block) override {
    if (block.sample_rate_hz() != shape_.sample_rate_hz) {
      return wrong_rate_error("the null device", block.sample_rate_hz(), shape_.sample_rate_hz);
    }
    if (block.channels() == shape_.channels) return {};
    return make_error(ErrorCode::kInvalidArgument, "the null device was given ", block.channels(),
                      " channels but was opened for ", shape_.channels);
  }
  Result<void> finish() override { return {}; }

 private:
  DeviceShape shape_;
};

class InstantInput final : public AudioInput {
 public:
  explicit InstantInput(const DeviceShape& shape) : shape_(shape) {}

  int sample_rate_hz() const noexcept override { return shape_.sample_rate_hz; }
  std::size_t channels() const noexcept override { return shape_.channels; }
  std::uint64_t overrun_frames() const noexcept override { return 0; }

  Result<bool> next(AudioBuffer& block, const std::stop_token& stop) override {
    if (stop.stop_requested()) return make_error(ErrorCode::kCancelled, "recording was stopped");
    block.reshape(shape_.channels, shape_.frames_of(kDeviceBlockSeconds), shape_.sample_rate_hz);
    for (std::size_t c = 0; c < block.channels(); ++c) {
      const auto row = block.channel(c);
      std::fill(row.begin(), row.end(), 0.0f);
    }
    return true;
  }

 private:
  DeviceShape shape_;
};

}  // namespace

Result<std::unique_ptr<AudioOutput>> make_null_output(const DeviceShape& shape) {
  if (shape.name == "null") {
    return std::unique_ptr<AudioOutput>(std::make_unique<InstantOutput>(shape));
  }
  return make_queued_output(shape, [](const DeviceShape& of, OutputQueue& queue) {
    const auto render = [&queue](std::span<float> block) { queue.render(block); };
    return Result<std::unique_ptr<DeviceDriver>>(std::make_unique<PacedDriver>(of, render));
  });
}

Result<std::unique_ptr<AudioInput>> make_null_input(const DeviceShape& shape) {
  if (shape.name == "null") {
    return std::unique_ptr<AudioInput>(std::make_unique<InstantInput>(shape));
  }
  return make_queued_input(shape, [](const DeviceShape& of, InputQueue& queue) {
    const auto capture = [&queue](std::span<float> silence) { queue.capture(silence); };
    return Result<std::unique_ptr<DeviceDriver>>(std::make_unique<PacedDriver>(of, capture));
  });
}

}  // namespace syrinx::io
