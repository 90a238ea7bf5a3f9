// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/voice/world/early_analyser.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace syrinx::voice {
namespace {

constexpr double kPeriodsAhead = 1.5;  // Of the windows of envelope and noise.
constexpr double kUnvoicedHz = 120.0;  // As the envelope takes it.

}  // namespace

Result<EarlyAnalyser> EarlyAnalyser::create(int sample_rate_hz) {
  SYRINX_ASSIGN(const FrameShape shape, frame_shape(sample_rate_hz));
  SYRINX_ASSIGN(auto envelope, SpectralEnvelope::create(shape));
  SYRINX_ASSIGN(auto noise, BandAperiodicity::create(shape));
  return EarlyAnalyser(shape, std::move(envelope), std::move(noise));
}

EarlyAnalyser::EarlyAnalyser(const FrameShape& shape, SpectralEnvelope envelope,
                             BandAperiodicity noise)
    : shape_(shape),
      envelope_(std::move(envelope)),
      noise_(std::move(noise)),
      reach_(std::max(envelope_.reach_samples(), noise_.reach_samples())),
      ring_(shape.fft_size + reach_ + 1),
      around_(2 * reach_ + 1),
      power_(shape.bins()),
      aperiodicity_(shape.bands()) {}

void EarlyAnalyser::reset() noexcept {
  std::fill(ring_.begin(), ring_.end(), 0.0f);
  samples_ = 0;
  frames_ = 0;
}

bool EarlyAnalyser::take(float sample) noexcept {
  ring_[samples_ % ring_.size()] = sample;
  ++samples_;
  return samples_ % shape_.hop_samples == 0;
}

// What lies beyond the newest sample is beyond the windows, too.
VoiceFrame EarlyAnalyser::analyse(float f0_hz, std::size_t behind) noexcept {
  const double hz = f0_hz > 0.0f ? static_cast<double>(f0_hz) : kUnvoicedHz;
  const auto ahead =
      static_cast<std::size_t>(std::ceil(kPeriodsAhead * shape_.sample_rate_hz / hz) + 2.0);
  const std::size_t lag = std::max(std::min(ahead, reach_), behind);
  const std::uint64_t newest = samples_ - 1 + 2 * ring_.size();
  for (std::size_t i = 0; i < around_.size(); ++i) {
    const std::uint64_t at = newest - lag - reach_ + i;
    around_[i] = at <= newest ? ring_[at % ring_.size()] : 0.0f;
  }
  const auto middle = [&](std::size_t side) {
    return std::span<const float>(around_).subspan(reach_ - side, 2 * side + 1);
  };
  envelope_.analyse(middle(envelope_.reach_samples()), static_cast<double>(f0_hz), power_);
  noise_.analyse(middle(noise_.reach_samples()), static_cast<double>(f0_hz), aperiodicity_);
  return {frames_++, f0_hz, power_, aperiodicity_};
}

}  // namespace syrinx::voice
