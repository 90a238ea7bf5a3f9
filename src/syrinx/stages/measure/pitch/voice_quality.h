// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/dsp/pitch/f0_track.h"
#include "syrinx/core/flow/audio.h"

namespace syrinx::measure {

// How regular the voice is, by the definitions of Praat. What does not exist (jitter of fewer than
// two periods, HNR without a voiced frame) is NaN.
struct VoiceQuality {
  // The mean difference between neighbouring periods, over the mean period; periods from 0.1 to
  // 20 ms, neighbours within a factor of 1.3.
  double jitter_local = 0.0;
  // The mean difference between neighbouring periods' amplitudes, over the mean amplitude;
  // neighbours within a factor of 1.6.
  double shimmer_local = 0.0;
  // Harmonics to noise: the mean in dB of r / (1 - r) over frames that are not silent, r the
  // largest cross-correlation of two neighbouring stretches of 1/75 s.
  double hnr_db = 0.0;
  std::size_t periods = 0;  // That the jitter was measured over.
};

// Of the mean of all channels; non-finite samples count as 0. `options` is for the F0 that the
// periods are sought by. Errors: as autocorrelation_f0.
Result<VoiceQuality> measure_voice_quality(AudioView audio, const dsp::F0Options& options = {});

// Jitter of given pulses (seconds, rising), by the definition above.
double jitter_local(const std::vector<double>& pulses_s);

}  // namespace syrinx::measure
