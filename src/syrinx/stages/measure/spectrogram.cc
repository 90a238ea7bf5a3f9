// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/spectrogram.h"

#include <algorithm>
#include <cmath>

#include "syrinx/core/base/limits.h"
#include "syrinx/stages/measure/frame_power.h"

namespace syrinx::measure {

Result<Spectrogram> spectrogram(AudioView audio, const SpectrogramOptions& options) {
  SYRINX_ASSIGN(auto power, FramePower::create(audio, options.window_ms));
  const double hop = std::round(options.hop_ms * audio.sample_rate_hz() / 1000.0);
  if (!(hop >= 1.0 && hop <= static_cast<double>(power.window_samples())))
    return make_error(ErrorCode::kInvalidArgument, "spectrogram: a hop of ", options.hop_ms,
                      " ms was given, but it must hold 1 sample at least and no more than the "
                      "window of ",
                      options.window_ms, " ms");
  Spectrogram result;
  result.sample_rate_hz = audio.sample_rate_hz();
  result.hop_samples = static_cast<std::size_t>(hop);
  result.bin_hz = power.bin_hz();
  result.bins = power.bins();
  const std::size_t frames = (audio.frames() - 1) / result.hop_samples + 1;
  if (frames > limits::kMaxBufferSamples / result.bins)
    return make_error(ErrorCode::kLimitExceeded, "spectrogram: ", frames, " frames of ",
                      result.bins, " bins are too many; use a longer hop");
  result.values_db.reserve(frames * result.bins);
  const auto floor = static_cast<float>(std::pow(10.0, options.floor_db / 10.0));
  for (std::size_t i = 0; i < frames; ++i) {
    for (const float value : power.at(audio, i * result.hop_samples)) {
      // NaN, which compares false, becomes the floor too.
      result.values_db.push_back(10.0f * std::log10(value > floor ? value : floor));
    }
  }
  return result;
}

}  // namespace syrinx::measure
