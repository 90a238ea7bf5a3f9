// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/flow/buffer_source.h"

#include <algorithm>

namespace syrinx {

Result<bool> BufferSource::next(AudioBuffer& block, const std::stop_token& stop) {
  block.clear();
  if (stop.stop_requested()) return make_error(ErrorCode::kCancelled, "reading was stopped");
  const std::size_t frames = std::min(block_frames_, audio_.frames() - at_);
  if (frames == 0) return false;
  block = AudioBuffer(audio_.slice(at_, frames));
  at_ += frames;
  return true;
}

}  // namespace syrinx
