// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/enhance/echo/kalman_filter.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace syrinx::enhance {
namespace {

// What is known of a room before it is heard: that it returns the loudspeaker's power at most, and
// less and less of it, 18 dB less after 200 ms.
constexpr float kFirstDoubt = 1.0F;
constexpr float kDoubtPerPartition = 0.85F;
// The share of a weight that stays from block to block: rooms change.
constexpr float kKept = 0.9995F;
constexpr float kNoiseMemory = 0.85F;
constexpr std::size_t kConstrainedPerBlock = 8;  // Of the partitions, in turn.
constexpr float kLeastNoise = 1e-7F;

}  // namespace

KalmanFilter::KalmanFilter(EchoFilter filter, std::size_t partitions)
    : filter_(std::move(filter)),
      doubt_(partitions, dsp::AlignedFloats(filter_.bins())),
      error_(filter_.bins()),
      residual_(filter_.bins()),
      noise_(filter_.bins()),
      step_(filter_.bins()) {
  reset();
}

Result<KalmanFilter> KalmanFilter::create(std::size_t block_samples, std::size_t partitions) {
  SYRINX_ASSIGN(auto filter, EchoFilter::create(block_samples, partitions));
  return KalmanFilter(std::move(filter), partitions);
}

void KalmanFilter::sum_residual(const FarHistory& history, std::size_t delay) noexcept {
  std::fill(residual_.begin(), residual_.end(), 0.0F);
  float* __restrict sum = residual_.data();
  for (std::size_t p = 0; p < doubt_.size(); ++p) {
    const float* power = history.at(delay + p).power.data();
    const float* doubt = doubt_[p].data();
    for (std::size_t k = 0; k < residual_.size(); ++k) sum[k] += power[k] * doubt[k];
  }
  for (std::size_t k = 0; k < residual_.size(); ++k) sum[k] *= 0.5F;  // One block of the two.
}

void KalmanFilter::follow_noise() noexcept {
  for (std::size_t k = 0; k < noise_.size(); ++k) {
    const float power = error_.re[k] * error_.re[k] + error_.im[k] * error_.im[k];
    noise_[k] = kNoiseMemory * noise_[k] + (1.0F - kNoiseMemory) * power + kLeastNoise;
    step_[k] = 1.0F / (noise_[k] + residual_[k]);
  }
}

void KalmanFilter::update_partition(const FarHistory::Entry& far, std::size_t partition) noexcept {
  SplitSpectrum& w = filter_.weights(partition);
  float* __restrict wr = w.re.data();
  float* __restrict wi = w.im.data();
  float* __restrict doubt = doubt_[partition].data();
  const float* xr = far.spectrum.re.data();
  const float* xi = far.spectrum.im.data();
  const float* xp = far.power.data();
  const float* er = error_.re.data();
  const float* ei = error_.im.data();
  const float* step = step_.data();
  for (std::size_t k = 0; k < step_.size(); ++k) {
    const float gain = doubt[k] * step[k];
    wr[k] += gain * (xr[k] * er[k] + xi[k] * ei[k]);
    wi[k] += gain * (xr[k] * ei[k] - xi[k] * er[k]);
    const float left = std::max(1.0F - 0.5F * gain * xp[k], 0.0F);
    doubt[k] = kKept * kKept * left * doubt[k] +
               (1.0F - kKept * kKept) * (wr[k] * wr[k] + wi[k] * wi[k]) + 1e-12F;
  }
}

void KalmanFilter::update(const FarHistory& history, std::size_t delay,
                          std::span<const float> error) noexcept {
  filter_.transform_error(error, error_);
  sum_residual(history, delay);
  follow_noise();
  for (std::size_t p = 0; p < doubt_.size(); ++p) update_partition(history.at(delay + p), p);
  for (std::size_t i = 0; i < std::min(kConstrainedPerBlock, doubt_.size()); ++i) {
    filter_.constrain(next_constrained_);
    next_constrained_ = (next_constrained_ + 1) % doubt_.size();
  }
}

void KalmanFilter::adopt(const EchoFilter& other, float doubt) noexcept {
  filter_.copy_from(other);
  for (std::size_t p = 0; p < doubt_.size(); ++p) {
    const SplitSpectrum& w = filter_.weights(p);
    for (std::size_t k = 0; k < doubt_[p].size(); ++k)
      doubt_[p][k] = std::max(doubt_[p][k], doubt * (w.re[k] * w.re[k] + w.im[k] * w.im[k]));
  }
}

void KalmanFilter::shift(int blocks) noexcept {
  filter_.shift(blocks);
  const auto count = static_cast<int>(doubt_.size());
  const int first = blocks > 0 ? 0 : count - 1;
  const int step = blocks > 0 ? 1 : -1;
  for (int p = first; p >= 0 && p < count; p += step) {
    const int from = p + blocks;
    auto& doubt = doubt_[static_cast<std::size_t>(p)];
    if (from >= 0 && from < count) {
      std::swap(doubt, doubt_[static_cast<std::size_t>(from)]);
    } else {
      std::fill(doubt.begin(), doubt.end(),
                kFirstDoubt * std::pow(kDoubtPerPartition, static_cast<float>(p)));
    }
  }
}

void KalmanFilter::reset() noexcept {
  filter_.reset();
  float doubt = kFirstDoubt;
  for (auto& partition : doubt_) {
    std::fill(partition.begin(), partition.end(), doubt);
    doubt *= kDoubtPerPartition;
  }
  std::fill(noise_.begin(), noise_.end(), 1e-3F);
  std::fill(residual_.begin(), residual_.end(), 0.0F);
}

}  // namespace syrinx::enhance
