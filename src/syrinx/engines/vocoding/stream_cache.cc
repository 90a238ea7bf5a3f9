// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/vocoding/stream_cache.h"

#include <algorithm>
#include <utility>

namespace syrinx::vocoding {

Result<std::unique_ptr<vocoder::VocoderStream>> StreamCache::take(std::size_t max_block_frames) {
  {
    const std::scoped_lock lock(mutex_);
    const auto found = std::find_if(waiting_.begin(), waiting_.end(), [&](const auto& stream) {
      return stream->max_block_frames() == max_block_frames;
    });
    if (found != waiting_.end()) {
      auto stream = std::move(*found);
      waiting_.erase(found);
      return stream;
    }
  }
  return model_.open_stream(max_block_frames);
}

void StreamCache::give_back(std::unique_ptr<vocoder::VocoderStream> stream) {
  stream->reset();
  const std::scoped_lock lock(mutex_);
  waiting_.push_back(std::move(stream));
}

}  // namespace syrinx::vocoding
