// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/enhance/echo/delay_search.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <utility>

namespace syrinx::enhance {
namespace {

constexpr int kSearchRateHz = 4'000;
constexpr std::size_t kFrame = 4096;  // Of the far end, about a second.
constexpr std::size_t kNear = 1024;   // Of the near end, at the frame's end.
constexpr std::size_t kHop = 256;
constexpr double kLowestHz = 120.0;
constexpr double kHighestHz = 1'700.0;
constexpr float kMemory = 0.90F;  // Of the spectra, from hop to hop: about 0.6 s.
// Mean square of the far end, and its samples' share, under which there is nothing to search by.
constexpr float kLeastPower = 1e-8F;
constexpr double kLeastSalience = 8.0;
constexpr int kTimesInARow = 3;
constexpr std::size_t kSameLag = 3;

std::vector<float> low_pass(std::size_t factor) {
  const std::size_t taps = 8 * factor + 1;
  std::vector<float> result(taps);
  const double middle = static_cast<double>(taps - 1) / 2.0;
  double sum = 0.0;
  std::vector<double> exact(taps);
  for (std::size_t i = 0; i < taps; ++i) {
    const double x = static_cast<double>(i) - middle;
    const double angle = std::numbers::pi * x * 0.9 / static_cast<double>(factor);
    const double hann = 0.5 + 0.5 * std::cos(std::numbers::pi * x / (middle + 1.0));
    exact[i] = hann * (x == 0.0 ? 1.0 : std::sin(angle) / angle);
    sum += exact[i];
  }
  std::transform(exact.begin(), exact.end(), result.begin(),
                 [sum](double tap) { return static_cast<float>(tap / sum); });
  return result;
}

float mean_square(std::span<const float> x) noexcept {
  return std::inner_product(x.begin(), x.end(), x.begin(), 0.0F) / static_cast<float>(x.size());
}

}  // namespace

DelaySearch::Decimator::Decimator(std::size_t factor, std::size_t kept)
    : factor_(factor), taps_(low_pass(factor)), line_(taps_.size()), kept_(kept) {}

bool DelaySearch::Decimator::push(float sample) noexcept {
  line_[line_at_] = sample;
  line_at_ = (line_at_ + 1) % line_.size();
  phase_ = (phase_ + 1) % factor_;
  if (phase_ != 0) return false;
  const std::size_t tail = line_.size() - line_at_;
  const auto from = line_.begin() + static_cast<std::ptrdiff_t>(line_at_);
  float sum = std::inner_product(from, line_.end(), taps_.begin(), 0.0F);
  sum = std::inner_product(line_.begin(), from, taps_.begin() + static_cast<std::ptrdiff_t>(tail),
                           sum);
  kept_[kept_at_] = sum;
  kept_at_ = (kept_at_ + 1) % kept_.size();
  ++kept_since_;
  return true;
}

void DelaySearch::Decimator::copy_last(std::span<float> out) const noexcept {
  std::size_t at = (kept_at_ + kept_.size() - out.size()) % kept_.size();
  for (float& sample : out) {
    sample = kept_[at];
    at = (at + 1) % kept_.size();
  }
}

void DelaySearch::Decimator::reset() noexcept {
  std::fill(line_.begin(), line_.end(), 0.0F);
  std::fill(kept_.begin(), kept_.end(), 0.0F);
  line_at_ = phase_ = kept_at_ = kept_since_ = 0;
}

DelaySearch::DelaySearch(int sample_rate_hz, std::size_t max_delay_samples, dsp::RealFft fft)
    : factor_(static_cast<std::size_t>(std::max(1, sample_rate_hz / kSearchRateHz))),
      most_lag_(std::min(kFrame - kNear, max_delay_samples / factor_)),
      near_(factor_, kNear),
      far_(factor_, kFrame),
      fft_(std::move(fft)),
      time_(kFrame),
      near_bins_(fft_.bins()),
      far_bins_(fft_.bins()),
      cross_(fft_.bins()),
      near_power_(fft_.bins()),
      far_power_(fft_.bins()) {
  const double bin_hz = static_cast<double>(sample_rate_hz) / static_cast<double>(factor_) / kFrame;
  lowest_bin_ = static_cast<std::size_t>(kLowestHz / bin_hz);
  highest_bin_ = std::min(fft_.bins(), static_cast<std::size_t>(kHighestHz / bin_hz));
}

Result<DelaySearch> DelaySearch::create(int sample_rate_hz, std::size_t max_delay_samples) {
  SYRINX_ASSIGN(auto fft, dsp::RealFft::create(kFrame));
  return DelaySearch(sample_rate_hz, max_delay_samples, std::move(fft));
}

void DelaySearch::push(std::span<const float> near, std::span<const float> far) noexcept {
  for (std::size_t i = 0; i < near.size(); ++i) {
    near_.push(near[i]);
    if (far_.push(far[i]) && far_.since() >= kHop) search();
  }
}

void DelaySearch::search() noexcept {
  far_.taken();
  near_.taken();
  far_.copy_last(time_);
  if (mean_square(time_) < kLeastPower) return;
  fft_.forward(time_, far_bins_);
  std::fill(time_.begin(), time_.end(), 0.0F);
  const std::span<float> recent = std::span(time_).last(kNear);
  near_.copy_last(recent);
  if (mean_square(recent) < 1e-3F * kLeastPower) return;
  fft_.forward(time_, near_bins_);
  smooth_spectra();
  correlate();
  judge_peak();
}

void DelaySearch::smooth_spectra() noexcept {
  for (std::size_t k = lowest_bin_; k < highest_bin_; ++k) {
    const auto x = far_bins_[k];
    const auto y = near_bins_[k];
    const std::complex<float> product(y.real() * x.real() + y.imag() * x.imag(),
                                      y.imag() * x.real() - y.real() * x.imag());
    cross_[k] = kMemory * cross_[k] + (1.0F - kMemory) * product;
    near_power_[k] = kMemory * near_power_[k] + (1.0F - kMemory) * std::norm(y);
    far_power_[k] = kMemory * far_power_[k] + (1.0F - kMemory) * std::norm(x);
  }
}

void DelaySearch::correlate() noexcept {
  std::fill(far_bins_.begin(), far_bins_.end(), std::complex<float>{});
  for (std::size_t k = lowest_bin_; k < highest_bin_; ++k)
    far_bins_[k] = cross_[k] / std::sqrt(near_power_[k] * far_power_[k] + 1e-20F);
  fft_.inverse(far_bins_, time_);
}

void DelaySearch::judge_peak() noexcept {
  const std::span<const float> lags = std::span(time_).first(most_lag_ + 1);
  std::size_t peak = 0;
  float squares = 0.0F;
  for (std::size_t lag = 0; lag < lags.size(); ++lag) {
    squares += lags[lag] * lags[lag];
    if (std::abs(lags[lag]) > std::abs(lags[peak])) peak = lag;
  }
  const float rms = std::sqrt(squares / static_cast<float>(lags.size()));
  salience_ = rms > 0.0F ? double{std::abs(lags[peak]) / rms} : 0.0;
  if (salience_ < kLeastSalience) return;
  const std::size_t apart = peak > candidate_ ? peak - candidate_ : candidate_ - peak;
  times_seen_ = apart <= kSameLag ? times_seen_ + 1 : 1;
  candidate_ = peak;
  if (times_seen_ >= kTimesInARow) delay_ = static_cast<double>(peak * factor_);
}

void DelaySearch::reset() noexcept {
  near_.reset();
  far_.reset();
  std::fill(cross_.begin(), cross_.end(), std::complex<float>{});
  std::fill(near_power_.begin(), near_power_.end(), 0.0F);
  std::fill(far_power_.begin(), far_power_.end(), 0.0F);
  delay_.reset();
  times_seen_ = 0;
  salience_ = 0.0;
}

}  // namespace syrinx::enhance
