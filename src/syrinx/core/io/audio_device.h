// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/stream.h"

// Loudspeakers and microphones, by PortAudio, and two that are not there, for tests and machines
// without sound: "null" takes (or gives silence) at once, "null-realtime" at the sample rate's
// pace.
//
// Sound goes through a lock-free queue to a callback on the device's own thread, which is real-time
// safe; the calls here wait, so they belong on an engine's or application's thread.
namespace syrinx::io {

struct AudioDeviceInfo {
  std::string name;
  std::string host_api;  // "ALSA", "JACK", "null".
  std::size_t output_channels = 0;
  std::size_t input_channels = 0;
  int default_sample_rate_hz = 0;
  bool is_default_output = false;
  bool is_default_input = false;
};

// Plays what is written to it. write() returns once the sound is queued, waiting while the queue
// (0.2 s) is full; finish() returns once it has been heard. Destroyed without finish(), it falls
// silent at once. One thread at a time.
class AudioOutput : public AudioSink {
 public:
  // Frames of silence played because nothing was queued in time, between the first frame written
  // and finish(). Any thread.
  virtual std::uint64_t underrun_frames() const noexcept = 0;
};

// Records from the moment of opening, in blocks of 10 ms. next() never returns false: ask it to
// stop. One thread at a time.
class AudioInput : public AudioSource {
 public:
  // Frames lost because nobody called next() for 0.2 s. Any thread.
  virtual std::uint64_t overrun_frames() const noexcept = 0;
};

// Every device that PortAudio finds, which may be none; not the null devices. While it looks,
// stderr goes nowhere, as the sound systems complain there of what is missing.
// Errors: kUnavailable when built without PortAudio, or when it does not start.
Result<std::vector<AudioDeviceInfo>> list_audio_devices();

// Opens a device by its whole name, by a part of it (in any case) that only one has, or the default
// one by "" or "default". Errors: kNotFound (naming the devices that there are); kInvalidArgument
// (an ambiguous name, rate or channels out of limits); kUnsupported (the device cannot have this
// rate or number of channels); kUnavailable; kIo. write(), finish() and next() fail with kIo when
// the device stops working, and within two seconds.
Result<std::unique_ptr<AudioOutput>> open_audio_output(std::string_view name, int sample_rate_hz,
                                                       std::size_t channels);
Result<std::unique_ptr<AudioInput>> open_audio_input(std::string_view name, int sample_rate_hz,
                                                     std::size_t channels);

// PortAudio's own word on its version; empty when built without it.
std::string audio_device_library_version();

}  // namespace syrinx::io
