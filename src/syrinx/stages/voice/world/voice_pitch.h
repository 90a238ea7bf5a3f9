// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "syrinx/core/base/realtime.h"
#include "syrinx/core/base/result.h"
#include "syrinx/core/dsp/pitch/streaming_f0.h"
#include "syrinx/stages/voice/world/voice_frames.h"

namespace syrinx::voice {

// The pitch of each frame of a stream: dsp::StreamingF0 on the sound below 1.5 kHz, at 16 to 32
// kHz, and of its values the medians of five frames, so that an octave or a voicing that jumps away
// and back within two frames is not believed. One thread.
class VoicePitch {
 public:
  // A frame is told when at least `least_latency` samples after its centre are in.
  static Result<VoicePitch> create(const FrameShape& shape, std::size_t least_latency);

  // Samples after a frame's centre that are in when it is told.
  std::size_t latency_samples() const noexcept { return latency_; }

  // Takes one sample; true when it completes the pitch of the next frame, which f0_hz() then is.
  bool take(float sample) noexcept SYRINX_REALTIME;
  float f0_hz() const noexcept { return f0_hz_; }
  void reset() noexcept SYRINX_REALTIME;

 private:
  VoicePitch(const FrameShape& shape, std::size_t least_latency, dsp::StreamingF0 tracker);
  bool track(float sample) noexcept;
  float filtered() const noexcept;
  float settled(std::uint64_t frame) const noexcept;

  FrameShape shape_;
  dsp::StreamingF0 tracker_;
  std::size_t frame_samples_ = 0;  // Of the tracker.
  std::size_t primed_ = 0;         // Samples of silence before the sound, at the tracker's rate.
  std::size_t ahead_ = 0;          // Frames of the tracker beyond the one that is told.
  std::size_t latency_ = 0;
  std::vector<float> taps_;
  std::vector<float> ring_;      // Twice as long as the taps.
  std::vector<float> track_hz_;  // The tracker's last frames.
  std::uint64_t samples_ = 0;
  std::uint64_t tracked_ = 0;  // Frames of the tracker.
  float f0_hz_ = 0.0f;
};

}  // namespace syrinx::voice
