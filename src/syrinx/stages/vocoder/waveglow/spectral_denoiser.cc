// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/vocoder/waveglow/spectral_denoiser.h"

#include <algorithm>
#include <cmath>
#include <complex>

#include "syrinx/core/dsp/fft.h"
#include "syrinx/core/dsp/stft.h"

namespace syrinx::vocoder {
namespace {

constexpr dsp::StftSpec kSpec{1'024, 256, 1'024, dsp::WindowShape::kHann};

}  // namespace

Result<SpectralDenoiser> SpectralDenoiser::create(std::span<const float> hum) {
  constexpr std::size_t kHalf = kSpec.fft_size / 2;
  if (hum.size() <= kHalf)
    return make_error(ErrorCode::kInvalidArgument, "a hum of ", hum.size(),
                      " samples; the denoiser needs more than ", kHalf);
  SYRINX_ASSIGN(auto fft, dsp::RealFft::create(kSpec.fft_size));
  std::vector<float> frame = dsp::frame_window(kSpec);
  for (std::size_t i = 0; i < frame.size(); ++i) frame[i] *= hum[i < kHalf ? kHalf - i : i - kHalf];
  std::vector<std::complex<float>> spectrum(fft.bins());
  fft.forward(frame, spectrum);
  SpectralDenoiser made;
  for (const auto& bin : spectrum) made.bias_.push_back(std::abs(bin));
  return made;
}

Result<std::vector<float>> SpectralDenoiser::apply(std::span<const float> signal,
                                                   float strength) const {
  if (!(strength >= 0) || !std::isfinite(strength))
    return make_error(ErrorCode::kInvalidArgument, "a denoiser's strength is ", strength,
                      ": it must be 0 or more");
  SYRINX_ASSIGN(dsp::StftFrames frames, dsp::stft(signal, kSpec));
  for (std::size_t i = 0; i < frames.frames(); ++i) {
    const auto frame = frames.frame(i);
    for (std::size_t k = 0; k < frame.size(); ++k) {
      const float magnitude = std::abs(frame[k]);
      const float kept = std::max(magnitude - strength * bias_[k], 0.0F);
      frame[k] *= magnitude > 0 ? kept / magnitude : 0.0F;
    }
  }
  return dsp::istft(frames);
}

}  // namespace syrinx::vocoder
