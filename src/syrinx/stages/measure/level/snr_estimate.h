// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"

// How much speech stands above its noise, told without the clean speech. Two estimates that err
// differently: one trusts the pauses, the other the distribution of the samples.
namespace syrinx::measure {

struct SnrEstimate {
  // Active speech level (P.56) over the noise floor (10th percentile of 20 ms stretches), the noise
  // taken off the former; digital silence is no noise and is passed over. Minus infinity where
  // nothing stands above the floor. Below 16 dB the noise itself counts as active (the margin of
  // P.56), so that pauses lower the estimate: by 3 dB where they fill half the time.
  double pauses_db = 0.0;
  // WADA-SNR (Kim and Stern 2008): speech taken as gamma-distributed of shape 0.4, noise as
  // Gaussian. Clamped to -20 to 100.
  double wada_db = 0.0;
};

// Of the mean of all channels; non-finite samples count as 0. Errors: kInvalidArgument for an empty
// view, a rate outside limits.h, or silence, which has neither.
Result<SnrEstimate> estimate_snr(AudioView audio);

// The statistic of WADA-SNR, ln E|x| - E ln|x|, for speech and noise `snr_db` apart: rises from
// 0.41 (noise alone) to 1.64 (speech alone).
double wada_statistic(double snr_db);

}  // namespace syrinx::measure
