// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "syrinx/core/base/result.h"
#include "syrinx/engines/conversion/like/like_aim.h"
#include "syrinx/stages/voice/voice_transform.h"

namespace syrinx::conversion {

// One voice like another while it is spoken, no later than the transform that moves its pitch:
//
//   in ──┬──────────────────────▶ inner: pitch ──▶ filter ──▶ out
//        └─▶ analysis ─▶ LikeMap ──▲ F0 ratio        ▲ minimum phase, of each frame's gains
//
// The analysis is of the mean of all channels, and all have the same filter. Where the inner
// transform looks as far ahead as VoiceAnalyser (31 ms) and a hop, its frames are held until their
// sound comes out. Else they are EarlyAnalyser's with the inner transform's F0: in time for voices
// from about 100 Hz up, a few ms late below.
//
// A constant under the sound (DC) above -60 dB of full scale is the microphone's and not the
// voice's: it is left out.
//
// What the mailbox holds when it is prepared or reset is there at once; what is posted later is
// glided to, from what was there before or from the voice as it is. set() is on top of that.
// Errors of prepare(): also kInvalidArgument for rates below voice::kLeastLikeRateHz. Pre: neither
// is null; the mailbox is no other transform's.
std::unique_ptr<voice::VoiceTransform> make_like_transform(
    std::unique_ptr<voice::VoiceTransform> inner, std::shared_ptr<LikeMailbox> mailbox);

}  // namespace syrinx::conversion
