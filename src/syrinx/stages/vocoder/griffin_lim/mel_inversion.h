// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/mel.h"

namespace syrinx::vocoder {

// From mel bands back to the magnitudes of a spectrum: those, not negative, whose bands come
// closest in divergence, which counts loud and faint bands alike, by Lee and Seung's multiplicative
// updates (2001, theorem 2) from a spectrum spread evenly under each triangle. Bins under none are
// 0.
class MelInversion {
 public:
  // Errors: as validate(spec).
  static Result<MelInversion> create(const MelSpec& spec);

  std::size_t bins() const noexcept { return bins_; }
  // The magnitudes (not their powers) of a frame, bins() of them, as an FFT of a signal under an
  // unscaled window has them. Pre: frame.size() == spec.bands, out.size() == bins().
  void apply(std::span<const float> frame, std::span<float> out) const;

 private:
  struct Weight {
    std::size_t bin;
    std::size_t band;
    double weight;
  };
  MelSpec spec_;
  std::size_t bins_ = 0;
  double scale_ = 1;  // Undoes normalise_window.
  std::vector<Weight> weights_;
  std::vector<double> band_sums_;  // Of each triangle's weights.
};

}  // namespace syrinx::vocoder
