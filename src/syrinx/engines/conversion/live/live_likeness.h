// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "syrinx/core/base/realtime.h"
#include "syrinx/core/base/result.h"
#include "syrinx/core/base/spsc_queue.h"
#include "syrinx/engines/conversion/like/like_aim.h"
#include "syrinx/engines/conversion/live/live_chain.h"
#include "syrinx/stages/voice/profile/voice_profile.h"

namespace syrinx::conversion {

// How well the voice that speaks is known.
enum class SourceKnowledge {
  kNone,   // It passes as it is.
  kPitch,  // Its pitch is moved to the target's, its spectrum stays.
  kVoice,  // All is done, and what is heard further refines it.
};
const char* to_string(SourceKnowledge known) noexcept;  // "none", "pitch", "voice"

inline constexpr double kPitchKnownS = 1.0;  // Of voiced speech.
inline constexpr double kVoiceKnownS = 3.0;

struct LiveLikenessOptions {
  voice::VoiceProfile target;
  voice::LikeOptions like;
  // The voice that speaks; none: learnt from what the chain's listener hears.
  std::optional<voice::VoiceProfile> source;
  int sample_rate_hz = 48'000;
};

// A live voice on its way to be like another: makes the transforms for a LiveChain, and, where the
// voice that speaks is not given, learns it beside the sound. Outlives the chain, or is shared with
// it by what transforms() gives.
class LiveLikeness : public std::enable_shared_from_this<LiveLikeness> {
 public:
  // Errors: as voice::validate(LikeOptions, VoiceProfile); kInvalidArgument for a rate below
  // voice::kLeastLikeRateHz; as voice::frame_shape().
  static Result<std::shared_ptr<LiveLikeness>> create(LiveLikenessOptions options);

  // For LiveChainOptions::transforms: the standard ones, each with the filter of like_transform.h.
  TransformMaker transforms();
  // For LiveChainOptions::listener: empty where the voice is given. One chain's alone.
  VoiceListener listener();

  // Learns from what the listener heard since; true when the voice is known better than before, and
  // the transforms will be told. Some milliseconds for each second of sound. Twice a second or more
  // often, by the controlling thread, which is also the one that has transforms made.
  bool learn();
  SourceKnowledge known() const noexcept { return known_; }
  double voiced_s() const noexcept { return voiced_s_; }  // Heard so far, or of the given voice.
  const voice::VoiceProfile& target() const noexcept { return options_.target; }
  // Of the voice that speaks; 0 where that is not known.
  double source_f0_hz() const noexcept { return source_ ? source_->f0_hz() : 0.0; }

 private:
  LiveLikeness(LiveLikenessOptions options, const voice::FrameShape& shape);
  void hear(AudioView block) noexcept SYRINX_REALTIME;
  bool learn_piece();
  void post(LikeMailbox& mailbox) const;

  LiveLikenessOptions options_;
  voice::FrameShape shape_;
  SpscQueue<float> heard_;
  AudioBuffer piece_;
  std::size_t piece_frames_ = 0;
  voice::ProfileLearner learner_;
  std::optional<voice::VoiceProfile> source_;
  SourceKnowledge known_ = SourceKnowledge::kNone;
  double voiced_s_ = 0.0;
  std::size_t refinements_ = 0;                          // Since the voice was known.
  std::vector<std::shared_ptr<LikeMailbox>> mailboxes_;  // While the voice is being learnt.
};

}  // namespace syrinx::conversion
