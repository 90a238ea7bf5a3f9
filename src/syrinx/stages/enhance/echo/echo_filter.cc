// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/enhance/echo/echo_filter.h"

#include <algorithm>
#include <utility>

namespace syrinx::enhance {
namespace {

void clear(SplitSpectrum& spectrum) noexcept {
  std::fill(spectrum.re.begin(), spectrum.re.end(), 0.0F);
  std::fill(spectrum.im.begin(), spectrum.im.end(), 0.0F);
}

void add_product(SplitSpectrum& sum, const SplitSpectrum& x, const SplitSpectrum& w) noexcept {
  float* __restrict re = sum.re.data();
  float* __restrict im = sum.im.data();
  const float* xr = x.re.data();
  const float* xi = x.im.data();
  const float* wr = w.re.data();
  const float* wi = w.im.data();
  for (std::size_t k = 0; k < sum.re.size(); ++k) {
    re[k] += xr[k] * wr[k] - xi[k] * wi[k];
    im[k] += xr[k] * wi[k] + xi[k] * wr[k];
  }
}

}  // namespace

EchoFilter::EchoFilter(std::size_t block, std::size_t partitions, dsp::RealFft fft)
    : block_(block),
      weights_(partitions, SplitSpectrum(block + 1)),
      fft_(std::move(fft)),
      sum_(block + 1),
      bins_(block + 1),
      time_(2 * block) {}

Result<EchoFilter> EchoFilter::create(std::size_t block_samples, std::size_t partitions) {
  SYRINX_ASSIGN(auto fft, dsp::RealFft::create(2 * block_samples));
  return EchoFilter(block_samples, partitions, std::move(fft));
}

void EchoFilter::estimate(const FarHistory& history, std::size_t delay,
                          std::span<float> echo) noexcept {
  clear(sum_);
  for (std::size_t p = 0; p < weights_.size(); ++p)
    add_product(sum_, history.at(delay + p).spectrum, weights_[p]);
  sum_.copy_to(bins_);
  fft_.inverse(bins_, time_);
  std::copy(time_.begin() + static_cast<std::ptrdiff_t>(block_), time_.end(), echo.begin());
}

void EchoFilter::transform_error(std::span<const float> error, SplitSpectrum& out) noexcept {
  std::fill_n(time_.begin(), block_, 0.0F);
  std::copy(error.begin(), error.end(), time_.begin() + static_cast<std::ptrdiff_t>(block_));
  fft_.forward(time_, bins_);
  out.assign(bins_);
}

void EchoFilter::constrain(std::size_t partition) noexcept {
  weights_[partition].copy_to(bins_);
  fft_.inverse(bins_, time_);
  std::fill(time_.begin() + static_cast<std::ptrdiff_t>(block_), time_.end(), 0.0F);
  fft_.forward(time_, bins_);
  weights_[partition].assign(bins_);
}

void EchoFilter::shift(int blocks) noexcept {
  const auto count = static_cast<int>(weights_.size());
  const int first = blocks > 0 ? 0 : count - 1;
  const int step = blocks > 0 ? 1 : -1;
  for (int p = first; p >= 0 && p < count; p += step) {
    const int from = p + blocks;
    if (from >= 0 && from < count)
      std::swap(weights_[static_cast<std::size_t>(p)], weights_[static_cast<std::size_t>(from)]);
    else
      clear(weights_[static_cast<std::size_t>(p)]);
  }
}

void EchoFilter::copy_from(const EchoFilter& other) noexcept {
  for (std::size_t p = 0; p < weights_.size(); ++p) {
    std::copy(other.weights_[p].re.begin(), other.weights_[p].re.end(), weights_[p].re.begin());
    std::copy(other.weights_[p].im.begin(), other.weights_[p].im.end(), weights_[p].im.begin());
  }
}

void EchoFilter::reset() noexcept {
  for (SplitSpectrum& weights : weights_) clear(weights);
}

}  // namespace syrinx::enhance
