// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/io/callback_driver.h"
#include "syrinx/core/io/device_stream.h"

// Stands in for portaudio_device.cc in a build without PortAudio.
namespace syrinx::io {
namespace {

Error missing() {
  return make_error(ErrorCode::kUnavailable,
                    "this build of Syrinx has no audio devices: PortAudio was not found when it "
                    "was built; install portaudio19-dev and build again");
}

}  // namespace

Result<std::vector<AudioDeviceInfo>> list_portaudio_devices() { return missing(); }
Result<std::unique_ptr<AudioOutput>> open_portaudio_output(DeviceShape) { return missing(); }
Result<std::unique_ptr<AudioInput>> open_portaudio_input(DeviceShape) { return missing(); }

Result<std::unique_ptr<CallbackDevice>> open_portaudio_capture(const std::string&,
                                                               const CallbackFormat&, OnCapture) {
  return missing();
}
Result<std::unique_ptr<CallbackDevice>> open_portaudio_playback(const std::string&,
                                                                const CallbackFormat&, OnRender) {
  return missing();
}

std::string audio_device_library_version() { return {}; }

}  // namespace syrinx::io
