// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "syrinx/core/flow/stream.h"
#include "syrinx/stages/voice/voice_transform.h"

namespace syrinx::conversion {

// A source as a transform changes it, in time with it from the first frame on and as long: the
// latency is taken off. Fails with what the source fails with. Pre: neither is null; the transform
// is prepared for the source's rate and channels and blocks of up to kTransformedBlockFrames.
inline constexpr std::size_t kTransformedBlockFrames = 4'096;
std::unique_ptr<AudioSource> transformed(std::unique_ptr<AudioSource> source,
                                         std::unique_ptr<voice::VoiceTransform> transform);

}  // namespace syrinx::conversion
