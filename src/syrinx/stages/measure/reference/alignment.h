// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"

// Where a degraded signal lies against its reference, before anything is measured of the pair.
namespace syrinx::measure {

// The longest delay, either way, that is looked for.
inline constexpr double kMaxAlignmentDelayS = 2.0;
// The highest rate at which the search fits into one FFT of limits::kMaxFftSize.
inline constexpr int kMaxAlignmentRateHz = 192'000;

struct Alignment {
  std::ptrdiff_t delay_samples = 0;  // Reference sample n is degraded sample n + delay_samples.
  // The normalised correlation of the common parts, -1 to 1; negative where the polarity is turned.
  // Near 0, the two have nothing in common and the delay means nothing.
  double correlation = 0.0;
  // The common part: `frames` from each of these on.
  std::size_t reference_begin = 0;
  std::size_t degraded_begin = 0;
  std::size_t frames = 0;
};

// Finds one constant delay of up to +-max_delay_s by cross-correlation with phase transform (GCC-
// PHAT, Knapp and Carter 1976) of the channels' mean, summed over segments of the signal; where the
// plain cross-correlation finds a delay at which the two agree better, as for narrow-band sounds,
// that one is taken. Two signals of which one is silent get delay 0 and correlation 0.
// Errors: kInvalidArgument (rates or channels that differ, non-finite or no samples, a
// max_delay_s outside 0 to kMaxAlignmentDelayS); kUnsupported above kMaxAlignmentRateHz.
Result<Alignment> find_alignment(AudioView reference, AudioView degraded,
                                 double max_delay_s = kMaxAlignmentDelayS);

struct AlignedPair {
  AudioView reference;
  AudioView degraded;
  Alignment alignment;
};

// The common parts of the two as views of the same length. Errors: as find_alignment().
Result<AlignedPair> align(AudioView reference, AudioView degraded,
                          double max_delay_s = kMaxAlignmentDelayS);

}  // namespace syrinx::measure
