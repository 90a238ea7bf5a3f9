// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/voice/profile/formant_finder.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "syrinx/core/dsp/resonances.h"

namespace syrinx::voice {
namespace {

constexpr double kTopHz = 5'500.0;
constexpr std::size_t kLags = 11;      // Five formants below the top.
constexpr double kEdgeHz = 50.0;       // Nearer to 0 or the top, a pole is no formant.
constexpr double kEmphasis = 0.97;     // As of x[n] - 0.97 x[n - 1].
constexpr double kWidestHz = 1'000.0;  // A wider pole is slope, not formant.

}  // namespace

FormantFinder::FormantFinder(const FrameShape& shape) {
  const double top_hz = std::min(kTopHz, 0.5 * shape.sample_rate_hz);
  rate_hz_ = 2.0 * top_hz;
  bins_ = std::min(shape.bins(), static_cast<std::size_t>(top_hz / shape.bin_hz()) + 1);
  for (std::size_t k = 0; k < bins_; ++k) {
    const double turn = std::numbers::pi * static_cast<double>(k) * shape.bin_hz() / top_hz;
    const double share = k == 0 || k + 1 == bins_ ? 0.5 : 1.0;  // The spectrum is mirrored there.
    weight_.push_back(share * (1.0 + kEmphasis * kEmphasis - 2.0 * kEmphasis * std::cos(turn)));
    for (std::size_t lag = 0; lag < kLags; ++lag)
      cosines_.push_back(std::cos(turn * static_cast<double>(lag)));
  }
}

Formants FormantFinder::find(std::span<const float> power) const {
  std::array<double, kLags> lags{};
  for (std::size_t k = 0; k < bins_; ++k) {
    const double weighted = weight_[k] * static_cast<double>(power[k]);
    for (std::size_t lag = 0; lag < kLags; ++lag) lags[lag] += weighted * cosines_[k * kLags + lag];
  }
  Formants formants{};
  std::size_t found = 0;
  for (const auto& one : dsp::resonances_of(dsp::prediction_from(lags), rate_hz_)) {
    const bool formant =
        one.hz > kEdgeHz && one.hz < 0.5 * rate_hz_ - kEdgeHz && one.bandwidth_hz < kWidestHz;
    if (formant && found < kFormants) formants[found++] = one.hz;
  }
  return found == kFormants ? formants : Formants{};
}

}  // namespace syrinx::voice
