// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>

#include "syrinx/core/base/result.h"
#include "syrinx/core/dsp/pitch/f0_track.h"

namespace syrinx::dsp {

// How one F0 track differs from another, frame against nearest frame in time. What has no frame to
// be taken over is absent.
struct F0Distance {
  std::size_t compared = 0;             // Frames of the reference that have one of the other near.
  std::size_t both_voiced = 0;          // Of those.
  std::optional<double> voicing_error;  // The share of compared frames voiced in one of them alone.
  // Over the frames that are voiced in both.
  std::optional<double> rmse_hz;
  std::optional<double> rmse_cents;
  std::optional<double> gross_error;  // The share that is more than 20 % off (Rabiner 1976).
  std::optional<double> correlation;  // In cents; of three or more, if both move by 12 cents.
  // Of the magnitudes on those of them that are not grossly off.
  std::optional<double> fine_median_cents;
  std::optional<double> fine_rmse_cents;
};

// A frame is near when it is at most half a hop of the track away in time; frames of the reference
// without one do not count. Errors: kInvalidArgument for a track without frames, with a hop that is
// not above 0 (of more than one frame), or with values that are negative or not finite.
Result<F0Distance> compare_f0(const F0Track& reference, const F0Track& track);

}  // namespace syrinx::dsp
