// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <complex>
#include <cstddef>
#include <span>
#include <vector>

#include "syrinx/core/base/realtime.h"
#include "syrinx/core/base/result.h"
#include "syrinx/core/dsp/fft.h"
#include "syrinx/core/flow/audio.h"
#include "syrinx/stages/voice/world/minimum_phase.h"
#include "syrinx/stages/voice/world/voice_frames.h"

namespace syrinx::voice {

inline constexpr double kFrameFilterS = 0.012;  // The length of its responses.

// A filter that changes from frame to frame and looks at nothing that is to come: of each frame's
// amplitudes the response of minimum phase, faded out at its end, and between frames a crossfade of
// what both make, over a hop. An impulse comes out when it goes in, and rings on. The same filter
// for all channels. One stream, one thread.
class FrameFilter {
 public:
  // Pre: at least one channel. Errors: as MinimumPhase::create.
  static Result<FrameFilter> create(const FrameShape& shape, std::size_t channels);

  // From the next sample on over a hop to what has these amplitudes; at once to what was aimed at
  // before. Pre: as many as the shape has bins, above 0.
  void aim(std::span<const float> gain) noexcept SYRINX_REALTIME;
  // In place. Pre: as many channels as were given; all samples are finite.
  void process(MutableAudioView block) noexcept SYRINX_REALTIME;
  // Forgets the past, and lets all through until it is aimed.
  void reset() noexcept SYRINX_REALTIME;

 private:
  FrameFilter(const FrameShape& shape, std::size_t channels, MinimumPhase phase, dsp::RealFft fft);

  std::size_t hop_;
  std::size_t taps_;
  MinimumPhase phase_;
  dsp::RealFft fft_;
  std::vector<float> power_;
  std::vector<std::complex<float>> response_;
  std::vector<float> time_;
  std::vector<float> from_;  // Taps, the last of the response first.
  std::vector<float> to_;
  std::vector<std::vector<float>> rings_;  // By channel, everything twice: the last lie in a row.
  std::size_t place_ = 0;
  std::size_t faded_ = 0;  // Samples since the last aim, at most a hop.
};

}  // namespace syrinx::voice
