// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/enhance/denoise/log_mmse.h"

#include <algorithm>
#include <cmath>

namespace syrinx::enhance {

float exponential_integral(float x) noexcept {
  x = std::max(x, 1e-9f);
  if (x <= 1.0f) {
    const float series =
        -0.57721566f +
        x * (0.99999193f +
             x * (-0.24991055f + x * (0.05519968f + x * (-0.00976004f + x * 0.00107857f))));
    return series - std::log(x);
  }
  const float above =
      0.2677737343f + x * (8.6347608925f + x * (18.0590169730f + x * (8.5733287401f + x)));
  const float below =
      3.9584969228f + x * (21.0996530827f + x * (25.6329561486f + x * (9.5733223454f + x)));
  return std::exp(-x) * above / (below * x);
}

float log_mmse_gain(float prior_snr, float posterior_snr) noexcept {
  const float wiener = prior_snr / (1.0f + prior_snr);
  const float v = wiener * posterior_snr;
  return std::min(1.0f, wiener * std::exp(0.5f * exponential_integral(v)));
}

}  // namespace syrinx::enhance
