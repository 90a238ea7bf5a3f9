// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "syrinx/core/base/realtime.h"
#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/mel.h"

namespace syrinx::dsp {

// Slaney: linear to 1 kHz (15 mels), logarithmic above (27 mels per factor 6.4). HTK: 2595
// log10(1 + f / 700).
double hz_to_mel(double hz, MelScale scale) noexcept;
double mel_to_hz(double mel, MelScale scale) noexcept;

// Triangles over the bins of a spectrum, evenly spaced in mels, as in librosa (Slaney scale and
// norm) and torchaudio (HTK, no norm). Keeps only the bins under each triangle.
class MelFilterbank {
 public:
  // Errors: as validate(spec).
  static Result<MelFilterbank> create(const MelSpec& spec);

  std::size_t bands() const noexcept { return triangles_.size(); }
  std::size_t bins() const noexcept { return bins_; }

  // mel[b] = sum over bins of weight * spectrum. Pre: spectrum.size() == bins(), mel.size() ==
  // bands().
  void apply(std::span<const float> spectrum, std::span<float> mel) const noexcept SYRINX_REALTIME;

  // The weights of one band over all bins. Allocates. Pre: band < bands().
  std::vector<float> weights(std::size_t band) const;

 private:
  struct Triangle {
    std::size_t first_bin;
    std::size_t first_weight;
    std::size_t count;
  };
  MelFilterbank() = default;

  std::size_t bins_ = 0;
  std::vector<Triangle> triangles_;
  std::vector<float> weights_;
};

}  // namespace syrinx::dsp
