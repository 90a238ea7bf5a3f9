// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace syrinx::measure {

// Where a signal holds speech, in steps of 4 ms.
struct PesqActivity {
  std::vector<bool> speech;
  std::vector<float> envelope;  // ln of power over the noise threshold in speech, 0 elsewhere.
};

// Sets a threshold two standard deviations above the mean of the noise, which is found by iteration
// from the mean of all; drops speech of up to 16 ms, and, in clean signals, speech near the
// threshold; bridges pauses of up to 200 ms. A signal without any is all speech. P.862, 10.1.3.
PesqActivity pesq_activity(std::span<const float> signal, std::size_t step_samples);

}  // namespace syrinx::measure
