// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/vocoder/griffin_lim/mel_inversion.h"

#include <algorithm>
#include <cmath>

#include "syrinx/core/base/check.h"
#include "syrinx/core/dsp/mel_filterbank.h"
#include "syrinx/core/dsp/stft.h"

namespace syrinx::vocoder {
namespace {
constexpr int kUpdates = 100;
}  // namespace

Result<MelInversion> MelInversion::create(const MelSpec& spec) {
  SYRINX_ASSIGN(const auto filters, dsp::MelFilterbank::create(spec));
  MelInversion made;
  made.spec_ = spec;
  made.bins_ = filters.bins();
  made.band_sums_.resize(filters.bands());
  for (std::size_t band = 0; band < filters.bands(); ++band) {
    const std::vector<float> weights = filters.weights(band);
    for (std::size_t bin = 0; bin < weights.size(); ++bin) {
      if (!(weights[bin] > 0)) continue;
      made.weights_.push_back({bin, band, double{weights[bin]}});
      made.band_sums_[band] += double{weights[bin]};
    }
  }
  if (spec.normalise_window) {
    double energy = 0;
    for (const float w : dsp::frame_window(
             {spec.fft_size, spec.hop_samples, spec.window_samples, dsp::WindowShape::kHann}))
      energy += double{w} * double{w};
    made.scale_ = std::sqrt(energy);
  }
  return made;
}

void MelInversion::apply(std::span<const float> frame, std::span<float> out) const {
  SYRINX_CHECK(frame.size() == spec_.bands && out.size() == bins_, "a frame of another size");
  std::vector<double> bands(frame.size());
  for (std::size_t b = 0; b < bands.size(); ++b) bands[b] = mel_amplitude(spec_, double{frame[b]});
  std::vector<double> spectrum(bins_), weight_sums(bins_), ratios(bins_), made(bands.size());
  for (const Weight& w : weights_) {
    spectrum[w.bin] += w.weight * bands[w.band] / band_sums_[w.band];
    weight_sums[w.bin] += w.weight;
  }
  for (std::size_t bin = 0; bin < bins_; ++bin)
    if (weight_sums[bin] > 0) spectrum[bin] /= weight_sums[bin];
  for (int i = 0; i < kUpdates; ++i) {
    std::fill(made.begin(), made.end(), 0.0);
    std::fill(ratios.begin(), ratios.end(), 0.0);
    for (const Weight& w : weights_) made[w.band] += w.weight * spectrum[w.bin];
    for (const Weight& w : weights_)
      if (made[w.band] > 0) ratios[w.bin] += w.weight * bands[w.band] / made[w.band];
    for (std::size_t bin = 0; bin < bins_; ++bin)
      if (weight_sums[bin] > 0) spectrum[bin] *= ratios[bin] / weight_sums[bin];
  }
  for (std::size_t bin = 0; bin < bins_; ++bin)
    out[bin] = static_cast<float>(scale_ * std::pow(spectrum[bin], 1 / spec_.power));
}

}  // namespace syrinx::vocoder
