// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>

namespace syrinx::enhance {

// A denoising network at 16 kHz that works hop by hop on one channel. Not real-time safe.
class FrameNetwork {
 public:
  FrameNetwork() = default;
  FrameNetwork(const FrameNetwork&) = delete;
  FrameNetwork& operator=(const FrameNetwork&) = delete;
  virtual ~FrameNetwork() = default;

  virtual std::size_t hop_samples() const noexcept = 0;
  // By which the output lags behind the input, both counted in whole hops.
  virtual std::size_t latency_samples() const noexcept = 0;
  // Pre: both have hop_samples(). False where the network failed, and `out` is unspecified then.
  virtual bool process(std::span<const float> in, std::span<float> out) noexcept = 0;
  virtual void reset() noexcept = 0;
};

}  // namespace syrinx::enhance
