// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "syrinx/core/base/realtime.h"
#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"
#include "syrinx/stages/voice/world/band_aperiodicity.h"
#include "syrinx/stages/voice/world/spectral_envelope.h"
#include "syrinx/stages/voice/world/voice_frames.h"
#include "syrinx/stages/voice/world/voice_pitch.h"

namespace syrinx::voice {

// Takes a voice apart while it comes in: the pitch (voice_pitch.h), its envelope
// (spectral_envelope.h) and its noise (band_aperiodicity.h), a frame per hop. Blocks of any size
// give the same frames, bit for bit. One channel, one stream, one thread.
class VoiceAnalyser {
 public:
  // Errors: as frame_shape().
  static Result<VoiceAnalyser> create(int sample_rate_hz, const VoiceFrameOptions& options = {});

  const FrameShape& shape() const noexcept { return shape_; }
  // A frame is handed on as soon as this many samples after its centre are in.
  std::size_t latency_samples() const noexcept { return pitch_.latency_samples(); }

  // Hands on_frame(const VoiceFrame&) each frame that the block completes, in order. Non-finite
  // samples count as 0. As real-time safe as on_frame is.
  template <class OnFrame>
  void process(std::span<const float> block, OnFrame&& on_frame) {
    for (const float sample : block) {
      if (take(sample)) on_frame(analyse());
    }
  }
  // Hands on the frames whose centres are in the sound but whose ends were not, as if silence
  // followed. reset() is to be called before more sound.
  template <class OnFrame>
  void finish(OnFrame&& on_frame) {
    const std::uint64_t samples = samples_;
    while (next_frame_ * shape_.hop_samples < samples) {
      if (take(0.0f)) on_frame(analyse());
    }
  }
  // Forgets the past, as between two streams.
  void reset() noexcept SYRINX_REALTIME;

 private:
  VoiceAnalyser(const FrameShape& shape, VoicePitch pitch, SpectralEnvelope envelope,
                BandAperiodicity noise);
  bool take(float sample) noexcept SYRINX_REALTIME;
  VoiceFrame analyse() noexcept SYRINX_REALTIME;

  FrameShape shape_;
  VoicePitch pitch_;
  SpectralEnvelope envelope_;
  BandAperiodicity noise_;
  std::vector<float> ring_;    // The last samples,
  std::vector<float> around_;  // and those around a frame's centre.
  std::vector<float> power_;
  std::vector<float> aperiodicity_;
  std::uint64_t samples_ = 0;
  std::uint64_t next_frame_ = 0;
};

// All frames of a sound of one channel, as VoiceAnalyser gives them. Errors: as frame_shape();
// kInvalidArgument for no samples or several channels; kLimitExceeded beyond kMaxFramesS.
inline constexpr double kMaxFramesS = 3'600.0;
Result<VoiceFrames> analyse_voice(AudioView mono, const VoiceFrameOptions& options = {});

}  // namespace syrinx::voice
