// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <vector>

namespace syrinx::effects {

// The low pass that both ways of fourfold oversampling use: windowed sinc (Kaiser, beta 10), cut at
// half the original rate, split into the four phases between two samples. A phase has kTaps taps;
// phase 0 passes the samples themselves. Flat within 0.01 dB to 0.42 of the rate, and 100 dB down
// from 0.58 on.
class FourfoldFilter {
 public:
  static constexpr std::size_t kFactor = 4;
  static constexpr std::size_t kTaps = 48;
  // Samples by which what comes out lags behind.
  static constexpr std::size_t kLatency = kTaps / 2;

  static const FourfoldFilter& shared();  // Computed at the first call.
  const std::array<float, kTaps>& up(std::size_t phase) const noexcept { return up_[phase]; }
  const std::array<float, kTaps>& down(std::size_t phase) const noexcept { return down_[phase]; }

 private:
  FourfoldFilter();
  std::array<std::array<float, kTaps>, kFactor> up_;
  std::array<std::array<float, kTaps>, kFactor> down_;
};

// A run of the newest samples, oldest first, kept in one piece so that filters read it straight.
template <std::size_t kSize>
class Window {
 public:
  void push(float x) noexcept {
    at_ = at_ == 0 ? kSize - 1 : at_ - 1;
    samples_[at_] = samples_[at_ + kSize] = x;
  }
  const float* newest_first() const noexcept { return samples_.data() + at_; }
  void clear() noexcept { samples_.fill(0.0f); }

 private:
  std::array<float, 2 * kSize> samples_{};
  std::size_t at_ = 0;
};

// Four samples between each: for measuring true peaks, and for bending waves without aliasing.
class Upsampler {
 public:
  // The samples at n - kLatency + 0, 1/4, 2/4 and 3/4, where n is the one pushed.
  std::array<float, 4> push(float x) noexcept;
  // The last FourfoldFilter::kTaps samples.
  const float* newest_first() const noexcept { return past_.newest_first(); }
  void clear() noexcept { past_.clear(); }

 private:
  const FourfoldFilter* filter_ = &FourfoldFilter::shared();
  Window<FourfoldFilter::kTaps> past_;
};

// Back to the original rate.
class Downsampler {
 public:
  // Of the four newest, in time order; lags by kLatency.
  float push(const std::array<float, 4>& samples) noexcept;
  void clear() noexcept {
    for (auto& past : past_) past.clear();
  }

 private:
  const FourfoldFilter* filter_ = &FourfoldFilter::shared();
  std::array<Window<FourfoldFilter::kTaps>, 4> past_;
};

}  // namespace syrinx::effects
