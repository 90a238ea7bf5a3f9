// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <span>

#include "syrinx/core/base/realtime.h"

namespace syrinx::measure {

// The largest magnitude of the waveform between the samples as well as at them: four times
// oversampled by the 48-tap filter of ITU-R BS.1770-4, Annex 2, which under-reads by at most 0.7 dB
// below 0.45 of the sample rate. One channel, one stream.
class TruePeakMeter {
 public:
  // Takes the next samples; blocks of any size. Non-finite samples count as 0.
  void process(std::span<const float> samples) noexcept SYRINX_REALTIME;
  // Linear; 1.0 is full scale.
  float peak() const noexcept { return peak_; }
  void reset() noexcept SYRINX_REALTIME { *this = {}; }

 private:
  static constexpr std::size_t kTaps = 12;

  std::array<float, 2 * kTaps> past_{};  // The last kTaps samples, twice over: a ring without ends.
  std::size_t at_ = 0;
  float peak_ = 0.0f;
};

}  // namespace syrinx::measure
