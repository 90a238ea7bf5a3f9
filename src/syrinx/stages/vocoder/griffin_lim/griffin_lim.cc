// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/vocoder/griffin_lim/griffin_lim.h"

#include <algorithm>
#include <cmath>
#include <complex>

#include "syrinx/core/dsp/fft.h"
#include "syrinx/core/dsp/stft.h"

namespace syrinx::vocoder {
namespace {

using Complex = std::complex<float>;

// Between a signal and its frames, as the spec cuts it.
class Frames {
 public:
  Frames(dsp::RealFft fft, const MelSpec& spec, std::size_t count)
      : fft_(std::move(fft)),
        hop_(spec.hop_samples),
        count_(count),
        window_(dsp::frame_window(
            {spec.fft_size, spec.hop_samples, spec.window_samples, dsp::WindowShape::kHann})),
        frame_(spec.fft_size),
        weights_((count - 1) * hop_ + spec.fft_size) {
    for (std::size_t i = 0; i < count_; ++i)
      for (std::size_t k = 0; k < window_.size(); ++k)
        weights_[i * hop_ + k] += window_[k] * window_[k];
    // Where hardly any window reaches, the ends, nothing is made louder than it is.
    for (float& w : weights_) w = 1 / std::max(w, 1e-2F);
  }
  std::size_t samples() const { return weights_.size(); }
  std::size_t bins() const { return fft_.bins(); }

  void to_signal(std::span<const Complex> spectra, std::span<float> signal) {
    std::fill(signal.begin(), signal.end(), 0.0F);
    for (std::size_t i = 0; i < count_; ++i) {
      fft_.inverse(spectra.subspan(i * bins(), bins()), frame_);
      for (std::size_t k = 0; k < frame_.size(); ++k)
        signal[i * hop_ + k] += window_[k] * frame_[k];
    }
    for (std::size_t i = 0; i < signal.size(); ++i) signal[i] *= weights_[i];
  }
  void to_spectrum(std::span<const float> signal, std::size_t index, std::span<Complex> spectrum) {
    for (std::size_t k = 0; k < frame_.size(); ++k)
      frame_[k] = window_[k] * signal[index * hop_ + k];
    fft_.forward(frame_, spectrum);
  }

 private:
  dsp::RealFft fft_;
  std::size_t hop_;
  std::size_t count_;
  std::vector<float> window_, frame_, weights_;
};

Result<void> check(std::span<const float> magnitudes, std::span<const float> phases,
                   std::size_t bins, const GriffinLimOptions& options) {
  if (magnitudes.empty() || magnitudes.size() % bins != 0 || phases.size() != magnitudes.size())
    return make_error(ErrorCode::kInvalidArgument, magnitudes.size(), " magnitudes and ",
                      phases.size(), " phases: both must be of the same frames of ", bins,
                      " bins, at least one");
  if (!(options.momentum >= 0 && options.momentum < 1))
    return make_error(ErrorCode::kInvalidArgument, "a momentum of ", options.momentum,
                      ": it must lie in [0, 1)");
  return {};
}

}  // namespace

Result<std::vector<float>> griffin_lim(std::span<const float> magnitudes,
                                       std::span<const float> phases, const MelSpec& spec,
                                       const GriffinLimOptions& options,
                                       const std::function<bool(double)>& on_round) {
  SYRINX_TRY(validate(spec));
  SYRINX_ASSIGN(auto fft, dsp::RealFft::create(spec.fft_size));
  const std::size_t bins = fft.bins();
  SYRINX_TRY(check(magnitudes, phases, bins, options));
  const std::size_t count = magnitudes.size() / bins;
  Frames frames(std::move(fft), spec, count);
  std::vector<Complex> spectra(magnitudes.size()), before(magnitudes.size()), made(bins);
  for (std::size_t i = 0; i < spectra.size(); ++i)
    spectra[i] = std::polar(magnitudes[i], phases[i]);
  std::vector<float> signal(frames.samples());
  const auto momentum = static_cast<float>(options.momentum);
  for (std::size_t round = 0; round < options.rounds; ++round) {
    frames.to_signal(spectra, signal);
    for (std::size_t i = 0; i < count; ++i) {
      frames.to_spectrum(signal, i, made);
      for (std::size_t k = 0; k < bins; ++k) {
        const std::size_t at = i * bins + k;
        // The first round has nothing to gather momentum from.
        const Complex ahead = round == 0 ? made[k] : made[k] + momentum * (made[k] - before[at]);
        before[at] = made[k];
        const float magnitude = std::abs(ahead);
        spectra[at] =
            magnitude > 0 ? ahead * (magnitudes[at] / magnitude) : Complex(magnitudes[at]);
      }
    }
    const double share = static_cast<double>(round + 1) / static_cast<double>(options.rounds);
    if (on_round && !on_round(share))
      return make_error(ErrorCode::kCancelled, "vocoding was stopped");
  }
  frames.to_signal(spectra, signal);
  return signal;
}

}  // namespace syrinx::vocoder
