// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/io/device_stream.h"

#include <utility>

namespace syrinx::io {
namespace {

// How much is queued before the device starts, so that it does not run dry at once.
constexpr double kPrefillSeconds = 0.05;

class QueuedOutput final : public AudioOutput {
 public:
  explicit QueuedOutput(const DeviceShape& shape)
      : shape_(shape), queue_(std::make_unique<OutputQueue>(shape)) {}

  Result<void> open(const OutputDriverMaker& make_driver) {
    SYRINX_ASSIGN(driver_, make_driver(shape_, *queue_));
    return {};
  }

  int sample_rate_hz() const noexcept override { return shape_.sample_rate_hz; }
  std::size_t channels() const noexcept override { return shape_.channels; }
  std::uint64_t underrun_frames() const noexcept override { return queue_->underrun_frames(); }

  Result<void> write(AudioView block) override {
    SYRINX_TRY(check(block));
    StallWatch watch;
    while (!block.empty()) {
      const std::size_t taken = queue_->push_some(block);
      block = block.slice(taken, block.frames() - taken);
      if (queue_->queued_frames() >= shape_.frames_of(kPrefillSeconds)) SYRINX_TRY(start());
      if (!block.empty()) SYRINX_TRY(watch.wait(shape_, queue_->rendered_frames()));
    }
    return {};
  }

  Result<void> finish() override {
    if (finished_) return {};
    finished_ = true;
    queue_->drain();
    if (queue_->queued_frames() > 0) SYRINX_TRY(start());
    StallWatch watch;
    while (queue_->queued_frames() > 0) {
      SYRINX_TRY(watch.wait(shape_, queue_->rendered_frames()));
    }
    return started_ ? driver_->stop() : Result<void>{};
  }

 private:
  Result<void> start() {
    if (started_) return {};
    started_ = true;
    return driver_->start();
  }

  Result<void> check(AudioView block) const {
    if (finished_) {
      return make_error(ErrorCode::kInvalidArgument, "the audio device '", shape_.name,
                        "' was already told to finish");
    }
    if (block.sample_rate_hz() != shape_.sample_rate_hz) {
      return wrong_rate_error("the audio device '" + shape_.name + "'", block.sample_rate_hz(),
                              shape_.sample_rate_hz);
    }
    if (block.channels() == shape_.channels) return {};
    return make_error(ErrorCode::kInvalidArgument, "the audio device '", shape_.name,
                      "' was given ", block.channels(), " channels but was opened for ",
                      shape_.channels);
  }

  DeviceShape shape_;
  std::unique_ptr<OutputQueue> queue_;
  std::unique_ptr<DeviceDriver> driver_;  // After the queue that it reads: it goes first.
  bool started_ = false;
  bool finished_ = false;
};

class QueuedInput final : public AudioInput {
 public:
  explicit QueuedInput(const DeviceShape& shape)
      : shape_(shape), queue_(std::make_unique<InputQueue>(shape)) {}

  Result<void> open(const InputDriverMaker& make_driver) {
    SYRINX_ASSIGN(driver_, make_driver(shape_, *queue_));
    return driver_->start();
  }

  int sample_rate_hz() const noexcept override { return shape_.sample_rate_hz; }
  std::size_t channels() const noexcept override { return shape_.channels; }
  std::uint64_t overrun_frames() const noexcept override { return queue_->overrun_frames(); }

  Result<bool> next(AudioBuffer& block, const std::stop_token& stop) override {
    StallWatch watch;
    while (!stop.stop_requested()) {
      if (queue_->pull_some(block, shape_.frames_of(kDeviceBlockSeconds))) return true;
      SYRINX_TRY(watch.wait(shape_, 0));
    }
    return make_error(ErrorCode::kCancelled, "recording was stopped");
  }

 private:
  DeviceShape shape_;
  std::unique_ptr<InputQueue> queue_;
  std::unique_ptr<DeviceDriver> driver_;
};

}  // namespace

Result<std::unique_ptr<AudioOutput>> make_queued_output(const DeviceShape& shape,
                                                        const OutputDriverMaker& make_driver) {
  auto output = std::make_unique<QueuedOutput>(shape);
  SYRINX_TRY(output->open(make_driver));
  return std::unique_ptr<AudioOutput>(std::move(output));
}

Result<std::unique_ptr<AudioInput>> make_queued_input(const DeviceShape& shape,
                                                      const InputDriverMaker& make_driver) {
  auto input = std::make_unique<QueuedInput>(shape);
  SYRINX_TRY(input->open(make_driver));
  return std::unique_ptr<AudioInput>(std::move(input));
}

}  // namespace syrinx::io
