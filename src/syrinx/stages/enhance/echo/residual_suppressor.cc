// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/enhance/echo/residual_suppressor.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <utility>

#include "syrinx/core/dsp/window.h"

namespace syrinx::enhance {
namespace {

// Figures per block of 8 ms.
constexpr float kEchoHeld = 0.5F;  // What the echo's power keeps from block to block.
constexpr float kLeastLeakageDb = -45.0F;
constexpr float kMostLeakageDb = 10.0F;
constexpr float kLeakageUpDb = 0.6F;    // With the step down, the leakage settles where two in
constexpr float kLeakageDownDb = 0.3F;  // three blocks leave less.
constexpr float kLeakageUpTalkingDb = 0.01F;
constexpr float kLeastDistortionDb = -60.0F;
constexpr float kDistortionStepDb = 0.25F;
constexpr float kOverEstimate = 4.0F;  // Of the residual, while the near end is silent.
constexpr float kNearEndDb = 4.0F;     // Above the residual on the mean of the bands.
constexpr int kNearHoldBlocks = 12;
constexpr float kPriorMemory = 0.95F;
constexpr float kLeastGain = 1e-3F;
constexpr float kAudiblePower = 1e-9F;       // Mean square under which a band is silent: -90 dBFS.
constexpr std::size_t kMinimumBlocks = 250;  // 2 s.
constexpr float kMinimumBias = 1.5F;  // A minimum of smoothed noise lies so far under its mean.

float decibels(float power_ratio) noexcept { return 10.0F * std::log10(power_ratio + 1e-12F); }
float power_of(float db) noexcept { return std::pow(10.0F, 0.1F * db); }

std::vector<std::size_t> make_bands(std::size_t bins) {
  std::vector<std::size_t> edges{0};
  while (edges.back() < bins) {
    const std::size_t last = edges.back();
    edges.push_back(std::min(bins, std::max(last + 2, last * 6 / 5)));
  }
  return edges;
}

}  // namespace

ResidualSuppressor::ResidualSuppressor(const SuppressorOptions& options, dsp::RealFft fft)
    : options_(options),
      fft_(std::move(fft)),
      window_(dsp::make_window(dsp::WindowShape::kSqrtHann, 2 * options.block_samples)),
      time_(2 * options.block_samples),
      overlap_(options.block_samples),
      error_(options.block_samples),
      echo_(options.block_samples),
      echo_held_(fft_.bins()),
      residual_(fft_.bins()),
      background_(fft_.bins()),
      smooth_error_(fft_.bins()),
      lowest_(fft_.bins()),
      lowest_before_(fft_.bins()),
      clean_(fft_.bins()),
      gain_(fft_.bins()),
      band_edges_(make_bands(fft_.bins())),
      error_bands_(band_edges_.size() - 1),
      echo_bands_(error_bands_.size()),
      background_bands_(error_bands_.size()),
      leakage_db_(error_bands_.size()),
      distortion_db_(error_bands_.size()),
      noise_state_(options.seed) {
  reset();
}

Result<ResidualSuppressor> ResidualSuppressor::create(const SuppressorOptions& options) {
  SYRINX_ASSIGN(auto fft, dsp::RealFft::create(2 * options.block_samples));
  return ResidualSuppressor(options, std::move(fft));
}

void ResidualSuppressor::analyse(std::span<const float> block, Windowed& signal) noexcept {
  const std::size_t n = block.size();
  for (std::size_t i = 0; i < n; ++i) {
    time_[i] = signal.past[i] * window_[i];
    time_[n + i] = block[i] * window_[n + i];
  }
  std::copy(block.begin(), block.end(), signal.past.begin());
  fft_.forward(time_, signal.bins);
  for (std::size_t k = 0; k < signal.power.size(); ++k) signal.power[k] = std::norm(signal.bins[k]);
}

void ResidualSuppressor::sum_bands(const Bins& power, std::vector<float>& bands) const noexcept {
  for (std::size_t b = 0; b < bands.size(); ++b)
    bands[b] =
        std::accumulate(power.begin() + static_cast<std::ptrdiff_t>(band_edges_[b]),
                        power.begin() + static_cast<std::ptrdiff_t>(band_edges_[b + 1]), 0.0F);
}

// Minimum statistics (Martin 2001, without its bias table): the least of the smoothed power in the
// last 2 to 4 s, in which a far end that speaks pauses too.
void ResidualSuppressor::follow_background() noexcept {
  for (std::size_t k = 0; k < background_.size(); ++k) {
    smooth_error_[k] = 0.8F * smooth_error_[k] + 0.2F * error_.power[k];
    lowest_[k] = std::min(lowest_[k], smooth_error_[k]);
    background_[k] = kMinimumBias * std::min(lowest_[k], lowest_before_[k]);
  }
  if (++blocks_in_window_ < kMinimumBlocks) return;
  blocks_in_window_ = 0;
  std::swap(lowest_, lowest_before_);
  lowest_ = smooth_error_;
}

void ResidualSuppressor::learn_leakage(const EchoBlock& block) noexcept {
  sum_bands(error_.power, error_bands_);
  sum_bands(echo_held_, echo_bands_);
  sum_bands(background_, background_bands_);
  echo_total_ = std::accumulate(echo_bands_.begin(), echo_bands_.end(), 0.0F);
  if (block.room_changed)
    for (float& leakage : leakage_db_) leakage = std::max(leakage, -6.0F);
  if (!block.far_active) return;
  const float audible = kAudiblePower * static_cast<float>(options_.block_samples);
  for (std::size_t b = 0; b < leakage_db_.size(); ++b) {
    const float left = std::max(error_bands_[b] - background_bands_[b], 0.0F);
    const float echo = echo_bands_[b];
    if (echo > audible && echo > 0.3F * background_bands_[b]) {
      const float up = near_hold_ > 0 ? kLeakageUpTalkingDb : kLeakageUpDb;
      const bool above = decibels(left / echo) > leakage_db_[b];
      leakage_db_[b] = std::clamp(leakage_db_[b] + (above ? up : -kLeakageDownDb), kLeastLeakageDb,
                                  kMostLeakageDb);
    }
    if (near_hold_ == 0 && echo_total_ > audible) {
      const float rest = left - power_of(leakage_db_[b]) * echo;
      const bool above = rest > power_of(distortion_db_[b]) * echo_total_;
      distortion_db_[b] += above ? kDistortionStepDb : -kDistortionStepDb;
      distortion_db_[b] = std::clamp(distortion_db_[b], kLeastDistortionDb, 0.0F);
    }
  }
}

void ResidualSuppressor::estimate_residual(const EchoBlock& block) noexcept {
  for (std::size_t b = 0; b < leakage_db_.size(); ++b) {
    const float leakage = power_of(leakage_db_[b]);
    const auto width = static_cast<float>(band_edges_[b + 1] - band_edges_[b]);
    const float distortion = power_of(distortion_db_[b]) * echo_total_ / width;
    for (std::size_t k = band_edges_[b]; k < band_edges_[b + 1]; ++k)
      residual_[k] = leakage * echo_held_[k] + distortion + block.expected_residual[k];
  }
}

// The mean over the bands of how far the error stands over what echo it can hold.
void ResidualSuppressor::judge_near_end(bool far_active) noexcept {
  if (!far_active) {
    near_hold_ = 0;
    return;
  }
  sum_bands(residual_, echo_bands_);
  float sum = 0.0F;
  float weight = 0.0F;
  const float audible = kAudiblePower * static_cast<float>(options_.block_samples);
  for (std::size_t b = 0; b < error_bands_.size(); ++b) {
    if (error_bands_[b] < 4.0F * background_bands_[b] + audible) continue;
    sum += std::clamp(decibels(error_bands_[b] / (echo_bands_[b] + 1e-12F)), -10.0F, 20.0F);
    weight += 1.0F;
  }
  const bool heard = weight >= 3.0F && sum > kNearEndDb * weight;
  near_hold_ = heard ? kNearHoldBlocks : std::max(0, near_hold_ - 1);
}

void ResidualSuppressor::find_gains() noexcept {
  const float over = near_hold_ > 0 ? 1.0F : kOverEstimate;
  for (std::size_t k = 0; k < gain_.size(); ++k) {
    const float residual = over * residual_[k] + 1e-12F;
    const float posterior = error_.power[k] / residual;
    const float prior = kPriorMemory * clean_[k] / residual +
                        (1.0F - kPriorMemory) * std::max(posterior - 1.0F, 0.0F);
    float gain = prior / (1.0F + prior);
    if (near_hold_ == 0) gain *= gain;
    gain_[k] = std::max(gain, kLeastGain);
    clean_[k] = gain_[k] * gain_[k] * error_.power[k];
  }
}

float ResidualSuppressor::next_noise() noexcept {
  noise_state_ = noise_state_ * 1664525U + 1013904223U;
  return static_cast<float>(noise_state_ >> 8) * (2.0F * std::numbers::pi_v<float> / 16777216.0F);
}

void ResidualSuppressor::apply_gains() noexcept {
  for (std::size_t k = 0; k < gain_.size(); ++k) {
    error_.bins[k] *= gain_[k];
    if (!options_.comfort_noise) continue;
    // Noise of other phases adds up to half the power in overlapping windows: hence the 2.
    const float missing = 2.0F * background_[k] * (1.0F - gain_[k] * gain_[k]);
    if (missing > 0.0F) error_.bins[k] += std::polar(std::sqrt(missing), next_noise());
  }
}

void ResidualSuppressor::synthesise(std::span<float> out) noexcept {
  fft_.inverse(error_.bins, time_);
  const std::size_t n = out.size();
  for (std::size_t i = 0; i < n; ++i) {
    out[i] = overlap_[i] + time_[i] * window_[i];
    overlap_[i] = time_[n + i] * window_[n + i];
  }
}

void ResidualSuppressor::process(const EchoBlock& block, std::span<float> out) noexcept {
  analyse(block.echo, echo_);
  analyse(block.error, error_);
  for (std::size_t k = 0; k < echo_held_.size(); ++k)
    echo_held_[k] = std::max(echo_.power[k], kEchoHeld * echo_held_[k]);
  learn_leakage(block);
  estimate_residual(block);
  follow_background();
  judge_near_end(block.far_active);
  if (options_.suppress && block.far_active) {
    find_gains();
    apply_gains();
  } else {
    clean_ = error_.power;
  }
  synthesise(out);
}

void ResidualSuppressor::reset() noexcept {
  const auto zero = [](std::vector<float>& values, float value) {
    std::fill(values.begin(), values.end(), value);
  };
  zero(overlap_, 0.0F);
  zero(error_.past, 0.0F);
  zero(echo_.past, 0.0F);
  zero(echo_held_, 0.0F);
  zero(background_, 0.0F);
  zero(smooth_error_, 0.0F);
  zero(lowest_, 1e9F);
  zero(lowest_before_, 1e9F);
  zero(residual_, 0.0F);
  zero(clean_, 0.0F);
  zero(leakage_db_, 0.0F);
  zero(distortion_db_, -30.0F);
  blocks_in_window_ = 0;
  near_hold_ = 0;
  noise_state_ = options_.seed;
}

}  // namespace syrinx::enhance
