// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/io/quantise.h"

#include <algorithm>
#include <cmath>

namespace syrinx::io {
namespace {

double to_step(float sample, double steps, TriangularNoise* noise) noexcept {
  const double exact = std::isnan(sample) ? 0.0 : static_cast<double>(sample) * steps;
  const double dithered = noise == nullptr ? exact : exact + noise->next();
  return std::clamp(std::nearbyint(dithered), -steps, steps - 1.0);
}

}  // namespace

void quantise_int16(std::span<const float> in, std::span<std::int16_t> out,
                    TriangularNoise* noise) {
  for (std::size_t i = 0; i < in.size(); ++i) {
    out[i] = static_cast<std::int16_t>(to_step(in[i], 32'768.0, noise));
  }
}

void quantise_int32(std::span<const float> in, std::span<std::int32_t> out, int bits,
                    TriangularNoise* noise) {
  const double steps = std::ldexp(1.0, bits - 1);
  const double shift = std::ldexp(1.0, 32 - bits);
  for (std::size_t i = 0; i < in.size(); ++i) {
    out[i] = static_cast<std::int32_t>(to_step(in[i], steps, noise) * shift);
  }
}

}  // namespace syrinx::io
