// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/packet/delay_estimator.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace syrinx::packet {
namespace {

constexpr double kWindowMs = 2'000.0;
constexpr double kStartMs = 500.0;  // Until then at least the delay to start with.
constexpr double kBlockMs = 10.0;   // A packet is needed when the block that it begins in is asked.
constexpr double kWaverMs = 20.0;
constexpr double kLongestProjectionMs = 5'000.0;
// NetEQ's, per packet; the slow one remembers four seconds.
constexpr double kQuickForget = 0.983;
constexpr double kSlowForget = 0.995;

}  // namespace

void DelayHistogram::take(double delay_ms) noexcept {
  seen_ += 1.0;
  // A mean at first, so that the first packets do not count for all.
  const double keep = std::min(forget_, 1.0 - 1.0 / seen_);
  for (double& share : shares_) share *= keep;
  const double bucket = std::clamp(std::floor(delay_ms / kBucketMs), 0.0, double{kBuckets - 1});
  shares_[static_cast<std::size_t>(bucket)] += 1.0 - keep;
}

void DelayHistogram::shift_down() noexcept {
  shares_[1] += shares_[0];
  std::copy(shares_.begin() + 1, shares_.end(), shares_.begin());
  shares_.back() = 0.0;
}

double DelayHistogram::quantile_ms(double share) const noexcept {
  double sum = 0.0;
  for (std::size_t i = 0; i < kBuckets; ++i) {
    sum += shares_[i];
    if (sum >= share) return static_cast<double>(i + 1) * kBucketMs;
  }
  return seen_ > 0.0 ? kBuckets * kBucketMs : 0.0;
}

double DelayHistogram::cheapest_ms(double ms_per_percent) const noexcept {
  double later = 1.0;
  double least_cost = std::numeric_limits<double>::max();
  double best_ms = 0.0;
  for (std::size_t i = 0; i < kBuckets; ++i) {
    later -= shares_[i];
    const double delay_ms = static_cast<double>(i + 1) * kBucketMs;
    const double cost = delay_ms + ms_per_percent * 100.0 * std::max(later, 0.0);
    if (cost < least_cost) {
      least_cost = cost;
      best_ms = delay_ms;
    }
  }
  return best_ms;
}

DelayEstimator::DelayEstimator(const JitterBufferOptions& options) noexcept
    : options_(options),
      quantile_(options.strategy == DelayStrategy::kLowLatency ? 0.90 : 0.95),
      ms_per_percent_(options.strategy == DelayStrategy::kLowLatency ? 5.0 : 20.0),
      quick_(kQuickForget),
      slow_(kSlowForget),
      target_ms_(options.start_delay_ms) {}

double DelayEstimator::take(double arrival_ms, double transit_ms) noexcept {
  if (!seen_any_) first_ms_ = arrival_ms;
  seen_any_ = true;
  const double before_ms = has_base() ? base_ms(arrival_ms) : transit_ms;
  skew_.take(arrival_ms, transit_ms);
  window_[next_] = {arrival_ms, transit_ms};
  next_ = (next_ + 1) % kWindow;
  count_ = std::min(count_ + 1, kWindow);
  base_ms_ = least_in_window(arrival_ms);
  last_ms_ = arrival_ms;
  follow_base(base_ms_ - before_ms);
  const double delay_ms = transit_ms - base_ms_;
  quick_.take(delay_ms);
  slow_.take(delay_ms);
  choose_target();
  return delay_ms;
}

void DelayEstimator::rebase() noexcept {
  count_ = 0;
  next_ = 0;
  moved_ms_ = 0.0;
  skew_.restart();
}

double DelayEstimator::base_ms(double now_ms) const noexcept {
  return base_ms_ + skew() * std::clamp(now_ms - last_ms_, 0.0, kLongestProjectionMs);
}

double DelayEstimator::least_in_window(double now_ms) const noexcept {
  double least = std::numeric_limits<double>::max();
  for (std::size_t i = 1; i <= count_; ++i) {
    const Transit& past = window_[(next_ + kWindow - i) % kWindow];
    const double age_ms = now_ms - past.arrival_ms;
    if (age_ms > kWindowMs) break;
    least = std::min(least, past.transit_ms + skew() * age_ms);
  }
  return least;
}

// Where the base rises, delays that were counted against the old one are so much shorter. Where it
// falls they stay: what was late by another clock's drift or before a step is late no longer. What
// it wavers by is not counted twice.
void DelayEstimator::follow_base(double moved_ms) noexcept {
  moved_ms_ = std::max(moved_ms_ + moved_ms, -kWaverMs);
  for (; moved_ms_ >= DelayHistogram::kBucketMs; moved_ms_ -= DelayHistogram::kBucketMs) {
    quick_.shift_down();
    slow_.shift_down();
  }
}

void DelayEstimator::choose_target() noexcept {
  if (options_.strategy == DelayStrategy::kFixed) return;
  double wanted_ms =
      std::max(quick_.quantile_ms(quantile_), slow_.cheapest_ms(ms_per_percent_)) + kBlockMs;
  if (options_.strategy == DelayStrategy::kLowLatency)
    wanted_ms = slow_.cheapest_ms(ms_per_percent_) + kBlockMs;
  if (last_ms_ - first_ms_ < kStartMs)
    wanted_ms = std::max(wanted_ms, static_cast<double>(options_.start_delay_ms));
  target_ms_ = std::clamp(wanted_ms, static_cast<double>(options_.min_delay_ms),
                          static_cast<double>(options_.max_delay_ms));
}

}  // namespace syrinx::packet
