// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/enhance/echo/quick_filter.h"

#include <algorithm>
#include <utility>

namespace syrinx::enhance {
namespace {

constexpr float kStep = 0.7F;
constexpr std::size_t kConstrainedPerBlock = 4;  // Of the partitions, in turn.

}  // namespace

QuickFilter::QuickFilter(EchoFilter filter)
    : filter_(std::move(filter)), error_(filter_.bins()), step_(filter_.bins()) {}

Result<QuickFilter> QuickFilter::create(std::size_t block_samples, std::size_t partitions) {
  SYRINX_ASSIGN(auto filter, EchoFilter::create(block_samples, partitions));
  return QuickFilter(std::move(filter));
}

void QuickFilter::update(const FarHistory& history, std::size_t delay,
                         std::span<const float> error) noexcept {
  filter_.transform_error(error, error_);
  std::fill(step_.begin(), step_.end(), 0.0F);
  for (std::size_t p = 0; p < filter_.partitions(); ++p) {
    const auto& power = history.at(delay + p).power;
    for (std::size_t k = 0; k < step_.size(); ++k) step_[k] += power[k];
  }
  // A floor of -70 dB of full scale keeps near silence from steering.
  const float floor = 1e-7F * static_cast<float>(filter_.block_samples() * filter_.partitions());
  for (float& step : step_) step = kStep / (step + floor);
  for (std::size_t k = 0; k < step_.size(); ++k) {
    error_.re[k] *= step_[k];
    error_.im[k] *= step_[k];
  }
  for (std::size_t p = 0; p < filter_.partitions(); ++p) {
    const SplitSpectrum& x = history.at(delay + p).spectrum;
    SplitSpectrum& w = filter_.weights(p);
    float* __restrict wr = w.re.data();
    float* __restrict wi = w.im.data();
    for (std::size_t k = 0; k < step_.size(); ++k) {
      wr[k] += x.re[k] * error_.re[k] + x.im[k] * error_.im[k];
      wi[k] += x.re[k] * error_.im[k] - x.im[k] * error_.re[k];
    }
  }
  for (std::size_t i = 0; i < std::min(kConstrainedPerBlock, filter_.partitions()); ++i) {
    filter_.constrain(next_constrained_);
    next_constrained_ = (next_constrained_ + 1) % filter_.partitions();
  }
}

}  // namespace syrinx::enhance
