// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"

namespace syrinx::measure {

struct SpectrogramOptions {
  double window_ms = 32.0;  // Hann.
  double hop_ms = 8.0;
  double floor_db = -120.0;  // What is weaker shows as this.
};

// Power over time and frequency in dB, [frames][bins]. 0 dB is the power of a full-scale sine.
// Frame i is centred on sample i * hop_samples; bin k lies at k * bin_hz.
struct Spectrogram {
  int sample_rate_hz = 0;
  std::size_t hop_samples = 0;
  double bin_hz = 0.0;
  std::size_t bins = 0;
  std::vector<float> values_db;

  std::size_t frames() const noexcept { return bins == 0 ? 0 : values_db.size() / bins; }
  std::span<const float> frame(std::size_t index) const noexcept {
    return std::span(values_db).subspan(index * bins, bins);
  }
};

// The spectrogram of the mean of all channels. Errors: kInvalidArgument for an empty view, a rate
// outside limits.h, a window or hop below one sample, or a hop longer than the window;
// kLimitExceeded where the result would hold more than limits::kMaxBufferSamples values, or a
// window above limits::kMaxFftSize.
Result<Spectrogram> spectrogram(AudioView audio, const SpectrogramOptions& options = {});

}  // namespace syrinx::measure
