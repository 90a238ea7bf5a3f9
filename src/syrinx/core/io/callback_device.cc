// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/io/callback_device.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "syrinx/core/base/limits.h"
#include "syrinx/core/io/callback_driver.h"
#include "syrinx/core/io/paced_thread.h"

namespace syrinx::io {
namespace {

constexpr std::size_t kMostBlockFrames = 16'384;

Result<void> check(const std::string& name, const CallbackFormat& format) {
  const bool valid = format.sample_rate_hz >= limits::kMinSampleRateHz &&
                     format.sample_rate_hz <= limits::kMaxSampleRateHz && format.channels >= 1 &&
                     format.channels <= limits::kMaxChannels && format.block_frames >= 1 &&
                     format.block_frames <= kMostBlockFrames;
  if (valid) return {};
  return make_error(ErrorCode::kInvalidArgument, "the audio device '", name, "' was asked for ",
                    format.channels, " channels at ", format.sample_rate_hz, " Hz in blocks of ",
                    format.block_frames, " frames; give 1 to ", limits::kMaxChannels, " channels, ",
                    limits::kMinSampleRateHz, " to ", limits::kMaxSampleRateHz, " Hz and 1 to ",
                    kMostBlockFrames, " frames");
}

// Calls at the sample rate's pace, by the clock.
class PacedDevice final : public CallbackDevice {
 public:
  PacedDevice(std::string name, const CallbackFormat& format, OnRender work)
      : name_(std::move(name)),
        block_(format.block_frames * format.channels),
        work_(std::move(work)),
        thread_(static_cast<double>(format.block_frames) / format.sample_rate_hz,
                kLoopbackMs * 1e-3) {}

  const std::string& name() const noexcept override { return name_; }
  double latency_ms() const noexcept override { return 0.0; }
  std::uint64_t gaps() const noexcept override { return thread_.ran_dry(); }
  Result<void> start() override {
    thread_.start([this] { work_(block_); });
    return {};
  }
  Result<void> stop() override {
    thread_.stop();
    return {};
  }

 private:
  std::string name_;
  std::vector<float> block_;
  OnRender work_;
  PacedThread thread_;  // Last: joined before what it uses goes.
};

// The frames on their way round a loop.
class LoopLine {
 public:
  explicit LoopLine(std::size_t samples) : ring_(samples) {}
  // Takes what is played and gives what is heard in its place.
  void exchange(std::span<float> block) noexcept {
    for (float& x : block) {
      std::swap(x, ring_[at_]);
      at_ = at_ + 1 == ring_.size() ? 0 : at_ + 1;
    }
  }

 private:
  std::vector<float> ring_;
  std::size_t at_ = 0;
};

}  // namespace

Result<std::unique_ptr<CallbackDevice>> open_capture(const std::string& name,
                                                     const CallbackFormat& format,
                                                     OnCapture on_capture) {
  SYRINX_TRY(check(name, format));
  if (name != "null-realtime") return open_portaudio_capture(name, format, std::move(on_capture));
  return std::unique_ptr<CallbackDevice>(std::make_unique<PacedDevice>(
      name, format, [capture = std::move(on_capture)](std::span<float> block) {
        std::fill(block.begin(), block.end(), 0.0f);
        capture(block);
      }));
}

Result<std::unique_ptr<CallbackDevice>> open_playback(const std::string& name,
                                                      const CallbackFormat& format,
                                                      OnRender on_render) {
  SYRINX_TRY(check(name, format));
  if (name != "null-realtime") return open_portaudio_playback(name, format, std::move(on_render));
  return std::unique_ptr<CallbackDevice>(
      std::make_unique<PacedDevice>(name, format, std::move(on_render)));
}

Result<std::unique_ptr<CallbackDevice>> open_loopback(const CallbackFormat& format,
                                                      OnCapture on_capture, OnRender on_render) {
  SYRINX_TRY(check("loopback", format));
  const auto frames = static_cast<std::size_t>(kLoopbackMs * 1e-3 * format.sample_rate_hz);
  auto line = std::make_shared<LoopLine>(frames * format.channels);
  return std::unique_ptr<CallbackDevice>(
      std::make_unique<PacedDevice>("loopback", format,
                                    [line, capture = std::move(on_capture),
                                     render = std::move(on_render)](std::span<float> block) {
                                      render(block);
                                      line->exchange(block);
                                      capture(block);
                                    }));
}

}  // namespace syrinx::io
