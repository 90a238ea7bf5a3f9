// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/voice/world/minimum_phase.h"

#include <algorithm>
#include <cmath>

namespace syrinx::voice {

Result<MinimumPhase> MinimumPhase::create(std::size_t fft_size) {
  SYRINX_ASSIGN(auto fft, dsp::RealFft::create(fft_size));
  return MinimumPhase(std::move(fft));
}

MinimumPhase::MinimumPhase(dsp::RealFft fft) : fft_(std::move(fft)), cepstrum_(fft_.size()) {}

void MinimumPhase::respond(std::span<const float> power,
                           std::span<std::complex<float>> response) noexcept {
  for (std::size_t k = 0; k < power.size(); ++k) response[k] = 0.5f * std::log(power[k]);
  fft_.inverse(response, cepstrum_);
  const std::size_t half = cepstrum_.size() / 2;
  for (std::size_t n = 1; n < half; ++n) cepstrum_[n] *= 2.0f;
  std::fill(cepstrum_.begin() + static_cast<std::ptrdiff_t>(half) + 1, cepstrum_.end(), 0.0f);
  fft_.forward(cepstrum_, response);
  for (auto& value : response) value = std::polar(std::exp(value.real()), value.imag());
}

}  // namespace syrinx::voice
