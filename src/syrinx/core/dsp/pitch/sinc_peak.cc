// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/dsp/pitch/sinc_peak.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "syrinx/core/dsp/golden_section.h"

namespace syrinx::dsp {
namespace {

constexpr std::ptrdiff_t kDepth = 35;

double interpolated(std::span<const double> r, double x) noexcept {
  const auto size = static_cast<std::ptrdiff_t>(r.size());
  const auto left = static_cast<std::ptrdiff_t>(std::floor(x));
  const double part = x - static_cast<double>(left);
  if (part < 1e-9) return r[static_cast<std::size_t>(left)];
  // Not past the right end, and as far to either side; the left goes on mirrored.
  const std::ptrdiff_t depth = std::min(kDepth, size - 1 - left);
  const double sine = std::sin(std::numbers::pi * part) / std::numbers::pi;
  const double width = static_cast<double>(depth) + 0.5;
  const std::ptrdiff_t first = left - depth + 1;
  // The window's cosine turns by the same angle with every sample.
  const double step = std::numbers::pi / width;
  const double turn_cos = std::cos(step);
  const double turn_sin = std::sin(step);
  double cosine = std::cos(step * (x - static_cast<double>(first)));
  double companion = std::sin(step * (x - static_cast<double>(first)));
  double sign = (left - first) % 2 == 0 ? sine : -sine;
  double sum = 0.0;
  for (std::ptrdiff_t i = first; i <= left + depth; ++i, sign = -sign) {
    const double sinc = sign / (x - static_cast<double>(i));
    sum += r[static_cast<std::size_t>(std::abs(i))] * sinc * (0.5 + 0.5 * cosine);
    const double next = cosine * turn_cos + companion * turn_sin;
    companion = companion * turn_cos - cosine * turn_sin;
    cosine = next;
  }
  return sum;
}

}  // namespace

Peak sinc_peak(std::span<const double> r, std::size_t index) noexcept {
  // Between the neighbours of the largest sample.
  const auto middle = static_cast<double>(index);
  const Least best = golden_section(middle - 1.0, middle + 1.0, 1e-5,
                                    [r](double x) { return -interpolated(r, x); });
  return {best.at, -best.value};
}

}  // namespace syrinx::dsp
