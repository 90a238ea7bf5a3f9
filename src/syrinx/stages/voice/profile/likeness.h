// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <span>

#include "syrinx/core/base/realtime.h"
#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"
#include "syrinx/core/flow/stream.h"
#include "syrinx/stages/voice/profile/like_map.h"
#include "syrinx/stages/voice/profile/voice_profile.h"
#include "syrinx/stages/voice/world/voice_shaper.h"

namespace syrinx::voice {

inline constexpr int kLeastLikeRateHz = 16'000;  // Of a sound that is made like another voice.

// Makes one voice like another while it streams: like_map.h as a filter on the original sound,
// whose grains are laid at the new pitch (voice_shaper.h). One channel, one stream, one thread.
class Likeness {
 public:
  // Rates of 16 kHz and up. Errors: kInvalidArgument for a rate that frames do not take or below 16
  // kHz, or options that validate() refuses.
  static Result<Likeness> create(int sample_rate_hz, const VoiceProfile& source,
                                 const VoiceProfile& target, const LikeOptions& options = {});

  std::size_t latency_samples() const noexcept { return shaper_.latency_samples(); }
  double formant_ratio() const noexcept { return map_.formant_ratio(); }  // As LikeMap's.

  // As much goes out as comes in, latency_samples() later. Blocks of any size give the same sound.
  // Non-finite samples count as 0. Pre: both have the same length.
  void process(std::span<const float> in, std::span<float> out) noexcept SYRINX_REALTIME;
  void reset() noexcept SYRINX_REALTIME;

 private:
  Likeness(VoiceShaper shaper, LikeMap map);

  VoiceShaper shaper_;
  LikeMap map_;
};

// The whole sound like the target, each channel alike; the source's own profile is learnt from it
// first. Rates below 16 kHz are worked on at 16 kHz. As long as the source. Errors: as
// ProfileLearner for the source, as Likeness::create, those of resampling.
Result<AudioBuffer> sound_like(AudioView source, const VoiceProfile& target,
                               const LikeOptions& options = {});

// The same for a stream whose voice is known already; memory does not grow with its length, and
// the delay is taken off. Errors: as Likeness::create; what the inner stream fails with.
Result<std::unique_ptr<AudioSource>> sound_like(std::unique_ptr<AudioSource> source,
                                                const VoiceProfile& source_voice,
                                                const VoiceProfile& target,
                                                const LikeOptions& options = {});

}  // namespace syrinx::voice
