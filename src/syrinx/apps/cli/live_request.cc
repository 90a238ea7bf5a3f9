// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/cli/live_request.h"

#include <cmath>

#include "syrinx/engines/conversion/conversion.h"
#include "syrinx/stages/enhance/denoise/noise_suppressor.h"
#include "syrinx/stages/voice/voice_targets.h"

namespace syrinx::cli {
namespace {

constexpr double kMostDurationS = 7.0 * 24.0 * 3600.0;

Error contradiction(const std::string& sentence) {
  return make_error(ErrorCode::kInvalidArgument, sentence);
}

conversion::LiveLevel level_of(conversion::Mode mode) {
  switch (mode) {
    case conversion::Mode::kLow:
      return conversion::LiveLevel::kLow;
    case conversion::Mode::kBalanced:
      return conversion::LiveLevel::kBalanced;
    case conversion::Mode::kHigh:
      return conversion::LiveLevel::kHigh;
  }
  return conversion::LiveLevel::kBalanced;
}

}  // namespace

Result<void> check(const LiveRequest& request) {
  if (!request.to.empty() && request.age)
    return contradiction("--to and --age are two targets; give one");
  if (!request.input_file.empty() && !request.input_device.empty())
    return contradiction("--input and --input-device are two inputs; give one");
  if (!request.output_file.empty() && !request.output_device.empty())
    return contradiction("--output and --output-device are two outputs; give one");
  if (request.virtual_microphone && !(request.output_file.empty() && request.output_device.empty()))
    return contradiction("--virtual-microphone is an output itself; leave the other out");
  if (request.latency_test && !(request.input_file.empty() && request.output_file.empty()))
    return contradiction("--latency-test measures devices, not files");
  const bool loops = request.input_device == "loopback" || request.output_device == "loopback";
  if (loops && request.input_device != request.output_device)
    return contradiction(
        "the device loopback is both ends: give it to --input-device and to "
        "--output-device");
  if (!(request.duration_s >= 0.0 && request.duration_s <= kMostDurationS))
    return contradiction("--duration is 0 (until stopped) to a week, in seconds");
  if (!(request.block_ms >= 0.0 && request.block_ms <= 100.0))
    return contradiction("--block is 0 (by mode) to 100 ms");
  return {};
}

Result<conversion::LiveTarget> target_of(const LiveRequest& request) {
  conversion::LiveTarget target;
  target.to = request.to;
  target.age = request.age;
  target.settings = request.settings;
  target.settings.pitch_ratio = voice::ratio_of_semitones(request.pitch_semitones);
  SYRINX_TRY(voice::validate(target.settings));
  constexpr double kAnyF0Hz = 120.0;  // Only to hear now that the name or age is wrong.
  if (!target.empty()) SYRINX_TRY(conversion::settings_for(target, kAnyF0Hz));
  return target;
}

Result<conversion::LiveOptions> live_options(const LiveRequest& request, int sample_rate_hz,
                                             std::size_t channels) {
  conversion::LiveOptions options;
  SYRINX_ASSIGN(const auto mode, conversion::parse_mode(request.mode));
  SYRINX_ASSIGN(options.chain.denoise, enhance::parse_denoise_kind(request.denoise));
  options.chain.best = level_of(mode);
  options.chain.sample_rate_hz = sample_rate_hz;
  options.chain.channels = channels;
  options.chain.models = request.models;
  options.chain.gate_db = request.gate_db;
  options.chain.input_gain_db = request.input_gain_db;
  options.chain.output_gain_db = request.output_gain_db;
  options.block_frames =
      static_cast<std::size_t>(std::lround(request.block_ms * 1e-3 * sample_rate_hz));
  options.safety_ms = request.safety_ms;
  options.step_down = request.step_down;
  return options;
}

}  // namespace syrinx::cli
