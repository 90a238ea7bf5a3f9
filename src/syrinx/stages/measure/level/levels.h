// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"

// How strong a sound is. dBFS here is 20 log10 of the linear value: a full-scale sine has a peak of
// 0 and an RMS of -3.01 dBFS. What does not exist (the level of silence) is minus infinity.
namespace syrinx::measure {

struct Levels {
  double peak_dbfs = 0.0;
  double rms_dbfs = 0.0;   // Over all samples of all channels.
  double crest_db = 0.0;   // Peak over RMS; 0 for silence.
  double dc_offset = 0.0;  // Linear; of the channel where it is largest.
  // The following look at the power of 20 ms stretches, the mean over channels (what remains at the
  // end counts as a stretch when there is no other).
  double noise_floor_dbfs = 0.0;  // The 10th percentile of the stretches that are not silent.
  double dynamic_range_db = 0.0;  // From there to the 95th percentile; 0 for silence.
  double silence_share = 0.0;     // Of stretches below -60 dBFS; 0 to 1.
  std::size_t bad_samples = 0;    // NaN or infinite: counted as 0 in all the rest.
};

// Errors: kInvalidArgument for an empty view or a rate outside limits.h.
Result<Levels> measure_levels(AudioView audio);

struct ClippedRun {
  std::size_t channel = 0;
  std::size_t frame = 0;  // Of its first sample.
  std::size_t samples = 0;
  double time_s = 0.0;  // Of its first sample.
};

struct ClippingOptions {
  double threshold = 0.9997;      // Linear: what a 16-bit 32,757 is.
  std::size_t least_samples = 3;  // At or beyond the threshold on one side, in a row. At least 1.
};

struct Clipping {
  std::vector<ClippedRun> runs;     // In order of channel, then time; the first kMostRuns.
  std::size_t clipped_runs = 0;     // All of them.
  std::size_t clipped_samples = 0;  // In all runs.
  double clipped_share = 0.0;       // Of all samples; 0 to 1.
  static constexpr std::size_t kMostRuns = 10'000;
};

// Where the waveform lies flat at full scale. An infinite sample counts as beyond full scale, NaN
// as 0. Errors: kInvalidArgument as above, and for a threshold not above 0 or a run of 0 samples.
Result<Clipping> find_clipping(AudioView audio, const ClippingOptions& options = {});

}  // namespace syrinx::measure
