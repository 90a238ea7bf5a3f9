// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/stages/enhance/denoise/delayed_resampler.h"
#include "syrinx/stages/enhance/denoise/frame_network.h"
#include "syrinx/stages/enhance/denoise/hop_line.h"

namespace syrinx::enhance {

// A network at 16 kHz made to serve one channel of any rate. What the network cannot hear, above
// about 7 kHz, is the input less the input brought to 16 kHz and back; it is kept in time and
// lowered as far as the network lowers the band from 4 to 8 kHz. A network that changes nothing
// therefore gives back its input, latency_samples() later.
class AnyRateNetwork {
 public:
  // Errors: those of DelayedResampler::create.
  static Result<AnyRateNetwork> create(std::unique_ptr<FrameNetwork> network, int sample_rate_hz);

  std::size_t latency_samples() const noexcept { return latency_samples_; }
  void process(std::span<float> samples) noexcept;
  void reset() noexcept;
  // Frames in which the network failed; the sound passes as it was then.
  std::uint64_t failed_frames() const noexcept { return failed_frames_; }

 private:
  AnyRateNetwork() = default;
  float next(float x) noexcept;
  void denoise(std::span<const float> in, std::span<float> out) noexcept;

  // What of its band above 4 kHz the network lets through, roughly: by first differences.
  class UpperGain {
   public:
    void measure(std::span<const float> before, std::span<const float> after) noexcept;
    float next() noexcept { return now_ += kGlide * (target_ - now_); }
    void reset() noexcept { *this = {}; }

   private:
    static constexpr float kGlide = 0.005f;  // Of a sample: there in about 5 ms at 48 kHz.
    float target_ = 1.0f;
    float now_ = 1.0f;
  };

  std::unique_ptr<FrameNetwork> network_;
  HopLine line_;
  SampleDelay network_delay_;  // The network's input, as late as its output.
  std::vector<float> late_hop_;
  SampleDelay low_delay_;                 // The same, as late as what comes out of the line.
  std::optional<DelayedResampler> down_;  // None at 16 kHz.
  DelayedResampler up_clean_;
  DelayedResampler up_noisy_;
  SampleDelay input_delay_;
  UpperGain upper_;
  std::vector<float> clean_;  // Rings of what came up and is not yet given out.
  std::vector<float> noisy_;
  std::size_t clean_end_ = 0;
  std::size_t noisy_end_ = 0;
  std::size_t read_ = 0;
  std::size_t latency_samples_ = 0;
  std::uint64_t failed_frames_ = 0;
};

}  // namespace syrinx::enhance
