// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/dsp/mel_filterbank.h"

#include <algorithm>
#include <cmath>

#include "syrinx/core/base/check.h"
#include "syrinx/core/dsp/kernels.h"

namespace syrinx::dsp {
namespace {

constexpr double kSlaneyHzPerMel = 200.0 / 3.0;
constexpr double kSlaneyBreakHz = 1000.0;
constexpr double kSlaneyBreakMel = kSlaneyBreakHz / kSlaneyHzPerMel;
const double kSlaneyLogStep = std::log(6.4) / 27.0;

// Where the triangles begin, peak and end: bands + 2 frequencies.
std::vector<double> corners_hz(const MelSpec& spec) {
  const double low = hz_to_mel(spec.min_hz, spec.scale);
  const double high = hz_to_mel(spec.max_hz, spec.scale);
  std::vector<double> corners(spec.bands + 2);
  for (std::size_t i = 0; i < corners.size(); ++i) {
    const double place = static_cast<double>(i) / static_cast<double>(spec.bands + 1);
    corners[i] = mel_to_hz(low + (high - low) * place, spec.scale);
  }
  return corners;
}

}  // namespace

double hz_to_mel(double hz, MelScale scale) noexcept {
  if (scale == MelScale::kHtk) return 2595.0 * std::log10(1.0 + hz / 700.0);
  if (hz < kSlaneyBreakHz) return hz / kSlaneyHzPerMel;
  return kSlaneyBreakMel + std::log(hz / kSlaneyBreakHz) / kSlaneyLogStep;
}

double mel_to_hz(double mel, MelScale scale) noexcept {
  if (scale == MelScale::kHtk) return 700.0 * (std::pow(10.0, mel / 2595.0) - 1.0);
  if (mel < kSlaneyBreakMel) return mel * kSlaneyHzPerMel;
  return kSlaneyBreakHz * std::exp(kSlaneyLogStep * (mel - kSlaneyBreakMel));
}

Result<MelFilterbank> MelFilterbank::create(const MelSpec& spec) {
  SYRINX_TRY(validate(spec));
  MelFilterbank bank;
  bank.bins_ = spec.fft_size / 2 + 1;
  const auto corners = corners_hz(spec);
  const double bin_hz =
      static_cast<double>(spec.sample_rate_hz) / static_cast<double>(spec.fft_size);
  for (std::size_t band = 0; band < spec.bands; ++band) {
    const double begin = corners[band];
    const double peak = corners[band + 1];
    const double end = corners[band + 2];
    const double height = spec.norm == MelNorm::kSlaneyArea ? 2.0 / (end - begin) : 1.0;
    const auto first = std::min(static_cast<std::size_t>(std::ceil(begin / bin_hz)), bank.bins_);
    Triangle triangle{first, bank.weights_.size(), 0};
    for (std::size_t bin = first; bin < bank.bins_; ++bin) {
      const double hz = static_cast<double>(bin) * bin_hz;
      if (hz > end) break;
      const double rise = (hz - begin) / (peak - begin);
      const double fall = (end - hz) / (end - peak);
      bank.weights_.push_back(static_cast<float>(std::max(0.0, std::min(rise, fall)) * height));
      ++triangle.count;
    }
    bank.triangles_.push_back(triangle);
  }
  return bank;
}

void MelFilterbank::apply(std::span<const float> spectrum, std::span<float> mel) const noexcept {
  SYRINX_CHECK(spectrum.size() == bins_ && mel.size() == bands(), "mel filters of another size");
  for (std::size_t band = 0; band < mel.size(); ++band) {
    const Triangle& t = triangles_[band];
    mel[band] = static_cast<float>(
        kernels().dot(spectrum.data() + t.first_bin, weights_.data() + t.first_weight, t.count));
  }
}

std::vector<float> MelFilterbank::weights(std::size_t band) const {
  SYRINX_CHECK(band < bands(), "mel band past the last band");
  const Triangle& t = triangles_[band];
  std::vector<float> row(bins_);
  std::copy_n(weights_.data() + t.first_weight, t.count, row.data() + t.first_bin);
  return row;
}

}  // namespace syrinx::dsp
