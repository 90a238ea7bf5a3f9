// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/mel.h"

namespace syrinx::vocoder {

struct GriffinLimOptions {
  std::size_t rounds = 60;
  double momentum = 0.99;  // In [0, 1); 0 is the method of 1984.
};

// A signal whose short-time spectrum has these magnitudes, or nearly (Griffin and Lim 1984, with
// the momentum of Perraudin, Balazs & Søndergaard 2013, "A fast Griffin-Lim algorithm"). Frame i is
// of fft_size samples from sample i * hop_samples on; the signal is as long as the last one
// reaches. `magnitudes` and `phases` (radians, where to begin) are [frames][fft_size / 2 + 1].
// `on_round`, unless empty, hears the share that is done and says whether to go on. Errors:
// kInvalidArgument for sizes that do not fit or options out of range; kCancelled; those of the FFT.
Result<std::vector<float>> griffin_lim(std::span<const float> magnitudes,
                                       std::span<const float> phases, const MelSpec& spec,
                                       const GriffinLimOptions& options,
                                       const std::function<bool(double)>& on_round = {});

}  // namespace syrinx::vocoder
