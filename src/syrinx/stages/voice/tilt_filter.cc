// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/voice/tilt_filter.h"

#include <cmath>

namespace syrinx::voice {
namespace {

// Two octaves apart, two of them below 1 kHz and two above.
constexpr std::array kCentresHz = {125.0, 500.0, 2'000.0, 8'000.0};
constexpr double kQ = 0.4;  // Wide enough to run into the next.

}  // namespace

TiltFilter::TiltFilter(int sample_rate_hz, std::size_t channels)
    : sample_rate_hz_(sample_rate_hz), memory_(channels) {
  set(0.0);
}

void TiltFilter::set(double db_per_octave) noexcept {
  slope_ = db_per_octave;
  used_ = 0;
  if (slope_ == 0.0) return;
  for (const double hz : kCentresHz) {
    if (hz >= 0.45 * sample_rate_hz_) break;
    dsp::BiquadDesign design;
    design.sample_rate_hz = sample_rate_hz_;
    design.hz = hz;
    design.q = kQ;
    design.gain_db = 2.0 * slope_;
    const auto shelf = dsp::high_shelf(design);
    if (shelf) shelves_[used_++] = *shelf;
  }
  const std::span<const dsp::Biquad> shelves(shelves_.data(), used_);
  gain_ = 1.0 / std::abs(dsp::response(shelves, 1'000.0, sample_rate_hz_));
}

float TiltFilter::process(std::size_t channel, float x) noexcept {
  if (used_ == 0) return x;
  double y = gain_ * static_cast<double>(x);
  for (std::size_t i = 0; i < used_; ++i) {
    const dsp::Biquad& f = shelves_[i];
    Memory& m = memory_[channel][i];
    const double in = y;
    y = f.b0 * in + m.s1;
    m.s1 = f.b1 * in - f.a1 * y + m.s2;
    m.s2 = f.b2 * in - f.a2 * y;
  }
  return static_cast<float>(y);
}

void TiltFilter::reset() noexcept {
  for (auto& channel : memory_) channel.fill({});
}

}  // namespace syrinx::voice
