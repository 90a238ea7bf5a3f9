// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "syrinx/core/base/result.h"

// The spectra that the opinion models were trained on.
namespace syrinx::measure {

struct RelativeMelSpec {
  int sample_rate_hz = 16'000;
  std::size_t fft_size = 321;  // Odd, as published.
  std::size_t hop_samples = 160;
  std::size_t bands = 120;
};

// [frames][bands]
struct Features {
  std::size_t frames = 0;
  std::size_t bands = 0;
  std::vector<float> values;
};

// Mel power in decibels under the loudest, as librosa's melspectrogram and power_to_db(ref=max)
// give it (Slaney scale and area, periodic Hann window, frames centred on multiples of the hop,
// silence around the signal, 80 dB deep), mapped from [-80, 0] dB to [-1, 1].
// Errors: kInvalidArgument, kLimitExceeded for a size that no FFT has.
Result<Features> relative_mel(std::span<const float> samples, const RelativeMelSpec& spec);

// ln(power) / 20 of 257 bins: Hamming windows of 512 samples, 256 apart, the first half of the
// first before the signal and silence behind it. Bins without power take the smallest power of all
// others, 120 dB down; all of them, when none has power, -80 dB. (The published PLCMOS input.)
Features log_power(std::span<const float> samples);

}  // namespace syrinx::measure
