// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/stages/vocoder/vocoder.h"

namespace syrinx::vocoding {

// Streams of one model that wait for their next utterance, so that short ones do not pay for memory
// again and again. Any thread. The model must outlive it.
class StreamCache {
 public:
  explicit StreamCache(const vocoder::VocoderModel& model) : model_(model) {}

  // A stream that has forgotten its past: one that waits here and takes blocks of this size, best
  // the one that this thread had last, whose memory this processor's caches may still hold; or a
  // new one. Errors: as VocoderModel::open_stream.
  Result<std::unique_ptr<vocoder::VocoderStream>> take(std::size_t max_block_frames);
  void give_back(std::unique_ptr<vocoder::VocoderStream> stream);

 private:
  struct Waiting {
    std::unique_ptr<vocoder::VocoderStream> stream;
    std::thread::id user;  // The last one.
  };

  const vocoder::VocoderModel& model_;
  std::mutex mutex_;
  std::vector<Waiting> waiting_;
};

}  // namespace syrinx::vocoding
