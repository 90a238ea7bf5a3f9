// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/artifacts/detectors.h"

#include <algorithm>
#include <cmath>

#include <complex>

#include "syrinx/core/dsp/fft.h"
#include "syrinx/core/dsp/window.h"

namespace syrinx::measure::artifacts {

// The generalised cross-correlation with phase transform (Knapp and Carter 1976) of 1 s: its
// largest value within 12 ms over the mean magnitude.
Scores crosstalk_scores(Signal left, Signal right) {
  constexpr std::size_t kSize = 16'384;
  constexpr std::size_t kMostLag = 192;
  auto fft = dsp::RealFft::create(kSize).value();
  const auto window = dsp::make_window(dsp::WindowShape::kHann, kSize);
  std::vector<float> time(kSize);
  std::vector<std::complex<float>> a(fft.bins());
  std::vector<std::complex<float>> b(fft.bins());
  Scores scores(hops_of(left));
  const auto transform = [&](Signal signal, std::size_t start, auto& spectrum) {
    std::fill(time.begin(), time.end(), 0.0f);
    for (std::size_t i = 0; i < kSize && start + i < signal.size(); ++i)
      time[i] = signal[start + i] * window[i];
    fft.forward(time, spectrum);
  };
  for (std::size_t start = 0; start < left.size(); start += kSize) {
    if (start > 0 && left.size() - start < kSize / 2) break;
    transform(left, start, a);
    transform(right, start, b);
    for (std::size_t k = 0; k < a.size(); ++k) {
      const auto cross = a[k] * std::conj(b[k]);
      a[k] = cross / (std::abs(cross) + 1e-9f);
    }
    a[0] = a.back() = {};
    fft.inverse(a, time);
    double mean = 1e-9;
    for (const float x : time) mean += static_cast<double>(std::abs(x)) / kSize;
    double peak = 0.0;
    for (std::size_t lag = 0; lag <= kMostLag; ++lag)
      peak = std::max(
          {peak, static_cast<double>(time[lag]), static_cast<double>(time[(kSize - lag) % kSize])});
    const std::size_t first = start / kHop;
    const std::size_t last = std::min(scores.size(), (start + kSize) / kHop);
    std::fill(scores.begin() + static_cast<std::ptrdiff_t>(first),
              scores.begin() + static_cast<std::ptrdiff_t>(last), peak / mean);
  }
  return scores;
}

}  // namespace syrinx::measure::artifacts
