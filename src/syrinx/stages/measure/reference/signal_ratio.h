// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"

// How much of a degraded signal is its reference, sample by sample. The pair is aligned and of one
// length; several channels count as one long signal for the first two, and the mean over channels
// is taken for the third.
//
// Errors of each: kInvalidArgument for rates, channels or lengths that differ, for no or non-finite
// samples, and for a silent (for SI-SDR: constant) reference, of which no ratio exists.
namespace syrinx::measure {

// Ratios are kept within +-kMaxRatioDb: what equals its reference gets +kMaxRatioDb, what has
// nothing of it (silence, for SI-SDR) -kMaxRatioDb.
inline constexpr double kMaxRatioDb = 200.0;

// The energy of the reference over that of the difference, in dB.
Result<double> snr_db(AudioView reference, AudioView degraded);

// Scale-invariant signal-to-distortion ratio, in dB: the energy of the part of the degraded signal
// that is the reference times some factor, over that of the rest, each channel without its mean. Le
// Roux, Wisdom, Erdogan and Hershey, "SDR - half-baked or well done?", 2019, eq. 4.
Result<double> si_sdr_db(AudioView reference, AudioView degraded);

// The mean SNR of Hann-windowed frames of 32 ms, 16 ms apart, each kept within -10 to 35 dB, in dB.
// Frames in which the reference is silent are left out; a signal shorter than a frame is one frame.
// After Hansen and Pellom 1998.
Result<double> segmental_snr_db(AudioView reference, AudioView degraded);

}  // namespace syrinx::measure
