// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "syrinx/core/base/result.h"
#include "syrinx/core/io/callback_device.h"

namespace syrinx::io {

// By PortAudio; kUnavailable in a build without it. An empty name, or "default", is the default
// device.
Result<std::unique_ptr<CallbackDevice>> open_portaudio_capture(const std::string& name,
                                                               const CallbackFormat& format,
                                                               OnCapture on_capture);
Result<std::unique_ptr<CallbackDevice>> open_portaudio_playback(const std::string& name,
                                                                const CallbackFormat& format,
                                                                OnRender on_render);

}  // namespace syrinx::io
