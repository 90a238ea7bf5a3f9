// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"

// The resonances of the vocal tract, by linear prediction.
namespace syrinx::measure {

struct Formant {
  double hz = 0.0;
  double bandwidth_hz = 0.0;
};

struct FormantOptions {
  double ceiling_hz = 5'500.0;  // Formants are sought below it: 5,000 for men, 5,500 for women.
  std::size_t most_formants =
      5;  // Below the ceiling: the prediction has twice as many terms. To 8.
  double hop_s = 0.01;
  double window_s = 0.05;          // Gaussian: about half of it counts.
  double emphasis_from_hz = 50.0;  // Above it, the spectrum is raised by 6 dB per octave.
};

struct FormantTrack {
  double first_s = 0.0;
  double hop_s = 0.0;
  std::vector<std::vector<Formant>> frames;  // Each rising in frequency, at most most_formants.

  double time_s(std::size_t frame) const noexcept {
    return first_s + static_cast<double>(frame) * hop_s;
  }
  // The median frequency of formant `index` (0 is F1) over the frames that have it and, when given,
  // whose place in `use` is true; NaN when none does.
  double median_hz(std::size_t index, const std::vector<bool>& use = {}) const;
};

// Burg's method on the mean of all channels resampled to twice the ceiling, as Praat's "To Formant
// (burg)"; formants within 50 Hz of 0 or of the ceiling are left out, and silent frames have none.
// Sound shorter than a window has one frame. Non-finite samples count as 0. Errors:
// kInvalidArgument for an empty view, a rate outside limits.h, or options outside what they
// document (ceiling 1 to 12 kHz, hop 1 ms to 1 s, window 10 to 200 ms).
Result<FormantTrack> track_formants(AudioView audio, const FormantOptions& options = {});

// The coefficients a of the prediction x[n] = sum of a[k] x[n-1-k] that errs least forwards and
// backwards (Burg 1967; recursion of Childers 1978). All 0 for silence.
std::vector<double> burg_prediction(std::span<const double> x, std::size_t order);

}  // namespace syrinx::measure
