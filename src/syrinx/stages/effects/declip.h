// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"

namespace syrinx::effects {

struct DeclipOptions {
  // From where on samples count as clipped; 0 finds it: the largest magnitude of each channel, if
  // at least three neighbouring samples stay there.
  double threshold = 0.0;
  double frame_ms = 32.0;
  int max_iterations = 200;
};
struct DeclipReport {
  std::size_t clipped_samples = 0;
};

// The samples of a frame. What lies further away than that does not touch the restoration of a
// sample, whose frames begin at multiples of a quarter of it: long sounds may be restored in pieces
// that begin at such a multiple, each with a frame before and after it.
std::size_t declip_frame_samples(const DeclipOptions& options, int sample_rate_hz) noexcept;

// Finds where a channel was clipped from a stream of its samples.
class ClipFinder {
 public:
  void push(std::span<const float> samples) noexcept;
  // From where on samples count as clipped; 0 if it was not.
  float threshold() const noexcept;

 private:
  float peak_ = 0.0f;
  float plateau_ = 0.0f;  // The highest level at which neighbours of one sign stay.
  float before_[2] = {};
};

// Puts back, in place, what clipping cut off: the spectrum with the fewest components that agrees
// with the samples that are left and lies beyond the threshold where they are not (S. Kitic et al.,
// "Consistent iterative hard thresholding for signal declipping", ICASSP 2013). Samples that were
// not clipped stay as they are; the result may exceed full scale. A sound that is not clipped
// stays. Errors: kInvalidArgument for options out of range (threshold below 0, frame_ms outside 4
// to 200, max_iterations outside 1 to 1000).
Result<DeclipReport> declip(MutableAudioView audio, const DeclipOptions& options = {});

}  // namespace syrinx::effects
