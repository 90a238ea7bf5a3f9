// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "syrinx/core/base/result.h"

namespace syrinx::measure {

// Values over frames and bands, [frames][bands], the lowest band first.
class BandFrames {
 public:
  BandFrames(std::size_t frames, std::size_t bands) : bands_(bands), values_(frames * bands, 0.0) {}

  std::size_t frames() const noexcept { return values_.size() / bands_; }
  std::size_t bands() const noexcept { return bands_; }
  std::span<double> frame(std::size_t index) noexcept {
    return std::span(values_).subspan(index * bands_, bands_);
  }
  std::span<const double> frame(std::size_t index) const noexcept {
    return std::span(values_).subspan(index * bands_, bands_);
  }
  std::span<double> values() noexcept { return values_; }
  std::span<const double> values() const noexcept { return values_; }

 private:
  std::size_t bands_;
  std::vector<double> values_;
};

struct GammatoneSpec {
  int sample_rate_hz;
  std::size_t bands;
  double min_hz;
  double max_hz;

  std::size_t window_samples() const noexcept;  // 80 ms.
  std::size_t hop_samples() const noexcept;     // A quarter of it.
};

// The RMS in each band of Hann-windowed frames, each filtered from rest by fourth-order gammatone
// filters, evenly spaced in ERB from min_hz to below max_hz. Slaney, "An efficient implementation
// of the Patterson-Holdsworth auditory filter bank", Apple TR 35, 1993. Errors: kInvalidArgument
// where the signal is not longer than a window.
Result<BandFrames> gammatone_spectrogram(std::span<const double> signal, const GammatoneSpec& spec);

}  // namespace syrinx::measure
