// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "syrinx/stages/measure/reference/gammatone_spectrogram.h"

namespace syrinx::measure {

// A patch of a spectrogram with its local means and mean squares, ready to be compared.
class NsimPatch {
 public:
  // Frames [first, first + frames) of the spectrogram; beyond its end the patch is 0.
  NsimPatch(const BandFrames& spectrogram, std::size_t first, std::size_t frames);

  const BandFrames& values() const noexcept { return values_; }

 private:
  friend std::vector<double> nsim(const NsimPatch& reference, const NsimPatch& degraded);

  BandFrames values_;
  BandFrames means_;
  BandFrames squares_;
};

// The neurogram similarity index per band, up to 1: like SSIM, with intensity and structure, over
// 3 x 3 Gaussian neighbourhoods. Hines and Harte, "Speech intelligibility prediction using a
// neurogram similarity index measure", Speech Communication 54, 2012. Pre: patches of one shape.
std::vector<double> nsim(const NsimPatch& reference, const NsimPatch& degraded);

double mean_of(const std::vector<double>& values) noexcept;

}  // namespace syrinx::measure
