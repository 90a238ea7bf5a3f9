// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <complex>
#include <initializer_list>
#include <memory>
#include <numbers>
#include <random>
#include <string_view>
#include <utility>
#include <vector>

#include "syrinx/stages/effects/catalogue.h"

// What the effects' tests share.
namespace syrinx::effects {

inline constexpr int kTestRateHz = 48'000;

using Settings = std::initializer_list<std::pair<std::string_view, double>>;

// An effect by name, with parameters, not yet prepared.
inline std::unique_ptr<Effect> made(std::string_view name, Settings settings = {}) {
  auto effect = std::move(make_effect(name)).value();
  for (const auto& [id, value] : settings) effect->set_parameter(id, value).value();
  return effect;
}
inline std::unique_ptr<Effect> prepared(std::string_view name, Settings settings = {},
                                        std::size_t channels = 1, int rate_hz = kTestRateHz) {
  auto effect = made(name, settings);
  effect->prepare({rate_hz, channels, std::size_t{1} << 20}).value();
  return effect;
}

inline AudioBuffer noise(std::size_t channels, std::size_t frames, unsigned seed = 1,
                         float level = 0.5f) {
  std::mt19937 engine(seed);
  AudioBuffer audio(channels, frames, kTestRateHz);
  for (std::size_t c = 0; c < channels; ++c)
    for (float& x : audio.channel(c))
      x = level * (static_cast<float>(engine() >> 8) / 8'388'608.0f - 1.0f);
  return audio;
}
inline AudioBuffer tone(double hz, double peak, std::size_t frames, std::size_t channels = 1,
                        int rate_hz = kTestRateHz) {
  AudioBuffer audio(channels, frames, rate_hz);
  for (std::size_t c = 0; c < channels; ++c)
    for (std::size_t i = 0; i < frames; ++i)
      audio.channel(c)[i] = static_cast<float>(
          peak * std::sin(2.0 * std::numbers::pi * hz * static_cast<double>(i) / rate_hz));
  return audio;
}
inline AudioBuffer constant(float value, std::size_t frames, std::size_t channels = 1) {
  AudioBuffer audio(channels, frames, kTestRateHz);
  for (std::size_t c = 0; c < channels; ++c)
    std::fill(audio.channel(c).begin(), audio.channel(c).end(), value);
  return audio;
}

// Processes in place, in blocks of this size.
inline void run(Effect& effect, AudioBuffer& audio, std::size_t block = 4'096) {
  for (std::size_t at = 0; at < audio.frames(); at += block)
    effect.process(audio.view().slice(at, std::min(block, audio.frames() - at)));
}
inline bool same(const AudioBuffer& a, const AudioBuffer& b) {
  if (a.channels() != b.channels() || a.frames() != b.frames()) return false;
  for (std::size_t c = 0; c < a.channels(); ++c)
    if (!std::equal(a.channel(c).begin(), a.channel(c).end(), b.channel(c).begin())) return false;
  return true;
}

// The complex amplitude of a frequency in the samples, by correlation over whole periods at best.
inline std::complex<double> amplitude(std::span<const float> x, double hz,
                                      int rate_hz = kTestRateHz) {
  std::complex<double> sum = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i)
    sum += static_cast<double>(x[i]) *
           std::polar(1.0, -2.0 * std::numbers::pi * hz * static_cast<double>(i) / rate_hz);
  return sum * 2.0 / static_cast<double>(x.size());
}
inline double peak_of(std::span<const float> x) {
  double peak = 0.0;
  for (const float v : x) peak = std::max(peak, static_cast<double>(std::abs(v)));
  return peak;
}
inline double decibels(double linear) { return 20.0 * std::log10(linear); }

// The gain in dB at a frequency, from the response to an impulse of this height and length.
inline double impulse_gain_db(Effect& effect, double hz, float height = 0.5f,
                              std::size_t frames = 96'000) {
  AudioBuffer audio(1, frames, effect.format().sample_rate_hz);
  audio.channel(0)[0] = height;
  effect.reset();
  run(effect, audio);
  const auto found = amplitude(audio.channel(0), hz, audio.sample_rate_hz());
  return decibels(std::abs(found) * static_cast<double>(frames) / 2.0 /
                  static_cast<double>(height));
}

}  // namespace syrinx::effects
