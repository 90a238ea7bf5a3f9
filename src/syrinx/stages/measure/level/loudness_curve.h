// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"

// How loudness moves and how far: EBU Tech 3341 (momentary and short-term) and 3342 (range).
namespace syrinx::measure {

// Loudness over time, at the end of every hop. What has not heard a whole window yet, or only
// silence, is minus infinity.
struct LoudnessCurve {
  double hop_s = 0.0;
  std::vector<double> momentary_lufs;   // Of the 400 ms up to (index + 1) hop_s.
  std::vector<double> short_term_lufs;  // Of the 3 s up to there.
  double max_momentary_lufs = 0.0;
  double max_short_term_lufs = 0.0;
};

// `hop_ms` from 10 to 400, of which 400 and 3000 are multiples: a finer hop catches a short sound
// more exactly. Non-finite samples count as 0. Errors: kInvalidArgument for that, an empty view, or
// a rate outside 4 kHz to limits::kMaxSampleRateHz.
Result<LoudnessCurve> measure_loudness_curve(AudioView audio, int hop_ms = 100);

struct LoudnessRange {
  double range_lu = 0.0;   // high_lufs - low_lufs; 0 when nothing passes the gates.
  double low_lufs = 0.0;   // The 10th percentile of what passes the gates.
  double high_lufs = 0.0;  // The 95th.
};

// The loudness range (LRA) of short-term values, by EBU Tech 3342: absolute gate -70 LUFS, relative
// gate 20 LU below the mean power of what passes it.
LoudnessRange loudness_range(std::span<const double> short_term_lufs);

// LRA of a whole signal, from a curve of 100 ms. Errors: as measure_loudness_curve.
Result<LoudnessRange> measure_loudness_range(AudioView audio);

}  // namespace syrinx::measure
