// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "syrinx/core/flow/audio.h"

namespace syrinx {

// The mean of all channels, in double; non-finite samples count as 0. Empty for an empty view.
std::vector<double> mean_of_channels(AudioView audio);

}  // namespace syrinx
