// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>
#include <vector>

#include "syrinx/core/dsp/pitch/autocorrelation_f0.h"
#include "syrinx/core/flow/audio.h"
#include "syrinx/core/flow/buffer_source.h"

// What the tests of voices share.
namespace syrinx::voice {

// A voice of known pitch: pulses at `hz(second)` through three resonances.
template <class Hz>
AudioBuffer voice_along(Hz&& hz, double seconds, int rate_hz) {
  AudioBuffer audio(1, static_cast<std::size_t>(seconds * rate_hz), rate_hz);
  const double formants[3][2] = {{700.0, 90.0}, {1'200.0, 110.0}, {2'600.0, 160.0}};
  auto out = audio.channel(0);
  std::fill(out.begin(), out.end(), 0.0f);
  double phase = 0.0;
  for (std::size_t i = 0; i + 1 < out.size(); ++i) {
    const double now_hz = hz(static_cast<double>(i) / rate_hz);
    phase += now_hz / rate_hz;
    if (phase < 1.0) continue;
    phase -= 1.0;
    const auto late = static_cast<float>(phase * rate_hz / now_hz);  // Of a sample.
    out[i] += late;
    out[i + 1] += 1.0f - late;
  }
  for (const auto& f : formants) {
    const double r = std::exp(-std::numbers::pi * f[1] / rate_hz);
    const double a1 = -2.0 * r * std::cos(2.0 * std::numbers::pi * f[0] / rate_hz);
    double y1 = 0.0;
    double y2 = 0.0;
    for (float& x : out) {
      const double y = static_cast<double>(x) * (1.0 + a1 + r * r) - a1 * y1 - r * r * y2;
      y2 = y1;
      y1 = y;
      x = static_cast<float>(y);
    }
  }
  float peak = 0.0f;
  for (const float x : out) peak = std::max(peak, std::abs(x));
  for (float& x : out) x *= 0.5f / peak;
  return audio;
}

inline AudioBuffer voice_at(double hz, double seconds, int rate_hz) {
  return voice_along([hz](double) { return hz; }, seconds, rate_hz);
}

inline AudioBuffer noise(std::size_t channels, std::size_t frames, int rate_hz,
                         float level = 0.3f) {
  AudioBuffer audio(channels, frames, rate_hz);
  std::mt19937 engine(5);
  for (std::size_t c = 0; c < channels; ++c)
    for (float& x : audio.channel(c))
      x = level * (static_cast<float>(engine() >> 8) / 8'388'608.0f - 1.0f);
  return audio;
}

inline double median_f0(AudioView audio) {
  dsp::F0Options options;
  options.max_hz = 900.0;
  options.min_hz = 40.0;
  const auto track = dsp::autocorrelation_f0(audio, options).value();
  std::vector<double> voiced;
  for (const double hz : track.hz)
    if (hz > 0.0) voiced.push_back(hz);
  if (voiced.empty()) return 0.0;
  std::nth_element(voiced.begin(), voiced.begin() + static_cast<std::ptrdiff_t>(voiced.size() / 2),
                   voiced.end());
  return voiced[voiced.size() / 2];
}

inline double power(std::span<const float> x) {
  double sum = 0.0;
  for (const float v : x) sum += static_cast<double>(v) * static_cast<double>(v);
  return sum / static_cast<double>(x.size());
}

inline AudioBuffer all_of(AudioSource& source) {
  AudioBuffer all;
  AudioBuffer part;
  while (source.next(part, {}).value()) all.append(part.view());
  return all;
}

inline bool same(const AudioBuffer& a, const AudioBuffer& b) {
  if (a.channels() != b.channels() || a.frames() != b.frames()) return false;
  for (std::size_t c = 0; c < a.channels(); ++c)
    if (!std::equal(a.channel(c).begin(), a.channel(c).end(), b.channel(c).begin())) return false;
  return true;
}

}  // namespace syrinx::voice
