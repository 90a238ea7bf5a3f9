// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

namespace syrinx::dsp {

struct Resonance {
  double hz = 0.0;
  double bandwidth_hz = 0.0;
};

// The coefficients a of the prediction x[n] = sum of a[k] x[n-1-k] for sound of this
// autocorrelation (lags 0 to the order), by Levinson and Durbin. All 0 for silence.
std::vector<double> prediction_from(std::span<const double> autocorrelation);

// Where the all-pole filter of a prediction resonates, rising in frequency: the poles above the
// real axis, those outside the unit circle turned in. Pre: the last coefficient is not 0, or all
// are; rate_hz is above 0.
std::vector<Resonance> resonances_of(std::span<const double> prediction, double rate_hz);

}  // namespace syrinx::dsp
