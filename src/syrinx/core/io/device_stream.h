// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "syrinx/core/base/result.h"
#include "syrinx/core/io/audio_device.h"
#include "syrinx/core/io/device_queue.h"

// The part of a device that is the same whatever drives it.
namespace syrinx::io {

// What calls render() or capture() on a thread of its own. Stops when destroyed.
class DeviceDriver {
 public:
  virtual ~DeviceDriver() = default;
  // Begins calling. Errors: kIo.
  virtual Result<void> start() = 0;
  // Plays what the device itself still holds, then stops calling. Errors: kIo.
  virtual Result<void> stop() = 0;
};

// Makes the driver of a queue, which outlives it.
using OutputDriverMaker =
    std::function<Result<std::unique_ptr<DeviceDriver>>(const DeviceShape&, OutputQueue&)>;
using InputDriverMaker =
    std::function<Result<std::unique_ptr<DeviceDriver>>(const DeviceShape&, InputQueue&)>;

Result<std::unique_ptr<AudioOutput>> make_queued_output(const DeviceShape& shape,
                                                        const OutputDriverMaker& make_driver);
Result<std::unique_ptr<AudioInput>> make_queued_input(const DeviceShape& shape,
                                                      const InputDriverMaker& make_driver);

// The null devices. Pre: shape.name is "null" or "null-realtime".
Result<std::unique_ptr<AudioOutput>> make_null_output(const DeviceShape& shape);
Result<std::unique_ptr<AudioInput>> make_null_input(const DeviceShape& shape);

// By PortAudio; kUnavailable in a build without it. An empty shape.name is the default device.
Result<std::vector<AudioDeviceInfo>> list_portaudio_devices();
Result<std::unique_ptr<AudioOutput>> open_portaudio_output(DeviceShape shape);
Result<std::unique_ptr<AudioInput>> open_portaudio_input(DeviceShape shape);

}  // namespace syrinx::io
