// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>

#include "syrinx/stages/measure/psychoacoustics/zwicker_tables.h"

namespace syrinx::measure::zwicker {

// The 28 third-octave filters of ISO 532-1, tables A.1 and A.2, at 48 kHz: one sample in, one
// sample per band out. State in double; one instance serves one stream, one thread.
class ThirdOctaveBank {
 public:
  static constexpr int kRateHz = 48'000;

  // Filters one sample; what each band lets through is squared.
  void process(double sample, std::array<double, kBands>& squares) noexcept;

 private:
  struct Section {
    double s1 = 0.0;
    double s2 = 0.0;
  };
  std::array<std::array<Section, 3>, kBands> sections_{};
};

// 25 Hz to 12.5 kHz: exact, base ten.
double third_octave_hz(std::size_t band) noexcept;

}  // namespace syrinx::measure::zwicker
