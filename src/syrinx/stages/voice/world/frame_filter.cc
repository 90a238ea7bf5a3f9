// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/voice/world/frame_filter.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include "syrinx/core/dsp/kernels.h"

namespace syrinx::voice {
namespace {

constexpr std::size_t kFadedShare = 4;  // A quarter of the taps fade to nothing.

std::size_t taps_of(const FrameShape& shape) {
  const auto wanted = static_cast<std::size_t>(kFrameFilterS * shape.sample_rate_hz);
  return std::min(wanted, shape.fft_size / 2);
}

}  // namespace

Result<FrameFilter> FrameFilter::create(const FrameShape& shape, std::size_t channels) {
  SYRINX_ASSIGN(auto phase, MinimumPhase::create(shape.fft_size));
  SYRINX_ASSIGN(auto fft, dsp::RealFft::create(shape.fft_size));
  return FrameFilter(shape, channels, std::move(phase), std::move(fft));
}

FrameFilter::FrameFilter(const FrameShape& shape, std::size_t channels, MinimumPhase phase,
                         dsp::RealFft fft)
    : hop_(shape.hop_samples),
      taps_(taps_of(shape)),
      phase_(std::move(phase)),
      fft_(std::move(fft)),
      power_(shape.bins()),
      response_(shape.bins()),
      time_(shape.fft_size),
      from_(taps_),
      to_(taps_),
      rings_(channels, std::vector<float>(2 * taps_)) {
  reset();
}

void FrameFilter::reset() noexcept {
  for (auto& ring : rings_) std::fill(ring.begin(), ring.end(), 0.0f);
  std::fill(to_.begin(), to_.end(), 0.0f);
  to_.back() = 1.0f;
  place_ = 0;
  faded_ = hop_;
}

void FrameFilter::aim(std::span<const float> gain) noexcept {
  for (std::size_t k = 0; k < power_.size(); ++k) power_[k] = gain[k] * gain[k];
  phase_.respond(power_, response_);
  fft_.inverse(response_, time_);
  std::swap(from_, to_);
  const std::size_t fading = taps_ / kFadedShare;
  for (std::size_t n = 0; n < taps_; ++n) {
    const std::size_t left = taps_ - n;  // 1 at the last.
    const double way = static_cast<double>(left) / static_cast<double>(fading + 1);
    const double fade =
        left > fading ? 1.0 : 0.5 - 0.5 * std::cos(std::numbers::pi * std::min(1.0, way));
    to_[taps_ - 1 - n] = static_cast<float>(fade) * time_[n];
  }
  faded_ = 0;
}

void FrameFilter::process(MutableAudioView block) noexcept {
  const auto& kernels = dsp::kernels();
  for (std::size_t i = 0; i < block.frames(); ++i) {
    faded_ = std::min(faded_ + 1, hop_);
    const double share = static_cast<double>(faded_) / static_cast<double>(hop_);
    const std::size_t oldest = (place_ + 1) % taps_;
    for (std::size_t c = 0; c < rings_.size(); ++c) {
      float& sample = block.channel(c)[i];
      rings_[c][place_] = rings_[c][place_ + taps_] = sample;
      const float* const past = rings_[c].data() + oldest;
      double made = kernels.dot(to_.data(), past, taps_);
      if (faded_ < hop_)
        made = kernels.dot(from_.data(), past, taps_) * (1.0 - share) + made * share;
      sample = static_cast<float>(made);
    }
    place_ = oldest;
  }
}

}  // namespace syrinx::voice
