// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/dsp/pitch/f0_track.h"

#include <algorithm>
#include <cmath>

namespace syrinx::dsp {

Result<void> validate(std::string_view what, const F0Options& options, int sample_rate_hz) {
  constexpr double kLeastHz = 20.0;
  const double most_hz = std::min(2'000.0, sample_rate_hz / 4.0);
  if (!(options.min_hz >= kLeastHz && options.min_hz < options.max_hz && options.max_hz <= most_hz))
    return make_error(ErrorCode::kInvalidArgument, what, ": F0 from ", options.min_hz, " to ",
                      options.max_hz, " Hz was asked for, but at ", sample_rate_hz,
                      " Hz it must lie within ", kLeastHz, " to ", most_hz, " Hz");
  if (!(options.hop_s >= 0.001 && options.hop_s <= 1.0))
    return make_error(ErrorCode::kInvalidArgument, what, ": a hop of ", options.hop_s,
                      " s was given, but it must be 0.001 to 1");
  return {};
}

}  // namespace syrinx::dsp
