// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <complex>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "syrinx/core/base/realtime.h"
#include "syrinx/core/base/result.h"
#include "syrinx/core/dsp/fft.h"

// What tells speech from noise in the last 32 ms, every 10 ms.
namespace syrinx::enhance {

struct VoiceFeatures {
  float likelihood = 0.0F;     // Log likelihood ratio over the noise, a mean over bands, bounded.
  float low_ratio_db = 0.0F;   // Signal over noise, 80 to 1,000 Hz, bounded at 0 and 30 dB.
  float high_ratio_db = 0.0F;  // The same, 1,000 to 4,000 Hz.
  float periodicity = 0.0F;    // The best of the normalised autocorrelation at 70 to 400 Hz.
  float change_db = 0.0F;      // How much the level moves over 300 ms: standard deviation.
};
inline constexpr std::size_t kVoiceFeatures = 5;

class VoiceFeatureTracker {
 public:
  // Pre: a rate of 8,000 to 48,000 that 100 divides. Errors: as dsp::RealFft.
  static Result<VoiceFeatureTracker> create(int sample_rate_hz);

  // Pre: 10 ms of finite samples.
  VoiceFeatures process(std::span<const float> hop) noexcept SYRINX_REALTIME;
  void reset() noexcept SYRINX_REALTIME;

 private:
  static constexpr std::size_t kBands = 20;
  static constexpr std::size_t kSpans = 10;        // Of which the least is the noise floor.
  static constexpr std::size_t kHopsPerSpan = 15;  // 150 ms.
  static constexpr std::size_t kLevels = 30;       // 300 ms.

  VoiceFeatureTracker(dsp::RealFft fft, int sample_rate_hz);
  void find_bands(int sample_rate_hz);
  void measure_bands() noexcept;
  void track_noise() noexcept;
  float likelihood() noexcept;
  float ratio_db(double from_hz, double to_hz) const noexcept;
  float periodicity() noexcept;
  float level_change() noexcept;

  dsp::RealFft fft_;
  int sample_rate_hz_;
  std::vector<float> samples_;  // The last window, oldest first.
  std::vector<float> window_;
  std::vector<float> windowed_;
  std::vector<float> window_correlation_;
  std::vector<std::complex<float>> spectrum_;
  std::array<std::size_t, kBands + 1> edges_ = {};
  std::array<double, kBands> power_ = {};
  std::array<double, kBands> smooth_ = {};
  std::array<double, kBands> noise_ = {};
  std::array<double, kBands> prior_ = {};  // Of speech over noise, of the hop before.
  std::array<std::array<double, kBands>, kSpans> least_ = {};
  std::array<float, kLevels> levels_ = {};
  std::uint64_t hops_ = 0;
};

}  // namespace syrinx::enhance
