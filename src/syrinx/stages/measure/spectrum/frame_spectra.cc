// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/spectrum/frame_spectra.h"

#include <algorithm>
#include <cmath>

namespace syrinx::measure {

Result<FrameSpectra> FrameSpectra::create(std::span<const double> samples, double window_samples,
                                          double hop_samples, dsp::WindowShape shape) {
  const auto half = static_cast<std::size_t>(std::max(1.0, std::round(window_samples / 2.0)));
  SYRINX_ASSIGN(auto fft, dsp::RealFft::create(2 * half));
  return FrameSpectra(samples, std::max(hop_samples, 1.0), shape, std::move(fft));
}

FrameSpectra::FrameSpectra(std::span<const double> samples, double hop_samples,
                           dsp::WindowShape shape, dsp::RealFft fft)
    : samples_(samples),
      hop_samples_(hop_samples),
      frames_(1),
      fft_(std::move(fft)),
      window_(dsp::make_window(shape, fft_.size())),
      time_(fft_.size()),
      spectrum_(fft_.bins()),
      power_(fft_.bins()) {
  if (samples.size() > window_.size()) {
    const auto room = static_cast<double>(samples.size() - window_.size());
    frames_ = 1 + static_cast<std::size_t>(room / hop_samples_);
  }
  double squares = 0.0;
  for (const float w : window_) squares += static_cast<double>(w) * static_cast<double>(w);
  scale_ = 1.0 / (squares * static_cast<double>(window_.size()));
}

std::span<const double> FrameSpectra::samples(std::size_t frame) const noexcept {
  const auto begin = static_cast<std::size_t>(static_cast<double>(frame) * hop_samples_);
  return samples_.subspan(begin, std::min(window_.size(), samples_.size() - begin));
}

std::span<const double> FrameSpectra::power(std::size_t frame) noexcept {
  const auto shown = samples(frame);
  std::fill(time_.begin(), time_.end(), 0.0f);
  for (std::size_t i = 0; i < shown.size(); ++i) {
    time_[i] = static_cast<float>(shown[i]) * window_[i];
  }
  fft_.forward(time_, spectrum_);
  for (std::size_t k = 0; k < power_.size(); ++k) {
    const bool edge = k == 0 || k + 1 == power_.size();
    power_[k] = (edge ? 1.0 : 2.0) * scale_ * static_cast<double>(std::norm(spectrum_[k]));
  }
  return power_;
}

}  // namespace syrinx::measure
