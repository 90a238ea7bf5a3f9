// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "syrinx/core/base/result.h"

// Microphones and loudspeakers for conversation: they call instead of being waited for, in short
// blocks, with as little delay as the sound system gives. audio_device.h has those that wait.
//
// Besides the devices of PortAudio there are, for tests and machines without sound,
// "null-realtime" (takes sound, and gives silence, at the sample rate's pace) and "loopback" (what
// is played to it comes back from its microphone, kLoopbackMs later, without loss). They hold
// kLoopbackMs of sound: called later than that, they have a gap, as a sound card would.
namespace syrinx::io {

inline constexpr double kLoopbackMs = 20.0;

struct CallbackFormat {
  int sample_rate_hz = 48'000;
  std::size_t channels = 1;
  std::size_t block_frames = 240;  // Asked for; a device may call with others.
};

// Called on the device's own thread with whole interleaved frames; must be real-time safe.
using OnCapture = std::function<void(std::span<const float>)>;
using OnRender = std::function<void(std::span<float>)>;

// A device that calls from start() until it is destroyed or stopped. One controlling thread.
class CallbackDevice {
 public:
  virtual ~CallbackDevice() = default;
  virtual const std::string& name() const noexcept = 0;
  // What the sound system says that the device itself delays, in ms; 0 when it does not say.
  virtual double latency_ms() const noexcept = 0;
  // How often the device itself ran dry or over, as far as it tells. Any thread.
  virtual std::uint64_t gaps() const noexcept = 0;
  // Errors: kIo.
  virtual Result<void> start() = 0;
  virtual Result<void> stop() = 0;
};

// By names as open_audio_input() takes them. Errors: as there.
Result<std::unique_ptr<CallbackDevice>> open_capture(const std::string& name,
                                                     const CallbackFormat& format,
                                                     OnCapture on_capture);
Result<std::unique_ptr<CallbackDevice>> open_playback(const std::string& name,
                                                      const CallbackFormat& format,
                                                      OnRender on_render);
// Both ends of one loop, on one thread: each block is rendered, and what was rendered kLoopbackMs
// before is captured. Errors: kInvalidArgument for a rate or channels out of limits.
Result<std::unique_ptr<CallbackDevice>> open_loopback(const CallbackFormat& format,
                                                      OnCapture on_capture, OnRender on_render);

}  // namespace syrinx::io
