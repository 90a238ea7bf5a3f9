// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/vocoding/stream_cache.h"

#include <utility>

namespace syrinx::vocoding {

Result<std::unique_ptr<vocoder::VocoderStream>> StreamCache::take(std::size_t max_block_frames) {
  {
    const std::scoped_lock lock(mutex_);
    auto found = waiting_.end();
    for (auto at = waiting_.begin(); at != waiting_.end(); ++at) {
      if (at->stream->max_block_frames() != max_block_frames) continue;
      found = at;
      if (at->user == std::this_thread::get_id()) break;
    }
    if (found != waiting_.end()) {
      auto stream = std::move(found->stream);
      waiting_.erase(found);
      return stream;
    }
  }
  return model_.open_stream(max_block_frames);
}

void StreamCache::give_back(std::unique_ptr<vocoder::VocoderStream> stream) {
  stream->reset();
  const std::scoped_lock lock(mutex_);
  waiting_.push_back({std::move(stream), std::this_thread::get_id()});
}

}  // namespace syrinx::vocoding
