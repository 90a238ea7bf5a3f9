// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <complex>

#include "syrinx/core/dsp/biquad.h"

// One band of an equaliser as second-order sections.
namespace syrinx::effects {

enum class BandType {
  kOff,
  kPeak,
  kLowShelf,
  kHighShelf,
  kLowPass12,  // 12 dB per octave: one section of the band's q.
  kHighPass12,
  kLowPass24,  // 24 dB per octave: Butterworth of fourth order where q is 1/sqrt(2).
  kHighPass24,
  kNotch
};

struct EqBand {
  BandType type = BandType::kOff;
  double hz = 1'000.0;
  double gain_db = 0.0;  // Peak and shelves.
  double q = 0.70710678118654752;
};

using EqSections = std::array<dsp::Biquad, 2>;  // An unused one passes all.

// The sections of a band. A frequency beyond 0.49 of the rate is taken for that.
EqSections design(const EqBand& band, double sample_rate_hz) noexcept;

// The analogue prototype of the band at a frequency, which the sections follow exactly once both
// frequencies are warped by tan(pi f / rate), as the bilinear transform does: the theory that tests
// and metrics hold the filters against, written down apart from design().
std::complex<double> prototype(const EqBand& band, double hz, double sample_rate_hz) noexcept;

}  // namespace syrinx::effects
