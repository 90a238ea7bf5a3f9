// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <complex>
#include <cstddef>
#include <span>
#include <vector>

#include "syrinx/core/base/realtime.h"
#include "syrinx/core/base/result.h"
#include "syrinx/core/dsp/fft.h"
#include "syrinx/stages/enhance/echo/far_history.h"
#include "syrinx/stages/enhance/echo/split_spectrum.h"

namespace syrinx::enhance {

// A room's answer in partitions of one block each, kept as spectra of two blocks (overlap-save).
// What both adaptive filters share: the weights and what is done with them.
class EchoFilter {
 public:
  // Takes all memory. Errors: those of dsp::RealFft::create for 2 * block_samples.
  static Result<EchoFilter> create(std::size_t block_samples, std::size_t partitions);

  std::size_t block_samples() const noexcept { return block_; }
  std::size_t bins() const noexcept { return block_ + 1; }
  std::size_t partitions() const noexcept { return weights_.size(); }
  SplitSpectrum& weights(std::size_t partition) noexcept { return weights_[partition]; }
  const SplitSpectrum& weights(std::size_t partition) const noexcept { return weights_[partition]; }

  // The echo of the block that came `delay` blocks ago and of those before it.
  // Pre: echo.size() == block_samples(); history holds delay + partitions() blocks.
  void estimate(const FarHistory& history, std::size_t delay,
                std::span<float> echo) noexcept SYRINX_REALTIME;
  // The spectrum of an error that stands in the second half of two blocks.
  void transform_error(std::span<const float> error, SplitSpectrum& out) noexcept SYRINX_REALTIME;
  // Takes out of a partition what would wrap around: the second block of its answer.
  void constrain(std::size_t partition) noexcept SYRINX_REALTIME;
  // The answer `blocks` earlier (positive) or later in the filter; what leaves it is lost.
  void shift(int blocks) noexcept SYRINX_REALTIME;
  void copy_from(const EchoFilter& other) noexcept SYRINX_REALTIME;
  void reset() noexcept SYRINX_REALTIME;

 private:
  EchoFilter(std::size_t block, std::size_t partitions, dsp::RealFft fft);

  std::size_t block_;
  std::vector<SplitSpectrum> weights_;
  dsp::RealFft fft_;
  SplitSpectrum sum_;
  std::vector<std::complex<float>> bins_;
  std::vector<float> time_;
};

}  // namespace syrinx::enhance
