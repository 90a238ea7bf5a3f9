// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/enhance/echo/far_history.h"

#include <algorithm>

namespace syrinx::enhance {

void FarHistory::reset() noexcept {
  for (Entry& entry : entries_) {
    std::fill(entry.spectrum.re.begin(), entry.spectrum.re.end(), 0.0F);
    std::fill(entry.spectrum.im.begin(), entry.spectrum.im.end(), 0.0F);
    std::fill(entry.power.begin(), entry.power.end(), 0.0F);
  }
}

}  // namespace syrinx::enhance
