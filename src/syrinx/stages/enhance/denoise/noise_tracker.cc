// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/enhance/denoise/noise_tracker.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace syrinx::enhance {
namespace {

// Of the paper, for frames that are 16 ms apart.
constexpr double kPaperHopS = 0.016;
constexpr double kNoiseMemory = 0.8;
constexpr float kSpeechSnr = 31.6f;  // 15 dB: the SNR that speech has where it is.
constexpr float kProbabilityMemory = 0.9f;
constexpr float kMostProbable = 0.99f;

constexpr double kStartS = 0.05;  // Taken for noise when a stream begins.
constexpr double kMinimumS = 0.8;
constexpr float kMinimumMemory = 0.6f;
constexpr float kMinimumBias = 1.5f;    // The mean over the minimum, low, to be safe.
constexpr float kSilentPower = 1e-16f;  // Of a bin, in the mean over a frame.
constexpr float kLeastNoise = 1e-14f;

bool is_silent(std::span<const float> powers) noexcept {
  float sum = 0.0f;
  for (const float power : powers) sum += power;
  return sum < kSilentPower * static_cast<float>(powers.size());
}

float presence(float posterior_snr) noexcept {
  const float share = kSpeechSnr / (1.0f + kSpeechSnr);
  return 1.0f / (1.0f + (1.0f + kSpeechSnr) * std::exp(-std::min(posterior_snr, 80.0f) * share));
}

}  // namespace

NoiseTracker::NoiseTracker(std::size_t bins, double hop_s)
    : noise_(bins),
      probability_(bins),
      smooth_probability_(bins),
      smooth_power_(bins),
      running_minimum_(bins),
      noise_memory_(static_cast<float>(std::pow(kNoiseMemory, hop_s / kPaperHopS))),
      first_frames_(std::max<std::size_t>(1, static_cast<std::size_t>(kStartS / hop_s))),
      sub_window_frames_(std::max<std::size_t>(
          1, static_cast<std::size_t>(kMinimumS / hop_s / static_cast<double>(kSubWindows)))) {
  for (auto& minimum : past_minimum_) minimum.resize(bins);
  reset();
}

void NoiseTracker::reset() noexcept {
  std::fill(noise_.begin(), noise_.end(), kLeastNoise);
  std::fill(probability_.begin(), probability_.end(), 0.0f);
  std::fill(smooth_probability_.begin(), smooth_probability_.end(), 0.5f);
  std::fill(smooth_power_.begin(), smooth_power_.end(), 0.0f);
  std::fill(running_minimum_.begin(), running_minimum_.end(), std::numeric_limits<float>::max());
  for (auto& minimum : past_minimum_) std::fill(minimum.begin(), minimum.end(), 0.0f);
  frames_ = 0;
  in_sub_window_ = 0;
  sub_window_ = 0;
}

void NoiseTracker::process(std::span<const float> powers) noexcept {
  if (is_silent(powers)) return;
  if (frames_ < first_frames_) {
    start_with(powers);
  } else {
    follow_noise(powers);
  }
  follow_minimum(powers);
  ++frames_;
}

void NoiseTracker::start_with(std::span<const float> powers) noexcept {
  const float weight = 1.0f / static_cast<float>(frames_ + 1);
  for (std::size_t k = 0; k < noise_.size(); ++k) {
    noise_[k] = std::max(kLeastNoise, noise_[k] + weight * (powers[k] - noise_[k]));
    probability_[k] = 0.0f;
  }
}

void NoiseTracker::follow_noise(std::span<const float> powers) noexcept {
  for (std::size_t k = 0; k < noise_.size(); ++k) {
    float p = presence(powers[k] / noise_[k]);
    float& smooth = smooth_probability_[k];
    smooth = kProbabilityMemory * smooth + (1.0f - kProbabilityMemory) * p;
    if (smooth > kMostProbable) p = std::min(p, kMostProbable);
    probability_[k] = p;
    const float estimate = (1.0f - p) * powers[k] + p * noise_[k];
    noise_[k] = noise_memory_ * noise_[k] + (1.0f - noise_memory_) * estimate;
    float least = running_minimum_[k];
    for (const auto& minimum : past_minimum_) least = std::min(least, minimum[k]);
    noise_[k] = std::max({noise_[k], kMinimumBias * least, kLeastNoise});
  }
}

void NoiseTracker::follow_minimum(std::span<const float> powers) noexcept {
  for (std::size_t k = 0; k < powers.size(); ++k) {
    float& smooth = smooth_power_[k];
    smooth =
        frames_ == 0 ? powers[k] : kMinimumMemory * smooth + (1.0f - kMinimumMemory) * powers[k];
    running_minimum_[k] = std::min(running_minimum_[k], smooth);
  }
  if (++in_sub_window_ < sub_window_frames_) return;
  in_sub_window_ = 0;
  past_minimum_[sub_window_].swap(running_minimum_);
  sub_window_ = (sub_window_ + 1) % kSubWindows;
  std::copy(smooth_power_.begin(), smooth_power_.end(), running_minimum_.begin());
}

}  // namespace syrinx::enhance
