// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/enhance/echo/filter_pair.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace syrinx::enhance {
namespace {

constexpr float kPowerMemory = 0.8F;  // Per block of 8 ms.
constexpr float kClearlyLess = 0.5F;
constexpr int kBetterBlocks = 5;
constexpr int kWorseBlocks = 60;
constexpr int kDivergedBlocks = 12;
constexpr float kAudible = 1e-8F;
constexpr float kDoubtOfQuick = 0.3F;

float energy(std::span<const float> x) noexcept {
  return std::inner_product(x.begin(), x.end(), x.begin(), 0.0F);
}

void follow(float& smooth, float value) noexcept {
  smooth = kPowerMemory * smooth + (1.0F - kPowerMemory) * value;
}

}  // namespace

FilterPair::FilterPair(KalmanFilter heard, QuickFilter quick, std::size_t block_samples)
    : heard_(std::move(heard)),
      quick_(std::move(quick)),
      quick_echo_(block_samples),
      quick_error_(block_samples) {}

Result<FilterPair> FilterPair::create(std::size_t block_samples, std::size_t partitions) {
  SYRINX_ASSIGN(auto heard, KalmanFilter::create(block_samples, partitions));
  SYRINX_ASSIGN(auto quick, QuickFilter::create(block_samples, partitions));
  return FilterPair(std::move(heard), std::move(quick), block_samples);
}

void FilterPair::use_quick(std::span<const float> near, std::span<float> echo,
                           std::span<float> error) noexcept {
  heard_.adopt(quick_.filter(), kDoubtOfQuick);
  std::copy(quick_echo_.begin(), quick_echo_.end(), echo.begin());
  for (std::size_t i = 0; i < near.size(); ++i) error[i] = near[i] - echo[i];
  heard_power_ = quick_power_;
  better_blocks_ = 0;
}

FilterPair::Outcome FilterPair::compare(std::span<const float> near, std::span<float> echo,
                                        std::span<float> error) noexcept {
  follow(near_power_, energy(near));
  follow(heard_power_, energy(error));
  follow(quick_power_, energy(quick_error_));
  const float least = kAudible * static_cast<float>(near.size());
  if (!std::isfinite(heard_power_ + quick_power_)) {
    reset();
    std::fill(echo.begin(), echo.end(), 0.0F);
    std::copy(near.begin(), near.end(), error.begin());
    return Outcome::kReplaced;
  }
  const bool better = quick_power_ < kClearlyLess * heard_power_ && heard_power_ > least &&
                      quick_power_ < kClearlyLess * near_power_;
  better_blocks_ = better ? better_blocks_ + 1 : 0;
  if (better_blocks_ >= kBetterBlocks) {
    use_quick(near, echo, error);
    return Outcome::kReplaced;
  }
  worse_blocks_ = heard_power_ < kClearlyLess * quick_power_ ? worse_blocks_ + 1 : 0;
  if (worse_blocks_ >= kWorseBlocks) {
    quick_.filter().copy_from(heard_.filter());
    worse_blocks_ = 0;
  }
  diverged_blocks_ =
      heard_power_ > 2.0F * near_power_ && heard_power_ > least ? diverged_blocks_ + 1 : 0;
  if (diverged_blocks_ < kDivergedBlocks) return Outcome::kKept;
  heard_.reset();
  diverged_blocks_ = 0;
  std::fill(echo.begin(), echo.end(), 0.0F);
  std::copy(near.begin(), near.end(), error.begin());
  return Outcome::kReplaced;
}

FilterPair::Outcome FilterPair::process(const FarHistory& history, std::size_t delay,
                                        std::span<const float> near, bool learn,
                                        std::span<float> echo, std::span<float> error) noexcept {
  if (!learn) {
    std::fill(echo.begin(), echo.end(), 0.0F);
    std::copy(near.begin(), near.end(), error.begin());
    return Outcome::kKept;
  }
  heard_.estimate(history, delay, echo);
  quick_.estimate(history, delay, quick_echo_);
  for (std::size_t i = 0; i < near.size(); ++i) {
    error[i] = near[i] - echo[i];
    quick_error_[i] = near[i] - quick_echo_[i];
  }
  const Outcome outcome = compare(near, echo, error);
  heard_.update(history, delay, error);
  quick_.update(history, delay, quick_error_);
  return outcome;
}

void FilterPair::shift(int blocks) noexcept {
  heard_.shift(blocks);
  quick_.filter().shift(blocks);
}

void FilterPair::reset() noexcept {
  heard_.reset();
  quick_.reset();
  near_power_ = heard_power_ = quick_power_ = 0.0F;
  better_blocks_ = worse_blocks_ = diverged_blocks_ = 0;
}

}  // namespace syrinx::enhance
