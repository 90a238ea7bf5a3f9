// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "syrinx/core/base/result.h"

namespace syrinx::cli {

// A microphone that other programs can choose, made in PulseAudio (or PipeWire, which speaks its
// protocol) by `pactl`: a sink without a loudspeaker, and its monitor under a microphone's name.
// Destroyed, both are gone again.
class VirtualMicrophone {
 public:
  // Errors: kUnavailable without pactl or a sound server that answers; kInvalidArgument when one of
  // the names is there already, as when another `syrinx live` runs.
  static Result<std::unique_ptr<VirtualMicrophone>> create();
  ~VirtualMicrophone();
  VirtualMicrophone(const VirtualMicrophone&) = delete;
  VirtualMicrophone& operator=(const VirtualMicrophone&) = delete;

  // The device to open for playing while $PULSE_SINK is sink(): ALSA's way to PulseAudio.
  static const char* device() noexcept { return "pulse"; }
  static const char* sink() noexcept { return "syrinx_live"; }
  // What other programs show it as.
  static const char* shown_as() noexcept { return "Syrinx_Microphone"; }

 private:
  VirtualMicrophone() = default;
  std::vector<std::string> modules_;  // That were loaded, in this order.
};

// For its life, what this process opens in PulseAudio plays to this sink.
class PulseSink {
 public:
  explicit PulseSink(const char* sink);
  ~PulseSink();
  PulseSink(const PulseSink&) = delete;
  PulseSink& operator=(const PulseSink&) = delete;

 private:
  bool was_set_ = false;
  std::string former_;
};

}  // namespace syrinx::cli
