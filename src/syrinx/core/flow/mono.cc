// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/flow/mono.h"

#include <cmath>

namespace syrinx {

std::vector<double> mean_of_channels(AudioView audio) {
  if (audio.empty()) return {};
  std::vector<double> mono(audio.frames());
  const double share = 1.0 / static_cast<double>(audio.channels());
  for (std::size_t c = 0; c < audio.channels(); ++c) {
    const auto samples = audio.channel(c);
    for (std::size_t i = 0; i < samples.size(); ++i) {
      if (std::isfinite(samples[i])) mono[i] += share * static_cast<double>(samples[i]);
    }
  }
  return mono;
}

}  // namespace syrinx
