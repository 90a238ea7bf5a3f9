// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"

namespace syrinx::measure {

// The samples of a mono signal at the rate that a model was trained for, resampled if need be.
// `what` begins the message. Errors: kInvalidArgument for no samples, several channels, or a sample
// that is not finite.
Result<std::vector<float>> mono_at(AudioView audio, int sample_rate_hz, std::string_view what);

}  // namespace syrinx::measure
