// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/dsp/pitch/pitch_frames.h"

#include <algorithm>
#include <cmath>

#include "syrinx/core/dsp/resample.h"
#include "syrinx/core/flow/audio_check.h"
#include "syrinx/core/flow/mono.h"

namespace syrinx::dsp {

FramePlan plan_frames(double duration_s, double window_s, double hop_s) noexcept {
  const double fit = std::floor((duration_s - window_s) / hop_s + 1e-9) + 1.0;
  const double frames = std::max(fit, 1.0);
  return {0.5 * (duration_s - (frames - 1.0) * hop_s), hop_s, static_cast<std::size_t>(frames)};
}

void PitchSound::copy_around(double centre_s, std::span<float> to) const noexcept {
  const auto half = static_cast<std::ptrdiff_t>(to.size() / 2);
  const auto begin = static_cast<std::ptrdiff_t>(std::llround(centre_s * sample_rate_hz)) - half;
  for (std::size_t i = 0; i < to.size(); ++i) {
    const std::ptrdiff_t at = begin + static_cast<std::ptrdiff_t>(i);
    const bool inside = at >= 0 && at < static_cast<std::ptrdiff_t>(samples.size());
    to[i] = inside ? samples[static_cast<std::size_t>(at)] : 0.0f;
  }
}

Result<PitchSound> pitch_sound(std::string_view what, AudioView audio) {
  constexpr int kMostRateHz = 48'000;
  SYRINX_TRY(check_measurable(what, audio));
  const auto mono = mean_of_channels(audio);
  PitchSound sound{std::vector<float>(mono.begin(), mono.end()), audio.sample_rate_hz()};
  if (sound.sample_rate_hz <= kMostRateHz) return sound;
  SYRINX_ASSIGN(const auto slower,
                resample(AudioView(sound.samples, sound.sample_rate_hz), kMostRateHz));
  sound.samples.assign(slower.channel(0).begin(), slower.channel(0).end());
  sound.sample_rate_hz = kMostRateHz;
  return sound;
}

}  // namespace syrinx::dsp
