// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/dsp/pitch/f0_track.h"
#include "syrinx/core/flow/audio.h"

namespace syrinx::dsp {

// Where the frames of a pitch analysis lie: as many whole windows as fit, centred in the sound.
struct FramePlan {
  double first_s = 0.0;
  double hop_s = 0.0;
  std::size_t frames = 0;  // At least one.

  double time_s(std::size_t frame) const noexcept {
    return first_s + static_cast<double>(frame) * hop_s;
  }
};
FramePlan plan_frames(double duration_s, double window_s, double hop_s) noexcept;

// The mean of all channels, at no more than 48 kHz, as pitch methods look at it.
struct PitchSound {
  std::vector<float> samples;
  int sample_rate_hz = 0;

  double duration_s() const noexcept {
    return static_cast<double>(samples.size()) / sample_rate_hz;
  }
  // The `count` samples around `centre_s` (half of them before), zeros outside the sound.
  void copy_around(double centre_s, std::span<float> to) const noexcept;
};
// Errors: kInvalidArgument for an empty view, or a rate outside limits.h.
Result<PitchSound> pitch_sound(std::string_view what, AudioView audio);

}  // namespace syrinx::dsp
