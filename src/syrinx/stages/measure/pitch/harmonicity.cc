// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/pitch/harmonicity.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "syrinx/core/dsp/pitch/pitch_path.h"
#include "syrinx/core/dsp/pitch/sinc_peak.h"

namespace syrinx::measure {
namespace {

constexpr double kHopS = 0.01;

class CrossCorrelation {
 public:
  CrossCorrelation(const dsp::PitchSound& sound, double min_hz)
      : sound_(sound),
        period_(static_cast<std::size_t>(sound.sample_rate_hz / min_hz)),
        window_(std::max<std::size_t>(period_ / 2, 2) * 2 - 2),
        around_(2 * period_ + 2),
        min_hz_(min_hz) {
    double sum = 0.0;
    for (const float v : sound.samples) sum += static_cast<double>(v);
    const double mean = sum / static_cast<double>(sound.samples.size());
    for (const float v : sound.samples) {
      loudest_ = std::max(loudest_, std::abs(static_cast<double>(v) - mean));
    }
  }

  // The strongest repetition around a time, 0 when it is too quiet or none.
  double strength_at(double centre_s) {
    const double amplitude = amplitude_at(centre_s);
    correlate(centre_s);
    double best = 0.0;
    for (std::size_t lag = 2; lag + 1 < r_.size(); ++lag) {
      if (!(r_[lag] > 0.0 && r_[lag] > r_[lag - 1] && r_[lag] >= r_[lag + 1])) continue;
      if (r_[lag] < best - 0.2) continue;  // Interpolation adds no more than that.
      const double value = dsp::sinc_peak(r_, lag).value;
      best = std::max(best, value > 1.0 ? 1.0 / value : value);
    }
    dsp::PathCosts costs;
    costs.silence = 0.1;
    costs.voicing = 0.0;
    return best > costs.unvoiced_strength(amplitude) ? best : 0.0;
  }

 private:
  static constexpr std::size_t kLagsAtOnce = 8;
  using Products = std::array<double, kLagsAtOnce>;

  double amplitude_at(double centre_s) {
    sound_.copy_around(centre_s, around_);
    double sum = 0.0;
    for (const float v : around_) sum += static_cast<double>(v);
    mean_ = sum / static_cast<double>(around_.size());
    double peak = 0.0;
    for (std::size_t i = period_ / 2; i < around_.size() - period_ / 2; ++i) {
      peak = std::max(peak, std::abs(static_cast<double>(around_[i]) - mean_));
    }
    return loudest_ > 0.0 ? std::min(peak / loudest_, 1.0) : 0.0;
  }

  // r_[lag] of the window that begins a period before the centre with the one `lag` later.
  void correlate(double centre_s) {
    const double start = (centre_s - 1.0 / min_hz_) * sound_.sample_rate_hz - 0.5;
    const auto first = static_cast<std::size_t>(std::max(0.0, std::floor(start)));
    const std::size_t size = sound_.samples.size();
    r_.clear();
    if (first + window_ >= size) return;
    const std::size_t lags = std::min(window_, size - first - window_);
    centred_.assign(window_ + lags + kLagsAtOnce, 0.0);
    for (std::size_t i = 0; i < window_ + lags; ++i) {
      centred_[i] = static_cast<double>(sound_.samples[first + i]) - mean_;
    }
    double power_x = 0.0;
    for (std::size_t i = 0; i < window_; ++i) power_x += centred_[i] * centred_[i];
    double power_y = power_x;
    Products products{};
    for (std::size_t lag = 0; lag < lags; ++lag) {
      if (lag % kLagsAtOnce == 0) products = products_from(lag);
      if (lag > 0) {
        const double in = centred_[lag + window_ - 1];
        const double out = centred_[lag - 1];
        power_y += in * in - out * out;
      }
      const double power = power_x * power_y;
      r_.push_back(power > 0.0 ? products[lag % kLagsAtOnce] / std::sqrt(power) : 0.0);
    }
    r_.front() = 1.0;
  }

  // Several lags' sums of products side by side, which a compiler turns into vectors.
  Products products_from(std::size_t lag) const noexcept {
    Products sums{};
    for (std::size_t i = 0; i < window_; ++i) {
      const double x = centred_[i];
      const double* y = centred_.data() + i + lag;
      for (std::size_t k = 0; k < kLagsAtOnce; ++k) sums[k] += x * y[k];
    }
    return sums;
  }

  const dsp::PitchSound& sound_;
  std::size_t period_;
  std::size_t window_;
  std::vector<float> around_;
  double min_hz_;
  double mean_ = 0.0;
  double loudest_ = 0.0;
  std::vector<double> centred_;
  std::vector<double> r_;
};

}  // namespace

double mean_harmonicity_db(const dsp::PitchSound& sound, double min_hz) {
  const auto plan = dsp::plan_frames(sound.duration_s(), 2.0 / min_hz, kHopS);
  CrossCorrelation correlation(sound, min_hz);
  double sum_db = 0.0;
  std::size_t frames = 0;
  for (std::size_t t = 0; t < plan.frames; ++t) {
    const double r = std::min(correlation.strength_at(plan.time_s(t)), 1.0 - 1e-15);
    if (!(r > 0.0)) continue;
    sum_db += 10.0 * std::log10(r / (1.0 - r));
    ++frames;
  }
  return frames == 0 ? std::numeric_limits<double>::quiet_NaN()
                     : sum_db / static_cast<double>(frames);
}

}  // namespace syrinx::measure
