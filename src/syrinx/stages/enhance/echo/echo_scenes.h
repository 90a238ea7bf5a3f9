// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <random>
#include <span>
#include <vector>

#include "syrinx/core/dsp/fft.h"

// Rooms, loudspeakers and clocks made for tests and benchmarks of echo cancellers.
namespace syrinx::enhance::scenes {

using Sound = std::vector<float>;

inline double mean_square(std::span<const float> x) {
  double sum = 0.0;
  for (const float sample : x) sum += double{sample} * double{sample};
  return x.empty() ? 0.0 : sum / static_cast<double>(x.size());
}

inline double level_db(std::span<const float> x) {
  return 10.0 * std::log10(mean_square(x) + 1e-20);
}

inline void scale(std::span<float> x, double db) {
  const auto gain = static_cast<float>(std::pow(10.0, db / 20.0));
  for (float& sample : x) sample *= gain;
}

// The answer of a room: a direct sound after `onset_ms` and noise that falls by 60 dB in `rt60_ms`,
// `length_ms` in all, that takes white noise down by `return_loss_db`.
inline Sound make_room(int rate_hz, double length_ms, double rt60_ms, double return_loss_db,
                       std::uint32_t seed, double onset_ms = 3.0) {
  const auto samples = [rate_hz](double ms) {
    return static_cast<std::size_t>(ms * 1e-3 * rate_hz);
  };
  std::minstd_rand random(seed);
  std::normal_distribution<double> normal;
  Sound room(samples(length_ms));
  const std::size_t onset = samples(onset_ms);
  const double decay = std::log(1000.0) / (rt60_ms * 1e-3 * rate_hz);
  for (std::size_t i = onset; i < room.size(); ++i)
    room[i] =
        static_cast<float>(normal(random) * std::exp(-decay * static_cast<double>(i - onset)));
  room[onset] = 4.0F;
  const double power = mean_square(room) * static_cast<double>(room.size());
  scale(room, -return_loss_db - 10.0 * std::log10(power));
  return room;
}

// x through `answer`, as long as x.
inline Sound convolve(std::span<const float> x, std::span<const float> answer) {
  std::size_t size = 2;
  while (size < 2 * answer.size()) size *= 2;
  const std::size_t hop = size - answer.size();
  auto fft = dsp::RealFft::create(size).value();
  std::vector<std::complex<float>> h(fft.bins());
  std::vector<std::complex<float>> bins(fft.bins());
  Sound frame(size);
  std::copy(answer.begin(), answer.end(), frame.begin());
  fft.forward(frame, h);
  Sound y(x.size() + size);
  for (std::size_t at = 0; at < x.size(); at += hop) {
    std::fill(frame.begin(), frame.end(), 0.0F);
    const auto part = x.subspan(at, std::min(hop, x.size() - at));
    std::copy(part.begin(), part.end(), frame.begin());
    fft.forward(frame, bins);
    for (std::size_t k = 0; k < bins.size(); ++k) bins[k] *= h[k];
    fft.inverse(bins, frame);
    for (std::size_t i = 0; i < size; ++i) y[at + i] += frame[i];
  }
  y.resize(x.size());
  return y;
}

inline Sound delayed(std::span<const float> x, std::size_t samples) {
  Sound y(x.size());
  for (std::size_t i = samples; i < x.size(); ++i) y[i] = x[i - samples];
  return y;
}

// What a clock that is `ppm` too fast makes of x: y[n] is x at n * (1 + ppm / 1e6), by a sinc.
inline Sound drifted(std::span<const float> x, double ppm) {
  Sound y(x.size());
  for (std::size_t n = 0; n < y.size(); ++n) {
    const double at = static_cast<double>(n) * (1.0 + 1e-6 * ppm);
    const auto whole = static_cast<std::ptrdiff_t>(std::floor(at));
    double sum = 0.0;
    for (std::ptrdiff_t i = whole - 15; i <= whole + 16; ++i) {
      if (i < 0 || i >= static_cast<std::ptrdiff_t>(x.size())) continue;
      const double d = at - static_cast<double>(i);
      const double angle = std::numbers::pi * d;
      const double sinc = std::abs(d) < 1e-9 ? 1.0 : std::sin(angle) / angle;
      sum += double{x[static_cast<std::size_t>(i)]} * sinc *
             (0.5 + 0.5 * std::cos(std::numbers::pi * d / 17.0));
    }
    y[n] = static_cast<float>(sum);
  }
  return y;
}

// A loudspeaker that saturates: tanh, driven so that full scale would be `drive`.
inline Sound distorted(std::span<const float> x, float drive) {
  Sound y(x.begin(), x.end());
  for (float& sample : y) sample = std::tanh(drive * sample) / drive;
  return y;
}

inline void add(std::span<float> y, std::span<const float> x) {
  for (std::size_t i = 0; i < std::min(x.size(), y.size()); ++i) y[i] += x[i];
}

inline void add_noise(std::span<float> y, double level, std::uint32_t seed) {
  std::minstd_rand random(seed);
  std::normal_distribution<float> normal(0.0F, static_cast<float>(std::pow(10.0, level / 20.0)));
  for (float& sample : y) sample += normal(random);
}

// The echo return loss enhancement in [from_s, to_s): what was heard over what is left, dB. `out`
// lags behind by `latency` samples.
inline double erle_db(std::span<const float> echo, std::span<const float> out, std::size_t latency,
                      int rate_hz, double from_s, double to_s) {
  const auto from = static_cast<std::size_t>(from_s * rate_hz);
  const std::size_t count = static_cast<std::size_t>(to_s * rate_hz) - from;
  return level_db(echo.subspan(from, count)) - level_db(out.subspan(from + latency, count));
}

// Pearson's correlation of x with y, which lags behind by `latency`.
inline double correlation(std::span<const float> x, std::span<const float> y, std::size_t latency) {
  double xx = 0.0;
  double yy = 0.0;
  double xy = 0.0;
  for (std::size_t i = 0; i + latency < y.size() && i < x.size(); ++i) {
    const double a = x[i];
    const double b = y[i + latency];
    xx += a * a;
    yy += b * b;
    xy += a * b;
  }
  return xy / std::sqrt(xx * yy + 1e-20);
}

}  // namespace syrinx::enhance::scenes
