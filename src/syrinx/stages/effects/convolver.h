// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <complex>
#include <cstddef>
#include <span>
#include <vector>

#include "syrinx/core/base/realtime.h"
#include "syrinx/core/base/result.h"
#include "syrinx/core/dsp/fft.h"

namespace syrinx::effects {

// Convolution with a fixed response, of any length, by overlap-save over equal partitions (Stockham
// 1966; Gardner 1995): samples come and go in any number, and lag by one partition.
class Convolver {
 public:
  // Errors: kInvalidArgument for an empty response, or a partition that is no size for an FFT.
  static Result<Convolver> create(std::span<const float> response, std::size_t channels,
                                  std::size_t partition_samples);

  std::size_t latency_samples() const noexcept { return partition_; }
  // In place. Pre: channel < channels of create(). Channels advance each by itself.
  void process(std::span<float> samples, std::size_t channel) noexcept SYRINX_REALTIME;
  void reset() noexcept SYRINX_REALTIME;

 private:
  using Bins = std::vector<std::complex<float>>;
  struct Channel {
    std::vector<float> input;   // The partition before, and the one being filled.
    std::vector<float> output;  // The partition being given out.
    Bins past;                  // Spectra of the last partitions, a ring.
    std::size_t filled = 0;
    std::size_t newest = 0;
  };
  Convolver(dsp::RealFft fft, std::span<const float> response, std::size_t channels,
            std::size_t partition);
  void convolve(Channel& channel) noexcept;

  dsp::RealFft fft_;
  std::size_t partition_;
  std::size_t partitions_;
  Bins response_;  // [partition][bin]
  Bins sum_;
  std::vector<float> time_;
  std::vector<Channel> channels_;
};

}  // namespace syrinx::effects
