// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"
#include "syrinx/core/flow/image.h"

namespace syrinx::measure {

struct SpectrogramImageOptions {
  std::size_t width = 1'200;  // Of the whole picture, pixels; 320 to limits::kMaxPngSide.
  std::size_t height = 600;   // 240 to limits::kMaxPngSide.
  double window_ms = 25.0;    // Hann.
  double max_hz = 0.0;        // Top of the frequency axis; 0 for half the sample rate.
  double range_db = 80.0;     // Colours cover this much below the loudest point.
};

// A picture of a sound: the waveform above, the spectrogram of the mean of all channels below, with
// axes in seconds and kHz and a scale of colours in dB (0 dB is a full-scale sine). Errors:
// kInvalidArgument for an empty view, a rate outside limits.h, or an option out of range.
Result<Image> render_spectrogram(AudioView audio, const SpectrogramImageOptions& options = {});

}  // namespace syrinx::measure
