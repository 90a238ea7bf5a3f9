// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/voice/world/band_aperiodicity.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace syrinx::voice {
namespace {

// Two Hann windows of two periods, one period apart, see this share of noise alike.
constexpr double kOverlap = 1.0 / 6.0;
constexpr double kNoiseBandwidth = 1.5;  // Of a Hann window, in bins of its length.

}  // namespace

Result<BandAperiodicity> BandAperiodicity::create(const FrameShape& shape) {
  SYRINX_ASSIGN(auto fft, dsp::Fft::create(shape.fft_size));
  return BandAperiodicity(shape, std::move(fft));
}

BandAperiodicity::BandAperiodicity(const FrameShape& shape, dsp::Fft fft)
    : shape_(shape),
      fft_(std::move(fft)),
      reach_(static_cast<std::size_t>(std::ceil(1.5 * shape.sample_rate_hz / shape.min_f0_hz)) + 2),
      time_(shape.fft_size),
      spectrum_(shape.fft_size) {}

void BandAperiodicity::analyse(std::span<const float> around, double f0_hz,
                               std::span<float> share) noexcept {
  std::fill(share.begin(), share.end(), 1.0f);
  if (f0_hz <= 0.0) return;
  const double period = shape_.sample_rate_hz / std::max(f0_hz, shape_.min_f0_hz);
  place_windows(around, period);
  fft_.forward(time_, spectrum_);
  const auto edges = aperiodicity_edges_hz();
  for (std::size_t b = 0; b < share.size(); ++b) {
    const double low_hz = std::max(edges[b], 0.5 * f0_hz);
    const double high_hz = b + 1 < share.size() ? edges[b + 1] : 0.5 * shape_.sample_rate_hz;
    const auto from = static_cast<std::size_t>(low_hz / shape_.bin_hz());
    const auto to = std::max(from + 1, static_cast<std::size_t>(high_hz / shape_.bin_hz()));
    const double windows =
        std::max(1.0, (high_hz - low_hz) * 2.0 * period / shape_.sample_rate_hz / kNoiseBandwidth);
    const double of_noise = std::min(0.9, std::sqrt(kOverlap * kOverlap + 0.8 / windows));
    const double periodic = (coherence(from, to) - of_noise) / (1.0 - of_noise);
    const double lost = std::clamp(1.0 - periodic, 0.0, 1.0);
    share[b] = static_cast<float>(lost * lost);
  }
}

// The earlier window as the real part, the later as the imaginary.
void BandAperiodicity::place_windows(std::span<const float> around, double period) noexcept {
  const auto whole = static_cast<std::ptrdiff_t>(std::lround(period));
  const auto first = static_cast<std::ptrdiff_t>(reach_) - whole / 2;
  std::fill(time_.begin(), time_.end(), std::complex<float>());
  const double step = std::numbers::pi / period;
  for (std::ptrdiff_t n = 1 - whole; n < whole; ++n) {
    const auto weight = static_cast<float>(0.5 + 0.5 * std::cos(step * static_cast<double>(n)));
    const float earlier = around[static_cast<std::size_t>(first + n)];
    const float later = around[static_cast<std::size_t>(first + whole + n)];
    time_[static_cast<std::size_t>(n + whole - 1)] = {weight * earlier, weight * later};
  }
}

double BandAperiodicity::coherence(std::size_t from, std::size_t to) const noexcept {
  std::complex<double> cross;
  double earlier = 0.0;
  double later = 0.0;
  const std::size_t size = spectrum_.size();
  for (std::size_t k = from; k < to; ++k) {
    const std::complex<double> here = spectrum_[k];
    const std::complex<double> there = std::conj(spectrum_[(size - k) % size]);
    const std::complex<double> first = here + there;
    const std::complex<double> second = std::complex<double>(0.0, -1.0) * (here - there);
    cross += first * std::conj(second);
    earlier += std::norm(first);
    later += std::norm(second);
  }
  const double scale = std::sqrt(earlier * later);
  return scale > 1e-20 ? std::abs(cross) / scale : 0.0;
}

}  // namespace syrinx::voice
