// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/reference/cross_correlation.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "syrinx/core/base/limits.h"

namespace syrinx::measure {
namespace {

using Spectrum = std::vector<std::complex<float>>;

// Copies what there is of samples [begin, begin + out.size()); silence lies around the signal.
void copy_padded(std::span<const float> samples, std::ptrdiff_t begin, std::span<float> out) {
  const auto size = std::ssize(samples);
  const auto from = std::clamp<std::ptrdiff_t>(begin, 0, size);
  const auto to = std::clamp<std::ptrdiff_t>(begin + std::ssize(out), from, size);
  std::fill(out.begin(), out.end(), 0.0f);
  if (to > from)
    std::copy(samples.begin() + from, samples.begin() + to, out.begin() + (from - begin));
}

Spectrum transform(std::span<const float> samples, dsp::RealFft& fft) {
  std::vector<float> time(fft.size());
  copy_padded(samples, 0, time);
  Spectrum spectrum(fft.bins());
  fft.forward(time, spectrum);
  return spectrum;
}

}  // namespace

Result<CorrelationPeak> strongest_lag(std::span<const float> a, std::span<const float> b,
                                      std::size_t most_back, std::size_t most_ahead) {
  const std::size_t size = std::bit_ceil(std::max<std::size_t>(2, a.size() + b.size()));
  SYRINX_ASSIGN(auto fft, dsp::RealFft::create(size));
  Spectrum cross = transform(b, fft);
  const Spectrum other = transform(a, fft);
  for (std::size_t k = 0; k < cross.size(); ++k) cross[k] *= std::conj(other[k]);
  std::vector<float> time(size);
  fft.inverse(cross, time);
  CorrelationPeak best;
  const auto back = static_cast<std::ptrdiff_t>(std::min(most_back, a.size()));
  const auto ahead = static_cast<std::ptrdiff_t>(std::min(most_ahead, b.size()));
  for (std::ptrdiff_t lag = -back; lag <= ahead; ++lag) {
    const auto at = lag < 0 ? lag + std::ssize(time) : lag;
    const auto value = static_cast<double>(time[static_cast<std::size_t>(at)]);
    if (value > best.value) best = {lag, value};
  }
  return best;
}

Result<SegmentedCorrelation> SegmentedCorrelation::create(std::span<const float> a,
                                                          std::span<const float> b,
                                                          std::size_t max_lag) {
  if (max_lag > limits::kMaxFftSize * 2 / 5)
    return make_error(ErrorCode::kLimitExceeded, "correlation over lags of up to ", max_lag,
                      " samples was asked for, the limit is ", limits::kMaxFftSize * 2 / 5);
  const std::size_t wanted =
      std::max<std::size_t>(256, 2 * max_lag + std::min(a.size(), 4 * max_lag));
  const std::size_t size = std::min(std::bit_ceil(wanted), limits::kMaxFftSize);
  SYRINX_ASSIGN(auto fft, dsp::RealFft::create(size));
  SegmentedCorrelation correlation(std::move(fft), max_lag);
  correlation.add_segments(a, b);
  return correlation;
}

void SegmentedCorrelation::add_segments(std::span<const float> a, std::span<const float> b) {
  const std::size_t length = fft_.size() - 2 * max_lag_;
  std::vector<float> time(fft_.size());
  Spectrum found_in(fft_.bins());
  for (std::size_t begin = 0; begin < a.size(); begin += length) {
    const Spectrum segment = transform(a.subspan(begin, std::min(length, a.size() - begin)), fft_);
    copy_padded(b, static_cast<std::ptrdiff_t>(begin) - static_cast<std::ptrdiff_t>(max_lag_),
                time);
    fft_.forward(time, found_in);
    for (std::size_t k = 0; k < spectrum_.size(); ++k)
      spectrum_[k] += std::conj(segment[k]) * found_in[k];
  }
}

std::ptrdiff_t SegmentedCorrelation::sharpest_lag() {
  float strongest = 0.0f;
  for (const auto& bin : spectrum_) strongest = std::max(strongest, std::abs(bin));
  Spectrum phases(spectrum_.size());
  for (std::size_t k = 0; k < phases.size(); ++k) {
    // Bins 100 dB below the strongest say nothing and are left out.
    const float magnitude = std::abs(spectrum_[k]);
    if (magnitude > strongest * 1e-10f) phases[k] = spectrum_[k] / magnitude;
  }
  return peak_lag(phases);
}

std::ptrdiff_t SegmentedCorrelation::peak_lag(const Spectrum& spectrum) {
  std::vector<float> correlation(fft_.size());
  fft_.inverse(spectrum, correlation);
  const auto end = correlation.begin() + static_cast<std::ptrdiff_t>(2 * max_lag_ + 1);
  const auto peak = std::max_element(correlation.begin(), end,
                                     [](float x, float y) { return std::abs(x) < std::abs(y); });
  return peak - correlation.begin() - static_cast<std::ptrdiff_t>(max_lag_);
}

}  // namespace syrinx::measure
