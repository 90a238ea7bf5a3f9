// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/vocoder/source_filter/excitation.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace syrinx::vocoder {
namespace {

constexpr double kTopHz = 10'000;

// cos(2 pi p) + cos(4 pi p) + ... of `count` cosines, p from -0.5 to 0.5.
double cosines(double p, double count) noexcept {
  const double below = std::sin(std::numbers::pi * p);
  if (std::abs(below) < 1e-5) return count;
  return 0.5 * (std::sin((2 * count + 1) * std::numbers::pi * p) / below - 1);
}

}  // namespace

float noise_at(std::uint64_t place) noexcept {
  std::uint64_t x = (place + 1) * 0x9e3779b97f4a7c15;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  x ^= x >> 31;
  const double uniform = (static_cast<double>(x >> 40) + 0.5) * 0x1p-23 - 1;
  return static_cast<float>(uniform) * std::numbers::sqrt3_v<float>;
}

void PulseTrain::make(double before, double f0, double after, std::span<float> out) noexcept {
  if (f0 <= 0) return std::fill(out.begin(), out.end(), 0.0F);
  if (before <= 0) cycles_ = 0.5;
  const double first = before > 0 ? 0.5 * (before + f0) : f0;
  const double last = after > 0 ? 0.5 * (f0 + after) : f0;
  const double hop = static_cast<double>(out.size());
  const double bend = (last - first) * rate_hz_ / hop / 2;
  const double count = std::max(1.0, std::floor(kTopHz / std::max(first, last)));
  const double level = std::sqrt(0.5 * count);
  for (std::size_t i = 0; i < out.size(); ++i) {
    const double t = static_cast<double>(i) / rate_hz_;
    const double phase = cycles_ + first * t + bend * t * t;
    out[i] = static_cast<float>(cosines(phase - std::nearbyint(phase), count) / level);
  }
  cycles_ += 0.5 * (first + last) * hop / rate_hz_;
}

}  // namespace syrinx::vocoder
