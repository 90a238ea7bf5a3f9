// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/enhance/vad/voice_features.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

namespace syrinx::enhance {
namespace {

constexpr double kWindowS = 0.032;
constexpr double kLowestHz = 80.0;
constexpr double kHighestHz = 7'000.0;
constexpr double kFloor = 1e-10;       // Of a band's power: what is below is silence.
constexpr double kSmoothing = 0.7;     // Of a band's power, for its least.
constexpr double kLeastIsLowBy = 1.6;  // The least of a smoothed power is below its mean.
constexpr double kDecision = 0.97;     // Weight of the past in the prior ratio.
constexpr float kMostLikelihood = 12.0F;

std::size_t window_frames(int sample_rate_hz) {
  auto size = static_cast<std::size_t>(kWindowS * sample_rate_hz);
  const auto smooth = [](std::size_t n) {
    for (const std::size_t prime : {2U, 3U, 5U}) {
      while (n % prime == 0) n /= prime;
    }
    return n == 1;
  };
  while (size % 2 != 0 || !smooth(size)) ++size;
  return size;
}

double mel_of(double hz) { return 2'595.0 * std::log10(1.0 + hz / 700.0); }
double hz_of(double mel) { return 700.0 * (std::pow(10.0, mel / 2'595.0) - 1.0); }

}  // namespace

Result<VoiceFeatureTracker> VoiceFeatureTracker::create(int sample_rate_hz) {
  SYRINX_ASSIGN(auto fft, dsp::RealFft::create(window_frames(sample_rate_hz)));
  return VoiceFeatureTracker(std::move(fft), sample_rate_hz);
}

VoiceFeatureTracker::VoiceFeatureTracker(dsp::RealFft fft, int sample_rate_hz)
    : fft_(std::move(fft)),
      sample_rate_hz_(sample_rate_hz),
      samples_(fft_.size()),
      window_(fft_.size()),
      windowed_(fft_.size()),
      window_correlation_(fft_.size()),
      spectrum_(fft_.bins()) {
  for (std::size_t i = 0; i < window_.size(); ++i) {
    const double at = (static_cast<double>(i) + 0.5) / static_cast<double>(window_.size());
    window_[i] = static_cast<float>(0.5 - 0.5 * std::cos(2.0 * std::numbers::pi * at));
  }
  fft_.forward(window_, spectrum_);
  for (auto& bin : spectrum_) bin = std::norm(bin);
  fft_.inverse(spectrum_, window_correlation_);
  find_bands(sample_rate_hz);
  reset();
}

void VoiceFeatureTracker::find_bands(int sample_rate_hz) {
  const double highest = std::min(kHighestHz, 0.48 * sample_rate_hz);
  const double bin_hz = static_cast<double>(sample_rate_hz) / static_cast<double>(fft_.size());
  for (std::size_t b = 0; b <= kBands; ++b) {
    const double mel =
        mel_of(kLowestHz) + (mel_of(highest) - mel_of(kLowestHz)) * static_cast<double>(b) / kBands;
    edges_[b] = static_cast<std::size_t>(std::lround(hz_of(mel) / bin_hz));
    if (b > 0) edges_[b] = std::max(edges_[b], edges_[b - 1] + 1);
  }
}

void VoiceFeatureTracker::reset() noexcept {
  std::ranges::fill(samples_, 0.0F);
  power_ = smooth_ = noise_ = prior_ = {};
  for (auto& span : least_) span.fill(1e9);
  levels_ = {};
  hops_ = 0;
}

void VoiceFeatureTracker::measure_bands() noexcept {
  for (std::size_t i = 0; i < samples_.size(); ++i) windowed_[i] = samples_[i] * window_[i];
  fft_.forward(windowed_, spectrum_);
  const double scale = 1.0 / (static_cast<double>(fft_.size()) * static_cast<double>(fft_.size()));
  for (std::size_t b = 0; b < kBands; ++b) {
    double sum = 0.0;
    for (std::size_t k = edges_[b]; k < edges_[b + 1]; ++k) sum += std::norm(spectrum_[k]);
    power_[b] = std::max(kFloor, scale * sum / static_cast<double>(edges_[b + 1] - edges_[b]));
  }
}

// The least of the smoothed power over the last second and a half (Martin, 2001, in short).
void VoiceFeatureTracker::track_noise() noexcept {
  const std::size_t span = (hops_ / kHopsPerSpan) % kSpans;
  if (hops_ % kHopsPerSpan == 0) least_[span].fill(1e9);
  for (std::size_t b = 0; b < kBands; ++b) {
    smooth_[b] = hops_ < 2 ? power_[b] : kSmoothing * smooth_[b] + (1 - kSmoothing) * power_[b];
    least_[span][b] = std::min(least_[span][b], smooth_[b]);
    double least = least_[0][b];
    for (const auto& one : least_) least = std::min(least, one[b]);
    noise_[b] = std::max(kFloor, kLeastIsLowBy * least);
  }
}

// Sohn, Kim and Sung (1999), with the decision-directed prior of Ephraim and Malah (1984).
float VoiceFeatureTracker::likelihood() noexcept {
  double sum = 0.0;
  for (std::size_t b = 0; b < kBands; ++b) {
    const double posterior = std::min(power_[b] / noise_[b], 1e4);
    const double prior = kDecision * prior_[b] + (1 - kDecision) * std::max(posterior - 1.0, 0.0);
    sum += posterior * prior / (1.0 + prior) - std::log1p(prior);
    const double gain = prior / (1.0 + prior);
    prior_[b] = gain * gain * posterior;
  }
  return std::min(kMostLikelihood, static_cast<float>(std::log1p(std::max(sum / kBands, 0.0))));
}

float VoiceFeatureTracker::ratio_db(double from_hz, double to_hz) const noexcept {
  const double bin_hz = static_cast<double>(sample_rate_hz_) / static_cast<double>(fft_.size());
  double signal = 0.0;
  double noise = 0.0;
  for (std::size_t b = 0; b < kBands; ++b) {
    const double hz = static_cast<double>(edges_[b]) * bin_hz;
    if (hz < from_hz - bin_hz || hz >= to_hz) continue;
    signal += power_[b] / noise_[b];
    noise += 1.0;
  }
  if (noise == 0.0) return 0.0F;
  return static_cast<float>(std::clamp(10.0 * std::log10(signal / noise), 0.0, 30.0));
}

// Of what lies from 80 to 1,500 Hz, freed of what the window does to it. Uses up the spectrum.
float VoiceFeatureTracker::periodicity() noexcept {
  const double bin_hz = static_cast<double>(sample_rate_hz_) / static_cast<double>(fft_.size());
  for (std::size_t k = 0; k < spectrum_.size(); ++k) {
    const double hz = static_cast<double>(k) * bin_hz;
    spectrum_[k] = hz >= 80.0 && hz <= 1'500.0 ? std::norm(spectrum_[k]) : 0.0F;
  }
  fft_.inverse(spectrum_, windowed_);
  if (!(windowed_[0] > 1e-12F)) return 0.0F;
  float best = 0.0F;
  const auto from = static_cast<std::size_t>(sample_rate_hz_ / 400);
  const auto to = static_cast<std::size_t>(sample_rate_hz_ / 70);
  for (std::size_t lag = from; lag <= to; ++lag) {
    const float wide = window_correlation_[lag] / window_correlation_[0];
    best = std::max(best, windowed_[lag] / (windowed_[0] * std::max(wide, 0.15F)));
  }
  return std::min(best, 1.0F);
}

float VoiceFeatureTracker::level_change() noexcept {
  double sum = 0.0;
  for (const double power : power_) sum += power;
  levels_[hops_ % kLevels] = static_cast<float>(10.0 * std::log10(sum));
  const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(hops_ + 1, kLevels));
  float mean = 0.0F;
  for (std::size_t i = 0; i < count; ++i) mean += levels_[i];
  mean /= static_cast<float>(count);
  float square = 0.0F;
  for (std::size_t i = 0; i < count; ++i) square += (levels_[i] - mean) * (levels_[i] - mean);
  return std::min(std::sqrt(square / static_cast<float>(count)), 15.0F);
}

VoiceFeatures VoiceFeatureTracker::process(std::span<const float> hop) noexcept {
  std::copy(samples_.begin() + static_cast<std::ptrdiff_t>(hop.size()), samples_.end(),
            samples_.begin());
  std::copy(hop.begin(), hop.end(), samples_.end() - static_cast<std::ptrdiff_t>(hop.size()));
  measure_bands();
  track_noise();
  VoiceFeatures features;
  features.likelihood = likelihood();
  features.low_ratio_db = ratio_db(80.0, 1'000.0);
  features.high_ratio_db = ratio_db(1'000.0, 4'000.0);
  features.change_db = level_change();
  features.periodicity = periodicity();
  ++hops_;
  return features;
}

}  // namespace syrinx::enhance
