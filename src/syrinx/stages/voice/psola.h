// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "syrinx/core/base/result.h"
#include "syrinx/stages/voice/pitch_marks.h"
#include "syrinx/stages/voice/voice_transform.h"

namespace syrinx::voice {

struct PsolaOptions {
  // Less than it takes to find all marks of the lowest voice and speak them again costs exactness
  // of low voices, not continuity: a grain is then taken a period too early.
  double latency_ms = 48.0;
  PitchMarkOptions marks;
};

// Pitch, formants and manner by pitch-synchronous grains (see GrainVoice). Unvoiced sound passes
// untouched unless formants are moved, and a voice whose settings change nothing comes out as it
// went in, to 1e-4 of full scale. All channels have the marks of their mean. A constant under the
// sound (DC) passes as it is.
// Errors: kInvalidArgument for settings that validate() refuses, F0 limits that StreamingF0 does,
// or a latency outside 10 to 500 ms.
Result<std::unique_ptr<VoiceTransform>> make_psola(const PsolaOptions& options,
                                                   const VoiceSettings& settings);

}  // namespace syrinx::voice
