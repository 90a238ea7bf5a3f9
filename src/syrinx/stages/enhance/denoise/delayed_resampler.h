// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "syrinx/core/base/realtime.h"
#include "syrinx/core/base/result.h"
#include "syrinx/core/dsp/kernels.h"

namespace syrinx::enhance {

// Another sample rate, sample by sample, with a delay that is exact and chosen: output n is the
// input at the time n * in_hz / out_hz - delay. A windowed sinc (Kaiser), one row of taps for each
// phase that occurs. Flat to 85 % of the lower rate's Nyquist frequency, -70 dB from it on.
class DelayedResampler {
 public:
  DelayedResampler() = default;
  // The least delay, in input samples, that create() accepts: half the filter.
  static double least_delay(int in_hz, int out_hz) noexcept;
  // `delay` is in input samples, and need not be whole. Takes memory. Errors: kLimitExceeded where
  // the rates have so few factors in common that the taps of all phases would be too many.
  static Result<DelayedResampler> create(int in_hz, int out_hz, double delay);

  // Takes one sample and hands on_sample(float) each output that it makes possible: as many in all
  // as ceil(inputs * out_hz / in_hz). As real-time safe as on_sample.
  template <class OnSample>
  void push(float x, OnSample&& on_sample) {
    remember(x);
    while (whole_ < inputs_) on_sample(next_output());
  }
  void reset() noexcept SYRINX_REALTIME;

 private:
  void remember(float x) noexcept;
  float next_output() noexcept;
  void make_rows(double delay, double half);

  std::uint64_t in_hz_ = 1;
  std::uint64_t out_hz_ = 1;
  std::uint64_t step_ = 1;        // out_hz over the rates' common factor: as many phases.
  std::size_t taps_ = 0;          // Of a row.
  std::vector<float> rows_;       // [phase][tap], oldest sample first.
  std::vector<std::size_t> ago_;  // How many samples before the whole position a row ends.
  std::vector<float> history_;    // Twice the same ring, so that each row is one piece.
  std::size_t ring_ = 0;
  std::uint64_t inputs_ = 0;
  std::uint64_t whole_ = 0;     // The next output's time: whole input samples,
  std::uint64_t fraction_ = 0;  // and what remains, in 1/out_hz.
};

}  // namespace syrinx::enhance
