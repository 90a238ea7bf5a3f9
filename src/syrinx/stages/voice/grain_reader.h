// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "syrinx/core/base/realtime.h"

namespace syrinx::voice {

// Reads sound between its samples, by a Kaiser-windowed sinc that is looked up in a table. One
// serves any number of streams.
class GrainReader {
 public:
  GrainReader();

  // The samples that it looks at to either side of a place, for steps of at most `step`.
  static std::size_t reach(double step) noexcept;

  // to[i] = the sound at `at` + i * `step`, in samples from the beginning of `sound`; frequencies
  // that would alias at steps above 1 are removed. Pre: reach(|step|) samples to either side of
  // every place are there.
  void read(std::span<const float> sound, double at, double step,
            std::span<float> to) const noexcept SYRINX_REALTIME;
  // 1 up to (1 - width) / 2, 0 from (1 + width) / 2 on, half a cosine between, so that fade(x) and
  // fade(1 - x) add up to 1; half a Hann window for width 1. `width`: above 0, up to 1.
  float fade(double share, double width) const noexcept;

 private:
  void read_even(std::span<const float> sound, double at, std::span<float> to) const noexcept;

  std::vector<float> kernel_;
  std::vector<float> fade_;
};

}  // namespace syrinx::voice
