// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <span>

#include "syrinx/core/base/realtime.h"
#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"
#include "syrinx/core/flow/stream.h"
#include "syrinx/stages/voice/profile/exemplar_map.h"
#include "syrinx/stages/voice/profile/mixture_map.h"
#include "syrinx/stages/voice/profile/voice_profile.h"
#include "syrinx/stages/voice/world/voice_shaper.h"

namespace syrinx::voice {

inline constexpr int kLeastLikeRateHz = 16'000;  // Of a sound that is made like another voice.

struct LikeOptions {
  double amount = 1.0;     // 0 to 1: the way from the source's voice to the target's.
  double exemplars = 0.3;  // 0 to 1: how far single sounds follow the target's own examples rather
                           // than the mapping of statistics.
  double mixture = 0.0;    // 0 to 1: how far classes of sounds follow the target's own classes.
  bool keep_melody = false;    // Move F0 by its mean alone and leave its spread.
  double most_gain_db = 18.0;  // 0 to 40: no band is raised or lowered further.
};

// kInvalidArgument, with the value and its range, unless all options are in theirs.
Result<void> validate(const LikeOptions& options);

// Makes one voice like another while it streams: log F0 by mean and spread, the envelope by moving
// its formants, by the means and spreads of its cepstra, of all and class by class, and by
// exemplars of the target; all as a filter on the original sound, whose grains are laid at the new
// pitch (voice_shaper.h). One channel, one stream, one thread.
class Likeness {
 public:
  // Rates of 16 kHz and up. Errors: kInvalidArgument for a rate that frames do not take or below 16
  // kHz, or options that validate() refuses.
  static Result<Likeness> create(int sample_rate_hz, const VoiceProfile& source,
                                 const VoiceProfile& target, const LikeOptions& options = {});

  std::size_t latency_samples() const noexcept { return shaper_.latency_samples(); }
  // The ratio by which formants are moved before the statistics are fitted.
  double formant_ratio() const noexcept { return formant_ratio_; }

  // As much goes out as comes in, latency_samples() later. Blocks of any size give the same sound.
  // Non-finite samples count as 0. Pre: both have the same length.
  void process(std::span<const float> in, std::span<float> out) noexcept SYRINX_REALTIME;
  void reset() noexcept SYRINX_REALTIME;

 private:
  Likeness(VoiceShaper shaper, const VoiceProfile& source, const VoiceProfile& target,
           const LikeOptions& options);
  double map_frame(const VoiceFrame& frame, std::span<float> gain) noexcept;
  Cepstrum voiced_target(const Cepstrum& moved) noexcept;
  void approach(Cepstrum& wanted, const Cepstrum& answer, double share) const noexcept;
  Cepstrum unvoiced_target(const Cepstrum& moved) const noexcept;
  double f0_ratio(double f0_hz) const noexcept;

  VoiceShaper shaper_;
  LikeOptions options_;
  VoiceProfile target_;
  double source_log_f0_ = 0.0;
  double spread_ = 1.0;  // Of log F0.
  double formant_ratio_ = 1.0;
  CepstrumStatistics voiced_;  // Of the source, its formants moved.
  CepstrumStatistics unvoiced_;
  MelCepstra cepstra_;
  ExemplarMap exemplars_;
  MixtureMap mixture_;
  MelLogs change_{};   // Smoothed over frames.
  float keep_ = 0.0f;  // Of the change of the frame before.
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
