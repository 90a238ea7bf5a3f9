// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/reference/mel_cepstrum.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>

#include "syrinx/core/dsp/mel_analysis.h"

namespace syrinx::measure {
namespace {

constexpr std::size_t kBands = 40;

// Frames of 25 ms in an FFT of at least 100 ms, so that the narrowest band holds bins. The mel is
// the natural logarithm of power; 1e-10 is -100 dB.
MelSpec cepstral_spec(int sample_rate_hz) {
  MelSpec spec;
  const auto rate = static_cast<double>(sample_rate_hz);
  spec.sample_rate_hz = sample_rate_hz;
  spec.window_samples = static_cast<std::size_t>(std::lround(0.025 * rate));
  spec.hop_samples = static_cast<std::size_t>(std::lround(0.010 * rate));
  spec.fft_size = std::bit_ceil(static_cast<std::size_t>(std::lround(0.100 * rate)));
  spec.bands = kBands;
  spec.min_hz = 0.0;
  spec.max_hz = std::min(8'000.0, rate / 2.0);
  spec.scale = MelScale::kHtk;
  spec.norm = MelNorm::kNone;
  spec.power = 2.0;
  spec.normalise_window = true;
  spec.log = MelLog::kNatural;
  spec.clamp = 1e-10;
  spec.padding = MelPadding::kReflectCenter;
  return spec;
}

// [coefficients][bands]: from ln(power), which is twice ln(amplitude), to c_1 and up.
std::vector<double> cosine_rows(std::size_t coefficients) {
  std::vector<double> rows(coefficients * kBands);
  for (std::size_t d = 0; d < coefficients; ++d)
    for (std::size_t b = 0; b < kBands; ++b)
      rows[d * kBands + b] = 1.0 / kBands *
                             std::cos(std::numbers::pi * static_cast<double>(d + 1) *
                                      (static_cast<double>(b) + 0.5) / kBands);
  return rows;
}

}  // namespace

Result<MelCepstrum> MelCepstrum::analyse(AudioView mono, std::size_t coefficients) {
  if (coefficients < 1 || coefficients >= kBands)
    return make_error(ErrorCode::kInvalidArgument, "mel-cepstrum: ", coefficients,
                      " coefficients were asked for, expected 1 to ", kBands - 1);
  SYRINX_ASSIGN(const Mel mel, dsp::analyse_mel(mono, cepstral_spec(mono.sample_rate_hz())));
  const auto rows = cosine_rows(coefficients);
  std::vector<double> values(mel.frames() * coefficients);
  for (std::size_t i = 0; i < mel.frames(); ++i) {
    const auto bands = mel.frame(i);
    for (std::size_t d = 0; d < coefficients; ++d)
      for (std::size_t b = 0; b < kBands; ++b)
        values[i * coefficients + d] += rows[d * kBands + b] * static_cast<double>(bands[b]);
  }
  return MelCepstrum(coefficients, std::move(values));
}

}  // namespace syrinx::measure
