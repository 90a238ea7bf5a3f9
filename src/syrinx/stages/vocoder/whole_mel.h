// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "syrinx/core/base/limits.h"
#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/mel.h"
#include "syrinx/stages/vocoder/vocoder.h"

namespace syrinx::vocoder {

// What a band of silence holds: the logarithm of the clamp, as the spec takes it.
float silence_of(const MelSpec& spec) noexcept;

// A model's own copy of an utterance, its spec the model's: frames that are not finite are silence,
// and options.bad_frames says how many. Errors: kInvalidArgument (no frames; other bands than the
// spec's); kLimitExceeded (more than max_frames).
Result<Mel> take_mel(MelView mel, const MelSpec& spec, const SynthesisOptions& options,
                     std::size_t max_frames = limits::kMaxUtteranceFrames);

// kCancelled if a stop was asked for.
Result<void> check_stop(const SynthesisOptions& options);
// Hands the share that is done to whoever wants it.
void report(const SynthesisOptions& options, double share);

}  // namespace syrinx::vocoder
