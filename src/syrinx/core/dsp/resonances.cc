// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/dsp/resonances.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <cstddef>
#include <numbers>

namespace syrinx::dsp {
namespace {

// All roots of z^n - a[0] z^(n-1) - ... - a[n-1], at once (Aberth 1973).
std::vector<std::complex<double>> roots_of(std::span<const double> a) {
  const std::size_t n = a.size();
  std::vector<std::complex<double>> roots(n);
  for (std::size_t i = 0; i < n; ++i) {
    const double angle =
        2.0 * std::numbers::pi * (static_cast<double>(i) + 0.35) / static_cast<double>(n);
    roots[i] = std::polar(0.9, angle);
  }
  for (int round = 0; round < 100; ++round) {
    double moved = 0.0;
    for (std::size_t i = 0; i < n; ++i) {
      std::complex<double> value = 1.0;
      std::complex<double> slope = 0.0;
      for (const double term : a) {
        slope = slope * roots[i] + value;
        value = value * roots[i] - term;
      }
      std::complex<double> push = 0.0;
      for (std::size_t j = 0; j < n; ++j) {
        if (j != i && roots[i] != roots[j]) push += 1.0 / (roots[i] - roots[j]);
      }
      const auto divisor = slope - value * push;
      if (std::abs(divisor) < 1e-300) continue;
      const auto step = value / divisor;
      roots[i] -= step;
      moved = std::max(moved, std::abs(step));
    }
    if (moved < 1e-12) break;
  }
  return roots;
}

}  // namespace

std::vector<double> prediction_from(std::span<const double> autocorrelation) {
  const std::size_t order = autocorrelation.empty() ? 0 : autocorrelation.size() - 1;
  std::vector<double> a(order);
  if (order == 0 || !(autocorrelation[0] > 0.0)) return a;
  double error = autocorrelation[0];
  for (std::size_t m = 0; m < order; ++m) {
    double sum = autocorrelation[m + 1];
    for (std::size_t i = 0; i < m; ++i) sum -= a[i] * autocorrelation[m - i];
    const double reflection = sum / error;
    const std::vector<double> former(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(m));
    for (std::size_t i = 0; i < m; ++i) a[i] = former[i] - reflection * former[m - 1 - i];
    a[m] = reflection;
    error *= 1.0 - reflection * reflection;
    if (!(error > 0.0)) break;
  }
  return a;
}

std::vector<Resonance> resonances_of(std::span<const double> prediction, double rate_hz) {
  std::vector<Resonance> found;
  for (auto root : roots_of(prediction)) {
    if (root.imag() < 0.0 || !std::isfinite(std::abs(root)) || std::abs(root) < 1e-9) continue;
    if (std::abs(root) > 1.0) root = 1.0 / std::conj(root);
    found.push_back({std::arg(root) * rate_hz / (2.0 * std::numbers::pi),
                     -std::log(std::abs(root)) * rate_hz / std::numbers::pi});
  }
  std::sort(found.begin(), found.end(),
            [](const Resonance& a, const Resonance& b) { return a.hz < b.hz; });
  return found;
}

}  // namespace syrinx::dsp
