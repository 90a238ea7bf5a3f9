// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "syrinx/core/base/realtime.h"
#include "syrinx/core/base/result.h"

namespace syrinx::call {

// Another sample rate, block by block: so many whole frames in are so many whole frames out, at
// once, with a delay of 3 ms or less. A windowed sinc (Kaiser), a row of taps for each phase: flat
// to 83 % of the lower Nyquist frequency, images and aliases 70 dB down from 102 % of it on. For
// calls, where delay counts; dsp::Resampler has the better filter. One stream, one thread.
class RateChanger {
 public:
  // Errors: kInvalidArgument for rates outside 8,000 to 48,000 or no multiple of 100.
  static Result<RateChanger> create(int in_hz, int out_hz);

  int in_hz() const noexcept { return in_hz_; }
  int out_hz() const noexcept { return out_hz_; }
  double latency_ms() const noexcept;
  // in_frames * out_hz / in_hz, without what is over: then the sound slips by less than a frame.
  std::size_t out_frames(std::size_t in_frames) const noexcept;

  // Pre: in.size() <= kMaxFrames, out.size() == out_frames(in.size()).
  static constexpr std::size_t kMaxFrames = 480;
  void process(std::span<const float> in, std::span<float> out) noexcept SYRINX_REALTIME;
  void reset() noexcept SYRINX_REALTIME;

 private:
  RateChanger(int in_hz, int out_hz);

  int in_hz_ = 0;
  int out_hz_ = 0;
  std::size_t up_ = 1;  // out_hz over the rates' common factor: as many phases.
  std::size_t down_ = 1;
  std::size_t taps_ = 0;        // Of a row.
  std::vector<float> rows_;     // [phase][tap], oldest sample first.
  std::vector<float> samples_;  // The last taps_ - 1 samples, and a block after them.
};

}  // namespace syrinx::call
