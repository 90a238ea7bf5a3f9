// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/frame_power.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "syrinx/core/base/limits.h"
#include "syrinx/core/dsp/kernels.h"
#include "syrinx/core/dsp/window.h"

namespace syrinx::measure {

Result<FramePower> FramePower::create(AudioView audio, double window_ms) {
  if (audio.empty())
    return make_error(ErrorCode::kInvalidArgument, "spectrogram: the sound has no samples");
  const int rate_hz = audio.sample_rate_hz();
  if (rate_hz < limits::kMinSampleRateHz || rate_hz > limits::kMaxSampleRateHz)
    return make_error(ErrorCode::kInvalidArgument, "spectrogram: the sample rate is ", rate_hz,
                      " Hz but must be ", limits::kMinSampleRateHz, " to ",
                      limits::kMaxSampleRateHz);
  const double samples = std::round(window_ms * rate_hz / 2000.0) * 2.0;
  if (!(samples >= 2.0 && samples <= static_cast<double>(limits::kMaxFftSize)))
    return make_error(ErrorCode::kInvalidArgument, "spectrogram: a window of ", window_ms,
                      " ms was given, but it must hold 2 to ", limits::kMaxFftSize, " samples at ",
                      rate_hz, " Hz");
  SYRINX_ASSIGN(auto fft, dsp::RealFft::create(static_cast<std::size_t>(samples)));
  return FramePower(std::move(fft), rate_hz / samples);
}

FramePower::FramePower(dsp::RealFft fft, double bin_hz)
    : fft_(std::move(fft)),
      bin_hz_(bin_hz),
      window_(dsp::make_window(dsp::WindowShape::kHann, fft_.size())),
      frame_(fft_.size()),
      spectrum_(fft_.bins()),
      power_(fft_.bins()) {
  const double sum = std::accumulate(window_.begin(), window_.end(), 0.0);
  dsp::kernels().gain(window_.data(), window_.size(), static_cast<float>(2.0 / sum));
}

std::span<const float> FramePower::at(AudioView audio, std::size_t centre) noexcept {
  const std::size_t half = fft_.size() / 2;
  const std::size_t begin = centre > half ? centre - half : 0;
  const std::size_t end = std::min(audio.frames(), centre + half);
  std::fill(frame_.begin(), frame_.end(), 0.0f);
  if (begin < end) {
    float* to = frame_.data() + (begin + half - centre);
    const float share = 1.0f / static_cast<float>(audio.channels());
    for (std::size_t c = 0; c < audio.channels(); ++c) {
      dsp::kernels().mix(to, audio.channel(c).data() + begin, end - begin, share);
    }
  }
  dsp::kernels().multiply(frame_.data(), window_.data(), window_.size());
  fft_.forward(frame_, spectrum_);
  std::transform(spectrum_.begin(), spectrum_.end(), power_.begin(),
                 [](std::complex<float> v) { return std::norm(v); });
  return power_;
}

}  // namespace syrinx::measure
