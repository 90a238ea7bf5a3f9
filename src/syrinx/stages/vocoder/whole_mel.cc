// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/vocoder/whole_mel.h"

#include <algorithm>
#include <cmath>

namespace syrinx::vocoder {

float silence_of(const MelSpec& spec) noexcept { return static_cast<float>(mel_value(spec, 0.0)); }

Result<Mel> take_mel(MelView mel, const MelSpec& spec, const SynthesisOptions& options,
                     std::size_t max_frames) {
  if (mel.frames() == 0) return make_error(ErrorCode::kInvalidArgument, "a mel of no frames");
  if (mel.bands() != spec.bands)
    return make_error(ErrorCode::kInvalidArgument, "a mel of ", mel.bands(),
                      " bands for a model of ", spec.bands);
  if (mel.frames() > max_frames)
    return make_error(ErrorCode::kLimitExceeded, "a mel of ", mel.frames(),
                      " frames; an utterance made as a whole has at most ", max_frames,
                      ": cut it at a pause");
  Mel copy(spec, mel.frames());
  std::size_t bad = 0;
  for (std::size_t i = 0; i < mel.frames(); ++i) {
    const std::span<const float> from = mel.frame(i);
    const std::span<float> to = copy.frame(i);
    if (std::all_of(from.begin(), from.end(), [](float v) { return std::isfinite(v); })) {
      std::copy(from.begin(), from.end(), to.begin());
    } else {
      std::fill(to.begin(), to.end(), silence_of(spec));
      ++bad;
    }
  }
  if (options.bad_frames != nullptr) *options.bad_frames = bad;
  return copy;
}

Result<void> check_stop(const SynthesisOptions& options) {
  if (options.stop.stop_requested())
    return make_error(ErrorCode::kCancelled, "vocoding was stopped");
  return {};
}

void report(const SynthesisOptions& options, double share) {
  if (options.progress) options.progress(share);
}

}  // namespace syrinx::vocoder
