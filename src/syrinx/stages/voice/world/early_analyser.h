// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "syrinx/core/base/realtime.h"
#include "syrinx/core/base/result.h"
#include "syrinx/stages/voice/world/band_aperiodicity.h"
#include "syrinx/stages/voice/world/spectral_envelope.h"
#include "syrinx/stages/voice/world/voice_frames.h"

namespace syrinx::voice {

// VoiceAnalyser's frames for who cannot wait as long: the pitch is told from outside, and the
// envelope looks no further ahead than its window, 1.5 periods. One channel, one stream, one
// thread.
class EarlyAnalyser {
 public:
  // Errors: as frame_shape().
  static Result<EarlyAnalyser> create(int sample_rate_hz);

  const FrameShape& shape() const noexcept { return shape_; }

  // Takes one sample, finite; true once every hop, when a frame is due.
  bool take(float sample) noexcept SYRINX_REALTIME;
  // The frame whose centre lies `behind` samples before the newest, or as many more as a pitch so
  // low needs; F0 of 0 is no pitch. Its index counts frames, and is no place in the sound. Valid
  // until the next. Pre: behind is at most shape().fft_size.
  VoiceFrame analyse(float f0_hz, std::size_t behind) noexcept SYRINX_REALTIME;
  void reset() noexcept SYRINX_REALTIME;

 private:
  EarlyAnalyser(const FrameShape& shape, SpectralEnvelope envelope, BandAperiodicity noise);

  FrameShape shape_;
  SpectralEnvelope envelope_;
  BandAperiodicity noise_;
  std::size_t reach_;
  std::vector<float> ring_;
  std::vector<float> around_;
  std::vector<float> power_;
  std::vector<float> aperiodicity_;
  std::uint64_t samples_ = 0;
  std::uint64_t frames_ = 0;
};

}  // namespace syrinx::voice
