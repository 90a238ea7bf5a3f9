// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <complex>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "syrinx/core/base/realtime.h"
#include "syrinx/core/base/result.h"
#include "syrinx/core/dsp/fft.h"

namespace syrinx::enhance {

// Finds by how much the echo in the near end lags behind the far end, by generalised cross-
// correlation with the smoothed coherence transform (Knapp and Carter 1976; Carter 1973), at a rate
// of about 4 kHz, sixteen times a second.
class DelaySearch {
 public:
  // Searches lags from 0 to `max_delay_samples`, at most 0.74 s. Errors: dsp::RealFft::create's.
  static Result<DelaySearch> create(int sample_rate_hz, std::size_t max_delay_samples);

  // Takes as much of both. Any number of samples.
  void push(std::span<const float> near, std::span<const float> far) noexcept SYRINX_REALTIME;
  // The lag in samples, once it stood out several times in a row; it stays until another does.
  std::optional<double> delay_samples() const noexcept { return delay_; }
  // How far the highest peak of the last correlation stood over its root mean square.
  double salience() const noexcept { return salience_; }
  void reset() noexcept SYRINX_REALTIME;

 private:
  DelaySearch(int sample_rate_hz, std::size_t max_delay_samples, dsp::RealFft fft);

  // Lowers the rate by a FIR filter that is worked out only where its output is kept.
  class Decimator {
   public:
    Decimator(std::size_t factor, std::size_t kept);
    bool push(float sample) noexcept;  // Whether a sample of the lower rate came of it.
    std::size_t since() const noexcept { return kept_since_; }
    void taken() noexcept { kept_since_ = 0; }
    // The last samples of the lower rate, oldest first.
    void copy_last(std::span<float> out) const noexcept;
    void reset() noexcept;

   private:
    std::size_t factor_;
    std::vector<float> taps_;
    std::vector<float> line_;
    std::size_t line_at_ = 0;
    std::size_t phase_ = 0;
    std::vector<float> kept_;
    std::size_t kept_at_ = 0;
    std::size_t kept_since_ = 0;
  };

  void search() noexcept;
  void smooth_spectra() noexcept;
  void correlate() noexcept;
  void judge_peak() noexcept;

  std::size_t factor_;
  std::size_t most_lag_;
  std::size_t lowest_bin_;
  std::size_t highest_bin_;
  Decimator near_;
  Decimator far_;
  dsp::RealFft fft_;
  std::vector<float> time_;
  std::vector<std::complex<float>> near_bins_;
  std::vector<std::complex<float>> far_bins_;
  std::vector<std::complex<float>> cross_;
  std::vector<float> near_power_;
  std::vector<float> far_power_;
  std::optional<double> delay_;
  std::size_t candidate_ = 0;
  int times_seen_ = 0;
  double salience_ = 0.0;
};

}  // namespace syrinx::enhance
