// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstdint>

namespace syrinx::codec {

// To the nearest of 65,536 steps, beyond which it saturates; what is not finite is 0.
inline std::int16_t int16_of(float sample) noexcept {
  const float scaled = sample * 32'768.0F;
  if (!(scaled > -32'768.5F)) return std::isnan(sample) || std::isinf(sample) ? 0 : -32'768;
  if (scaled >= 32'767.0F) return std::isinf(sample) ? 0 : 32'767;
  return static_cast<std::int16_t>(std::lrint(scaled));
}

inline float float_of(std::int16_t sample) noexcept {
  return static_cast<float>(sample) * (1.0F / 32'768.0F);
}

}  // namespace syrinx::codec
