// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "syrinx/core/base/realtime.h"
#include "syrinx/core/dsp/biquad.h"

namespace syrinx::voice {

// Turns the spectrum around 1 kHz, by so many dB per octave, with shelves two octaves apart. Within
// 1 dB of the line from 100 Hz to 8 kHz for slopes up to 6 dB per octave.
class TiltFilter {
 public:
  TiltFilter(int sample_rate_hz, std::size_t channels);

  // From the next sample on; the filters' memory stays.
  void set(double db_per_octave) noexcept SYRINX_REALTIME;
  float process(std::size_t channel, float x) noexcept SYRINX_REALTIME;
  void reset() noexcept SYRINX_REALTIME;

 private:
  static constexpr std::size_t kShelves = 4;
  struct Memory {
    double s1 = 0.0;
    double s2 = 0.0;
  };

  int sample_rate_hz_;
  double slope_ = 0.0;
  double gain_ = 1.0;
  std::size_t used_ = 0;
  std::array<dsp::Biquad, kShelves> shelves_{};
  std::vector<std::array<Memory, kShelves>> memory_;
};

}  // namespace syrinx::voice
