// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/io/audio_device.h"

#include "syrinx/core/base/limits.h"
#include "syrinx/core/io/device_stream.h"

namespace syrinx::io {
namespace {

bool is_null(std::string_view name) noexcept { return name == "null" || name == "null-realtime"; }

Result<DeviceShape> make_shape(std::string_view name, int sample_rate_hz, std::size_t channels) {
  const bool valid = sample_rate_hz >= limits::kMinSampleRateHz &&
                     sample_rate_hz <= limits::kMaxSampleRateHz && channels >= 1 &&
                     channels <= limits::kMaxChannels;
  if (valid)
    return DeviceShape{std::string(name == "default" ? "" : name), sample_rate_hz, channels};
  return make_error(ErrorCode::kInvalidArgument, "no audio device has ", channels, " channels at ",
                    sample_rate_hz, " Hz; give 1 to ", limits::kMaxChannels, " channels and ",
                    limits::kMinSampleRateHz, " to ", limits::kMaxSampleRateHz, " Hz");
}

}  // namespace

Result<std::vector<AudioDeviceInfo>> list_audio_devices() { return list_portaudio_devices(); }

Result<std::unique_ptr<AudioOutput>> open_audio_output(std::string_view name, int sample_rate_hz,
                                                       std::size_t channels) {
  SYRINX_ASSIGN(const DeviceShape shape, make_shape(name, sample_rate_hz, channels));
  return is_null(name) ? make_null_output(shape) : open_portaudio_output(shape);
}

Result<std::unique_ptr<AudioInput>> open_audio_input(std::string_view name, int sample_rate_hz,
                                                     std::size_t channels) {
  SYRINX_ASSIGN(const DeviceShape shape, make_shape(name, sample_rate_hz, channels));
  return is_null(name) ? make_null_input(shape) : open_portaudio_input(shape);
}

}  // namespace syrinx::io
