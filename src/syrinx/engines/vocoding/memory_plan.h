// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "syrinx/core/base/result.h"
#include "syrinx/stages/vocoder/vocoder.h"

namespace syrinx::vocoding {

// What is to be made, and in how much memory: weights, streams and the sound that is being made,
// not the mels, nor the program around them.
struct MemoryRequest {
  std::size_t budget_bytes = 0;    // 0: none; the plan then is what was wished for.
  std::size_t frames = 0;          // Of the longest utterance.
  std::size_t threads = 1;         // That are wished for,
  std::size_t block_frames = 256;  // and frames that a stream takes at a time.
  std::size_t side_by_side = 1;  // Utterances made at once, each by one thread; 1: on all of them.
  bool streamed = false;         // Block by block on one stream: of the sound only a block is held.
};

// How to make it. All in bytes of memory that the model, its streams and the sound allocate.
struct MemoryPlan {
  std::size_t threads = 1;
  std::size_t block_frames = 0;  // 0 where the model does not stream.
  std::size_t weight_bytes = 0;  // Shared by all streams.
  std::size_t stream_bytes = 0;  // Of one stream; of a model that does not stream its working set.
  std::size_t streams = 1;       // At once, at most.
  std::size_t side_by_side = 1;  // Utterances at once, each by one thread; 1: one, by all of them.
  std::size_t sound_bytes = 0;   // Of all utterances that are made at once.
  std::size_t peak_bytes = 0;    // All together.
};

// The most threads that the budget allows, then the largest blocks: a model that streams is asked
// for streams of one size after the other, from the smallest up, until one is too large (and held
// for a moment). A plan within the budget makes the same samples as any other. Errors:
// kLimitExceeded saying what is needed and what would fit; kUnsupported for a budget for a model
// that cannot tell what it needs.
Result<MemoryPlan> plan_memory(const vocoder::VocoderModel& model, const MemoryRequest& request);

}  // namespace syrinx::vocoding
