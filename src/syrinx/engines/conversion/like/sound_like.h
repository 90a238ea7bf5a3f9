// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"
#include "syrinx/core/flow/stream.h"
#include "syrinx/engines/conversion/conversion.h"
#include "syrinx/stages/voice/profile/like_map.h"
#include "syrinx/stages/voice/profile/voice_profile.h"

namespace syrinx::conversion {

// One voice like another: the grains of the mode, laid at the other's pitch, and a filter behind
// them (like_transform.h).
struct LikeConversion {
  voice::LikeOptions like = {};
  Mode mode = Mode::kHigh;
  ChannelLink link = ChannelLink::kLinked;
  voice::VoiceSettings settings = {};  // On top of what makes it like the other.
};

// The transform, prepared for this sound. Errors: as make_transform() and voice::validate() for the
// likeness and the target; kInvalidArgument for rates below voice::kLeastLikeRateHz.
Result<std::unique_ptr<voice::VoiceTransform>> make_like(const voice::VoiceProfile& source,
                                                         const voice::VoiceProfile& target,
                                                         const LikeConversion& options,
                                                         const voice::Format& format);

// A source whose voice is known, in time with it and as long; memory does not grow with its length.
// Errors: as make_like(); what the source fails with.
Result<std::unique_ptr<AudioSource>> sound_like(std::unique_ptr<AudioSource> source,
                                                const voice::VoiceProfile& source_voice,
                                                const voice::VoiceProfile& target,
                                                const LikeConversion& options = {});

// A whole sound, whose own voice is learnt from it first. Rates below voice::kLeastLikeRateHz are
// worked on at that. As long as the source. Errors: also those of voice::ProfileLearner for the
// source, those of resampling.
Result<AudioBuffer> sound_like(AudioView source, const voice::VoiceProfile& target,
                               const LikeConversion& options = {});

}  // namespace syrinx::conversion
