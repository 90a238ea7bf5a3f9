// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <complex>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/dsp/fft.h"

namespace syrinx::measure {

// The lag of the largest sum over n of a[n] b[n + lag], among -most_back to most_ahead, and that
// sum. Errors: kLimitExceeded where both do not fit into one FFT of limits::kMaxFftSize.
struct CorrelationPeak {
  std::ptrdiff_t lag = 0;
  double value = 0.0;
};
Result<CorrelationPeak> strongest_lag(std::span<const float> a, std::span<const float> b,
                                      std::size_t most_back, std::size_t most_ahead);

// The same over signals of any length, for lags up to max_lag either way: the correlations of
// segments of `a` with what they can be found in of `b` are summed in the frequency domain.
class SegmentedCorrelation {
 public:
  // Errors: kLimitExceeded where 2.5 times max_lag is more than limits::kMaxFftSize.
  static Result<SegmentedCorrelation> create(std::span<const float> a, std::span<const float> b,
                                             std::size_t max_lag);

  // Where the magnitude of the correlation is largest.
  std::ptrdiff_t strongest_lag() { return peak_lag(spectrum_); }
  // The same where all frequencies weigh alike (GCC-PHAT, Knapp and Carter 1976).
  std::ptrdiff_t sharpest_lag();

 private:
  SegmentedCorrelation(dsp::RealFft fft, std::size_t max_lag)
      : fft_(std::move(fft)), max_lag_(max_lag), spectrum_(fft_.bins()) {}

  void add_segments(std::span<const float> a, std::span<const float> b);
  std::ptrdiff_t peak_lag(const std::vector<std::complex<float>>& spectrum);

  dsp::RealFft fft_;
  std::size_t max_lag_;
  // Of the correlation; element k of its inverse belongs to a lag of k - max_lag_.
  std::vector<std::complex<float>> spectrum_;
};

}  // namespace syrinx::measure
