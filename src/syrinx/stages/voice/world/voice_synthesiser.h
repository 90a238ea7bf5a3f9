// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <complex>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "syrinx/core/base/realtime.h"
#include "syrinx/core/base/result.h"
#include "syrinx/core/dsp/fft.h"
#include "syrinx/core/flow/audio.h"
#include "syrinx/stages/voice/world/minimum_phase.h"
#include "syrinx/stages/voice/world/voice_frames.h"

namespace syrinx::voice {

// Makes sound of frames while they come in: at each period of F0 a pulse, and between pulses
// noise, both through the minimum-phase filter of the envelope, shared out by the aperiodicity
// (after Morise's World). The noise is a function of the place in the stream: equal frames give
// equal sound. One stream, one thread.
class VoiceSynthesiser {
 public:
  // Errors: kInvalidArgument for a shape that frame_shape() does not give.
  static Result<VoiceSynthesiser> create(const FrameShape& shape);

  const FrameShape& shape() const noexcept { return shape_; }
  // How far the sound of process() is behind its frames.
  std::size_t latency_samples() const noexcept { return latency_; }

  // Takes the next frame and fills `out` with the next hop_samples: sample i of the stream is that
  // of second (i - latency_samples()) / rate. Pre: the frame is of shape(), its values as
  // check_frames() wants them; out.size() == hop_samples.
  void process(const VoiceFrame& frame, std::span<float> out) noexcept SYRINX_REALTIME;
  // Forgets the past, as between two streams.
  void reset() noexcept SYRINX_REALTIME;

 private:
  VoiceSynthesiser(const FrameShape& shape, MinimumPhase filter, dsp::RealFft fft);
  void step_hop(const VoiceFrame& frame) noexcept;
  void render_pulse(const VoiceFrame& frame, double at, double f0_hz, double share) noexcept;
  void blend(const VoiceFrame& frame, double share) noexcept;
  void fill_noise(std::uint64_t from, std::size_t samples) noexcept;
  void mix_spectra(double delay, double f0_hz) noexcept;
  void add(std::uint64_t from) noexcept;

  FrameShape shape_;
  MinimumPhase filter_;
  dsp::RealFft fft_;
  std::size_t early_;  // Samples of a response before its pulse.
  std::size_t latency_;
  std::vector<float> former_power_;
  std::vector<float> former_aperiodicity_;
  float former_f0_hz_ = 0.0f;
  bool started_ = false;
  std::uint64_t hops_ = 0;
  double phase_ = 0.0;            // Of the period, 0 to 1.
  std::uint64_t last_pulse_ = 0;  // Where noise was last filled up to.
  std::vector<float> power_;
  std::vector<float> aperiodicity_;
  std::vector<float> share_;  // [bins] of noise.
  std::vector<std::complex<float>> response_;
  std::vector<std::complex<float>> noise_spectrum_;
  std::vector<float> time_;
  std::vector<float> ring_;  // Sound to come.
};

// The sound of all frames, frames.samples long. Errors: as check_frames().
Result<AudioBuffer> synthesise_voice(const VoiceFrames& frames);

}  // namespace syrinx::voice
