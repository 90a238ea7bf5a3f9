// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"

namespace syrinx::measure {

// The mel-cepstra c1, c2, ... of a signal's frames, as spectral_distance.h defines them.
class MelCepstrum {
 public:
  // Errors: kInvalidArgument for coefficients outside 1 to 39 or other than one channel with
  // samples.
  static Result<MelCepstrum> analyse(AudioView mono, std::size_t coefficients);

  std::size_t coefficients() const noexcept { return coefficients_; }
  std::size_t frames() const noexcept { return values_.size() / coefficients_; }
  // Pre: index < frames().
  std::span<const double> frame(std::size_t index) const noexcept {
    return std::span(values_).subspan(index * coefficients_, coefficients_);
  }

 private:
  MelCepstrum(std::size_t coefficients, std::vector<double> values)
      : coefficients_(coefficients), values_(std::move(values)) {}

  std::size_t coefficients_;
  std::vector<double> values_;  // [frames][coefficients]
};

}  // namespace syrinx::measure
