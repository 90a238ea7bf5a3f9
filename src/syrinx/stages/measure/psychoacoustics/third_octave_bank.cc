// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/psychoacoustics/third_octave_bank.h"

#include <cmath>

namespace syrinx::measure::zwicker {

void ThirdOctaveBank::process(double sample, std::array<double, kBands>& squares) noexcept {
  for (std::size_t band = 0; band < kBands; ++band) {
    const FilterRow& row = kFilters[band];
    double x = sample;
    for (std::size_t i = 0; i < 3; ++i) {
      Section& s = sections_[band][i];
      const double* b = kNumerators[i];
      const double y = b[0] * x + s.s1;
      s.s1 = b[1] * x + (2.0 + row.a1[i]) * y + s.s2;
      s.s2 = b[2] * x - (1.0 - row.a2[i]) * y;
      x = y;
    }
    x *= row.gain;
    squares[band] = x * x;
  }
}

double third_octave_hz(std::size_t band) noexcept {
  return 1'000.0 * std::pow(10.0, (static_cast<double>(band) - 16.0) / 10.0);
}

}  // namespace syrinx::measure::zwicker
