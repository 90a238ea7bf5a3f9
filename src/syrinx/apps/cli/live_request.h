// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "syrinx/apps/cli/convert_like.h"
#include "syrinx/core/base/result.h"
#include "syrinx/engines/conversion/live/live_conversion.h"
#include "syrinx/engines/conversion/live/target_finder.h"

namespace syrinx::cli {

// What `syrinx live` was asked for.
struct LiveRequest {
  std::string input_device;  // "" for the default one.
  std::string output_device;
  std::string input_file;  // Instead of a device.
  std::string output_file;
  bool real_time = false;  // Files at the pace of their sound, through queues and threads.
  std::optional<std::string> monitor_device;
  bool virtual_microphone = false;

  std::string to;
  std::optional<double> age;
  double pitch_semitones = 0.0;
  voice::VoiceSettings settings;  // Without pitch_ratio.
  double source_f0_hz = 0.0;      // 0: found by listening.
  LikeWish like;                  // Instead of `to` and `age`; without references: none.
  std::string source;             // Whose voice that makes like another; "": learnt.

  std::string mode = "balanced";
  std::string denoise = "off";
  std::filesystem::path models;
  std::optional<double> gate_db;
  double input_gain_db = 0.0;
  double output_gain_db = 0.0;
  int sample_rate_hz = 0;  // 0: 48 kHz, or the input file's.
  std::size_t channels = 0;
  double block_ms = 0.0;            // 0: by mode.
  std::optional<double> safety_ms;  // None: by mode.
  bool step_down = true;
  bool bypass = false;
  double duration_s = 0.0;  // 0: until stopped.
  bool list_devices = false;
  bool latency_test = false;

  // File to file as fast as it goes, rather than at the pace of the sound.
  bool at_once() const noexcept {
    return !input_file.empty() && !output_file.empty() && !real_time && duration_s == 0.0;
  }
};

// Errors: kInvalidArgument for options that contradict each other.
Result<void> check(const LiveRequest& request);
Result<conversion::LiveTarget> target_of(const LiveRequest& request);
// The engine's options for this rate and channels; the target not yet in them.
Result<conversion::LiveOptions> live_options(const LiveRequest& request, int sample_rate_hz,
                                             std::size_t channels);

}  // namespace syrinx::cli
