// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"

// How far two sounds are apart in their spectra.
namespace syrinx::measure {

// Log-spectral distance, in dB: for each Hann-windowed frame of 32 ms, 16 ms apart, the root of the
// mean over bins of the squared difference of the power spectra in dB; then the mean over frames.
// Gray and Markel 1976. Power is not taken below -100 dB of a full-scale sine, so that digital
// silence has a distance and no infinity. Frames in which both are below that everywhere do not
// count; if none counts, the distance is 0. Channels: the mean.
// Errors: kInvalidArgument for rates, channels or lengths that differ, no or non-finite samples.
Result<double> log_spectral_distance_db(AudioView reference, AudioView degraded);

struct CepstralDistanceOptions {
  std::size_t coefficients = 13;  // c1 and up, without c0, the level. 1 to 39; usually 13 or 24.
  bool warp = false;              // Find the frames that belong together by dynamic time warping.
};
// The largest product of the two frame counts that is warped: 200 s against 200 s.
inline constexpr std::size_t kMaxWarpCells = std::size_t{20'000} * 20'000;

// Mel-cepstral distortion, in dB: the mean over frames of (10 / ln 10) sqrt(2 sum (c_d - c'_d)^2)
// (Kubichek 1993). The mel-cepstrum is that of 40 HTK mel bands from 0 Hz to half the rate (8 kHz
// at most), Hann frames of 25 ms, 10 ms apart: c_d = (2 / 40) sum_b ln(amplitude_b) cos(pi d (b +
// 1/2) / 40), so that the distortion is the RMS difference of the two smoothed mel spectra in dB,
// level left out. Without warping the lengths must agree; with it, the mean is taken along the path
// of least sum (steps of one frame in either or both). Published values differ by analysis (mel-
// generalised cepstra, other bands): compare only what was measured alike. Channels: the mean.
// Errors: kInvalidArgument as above, and for coefficients out of range; kLimitExceeded beyond
// kMaxWarpCells.
Result<double> mel_cepstral_distortion_db(AudioView reference, AudioView degraded,
                                          const CepstralDistanceOptions& options = {});

}  // namespace syrinx::measure
