// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <stop_token>

#include "syrinx/core/base/result.h"
#include "syrinx/core/base/thread_pool.h"
#include "syrinx/core/flow/audio.h"
#include "syrinx/core/flow/mel.h"
#include "syrinx/engines/vocoding/stream_cache.h"
#include "syrinx/stages/vocoder/vocoder.h"

namespace syrinx::vocoding {

struct VocodeOptions {
  ThreadPool* pool = nullptr;  // Works on stretches of the utterance at once; null: this thread.
  vocoder::SynthesisOptions whole;  // Noise and steps, for a model that makes wholes; what
                                    // stands in both is taken from here.
  std::size_t block_frames = 256;   // The most frames that a stream takes at a time.
  StreamCache* streams = nullptr;   // Of the same model: for many utterances one after the other.
  // The most that weights, streams and sound may take together: fewer threads and smaller blocks
  // where it is short of what was wished for. 0: no limit.
  std::size_t memory_budget_bytes = 0;
  std::stop_token stop;
  std::function<void(double)> progress;  // The share that is done, 0 to 1; from any one thread.
};

// The sound of a whole mel. With a pool the utterance is cut into stretches, each warmed up on the
// frames that its sound depends on: the same samples, bit for bit, as from one stream. A model that
// makes wholes makes it at once. Errors: kInvalidArgument (a mel of other bands, no frames);
// kCancelled; those of plan_memory and VocoderModel::synthesise.
Result<AudioBuffer> vocode(const vocoder::VocoderModel& model, MelView mel,
                           const VocodeOptions& options = {});

}  // namespace syrinx::vocoding
