// SPDX-License-Identifier: Apache-2.0
#include "artifacts/spectral_injectors.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>

#include "syrinx/core/dsp/fft.h"
#include "syrinx/core/dsp/pitch/autocorrelation_f0.h"
#include "syrinx/core/dsp/pitch/glottal_pulses.h"
#include "syrinx/core/dsp/stft.h"
#include "syrinx/core/flow/audio.h"
#include "syrinx/stages/measure/artifacts/features.h"

namespace syrinx::bench {
namespace {

using measure::artifacts::kHop;
using measure::artifacts::kRateHz;
using Envelope = std::vector<double>;  // dB per bin.

constexpr double kTau = 2.0 * std::numbers::pi;

// Frames of 20 ms, 5 ms apart.
constexpr dsp::StftSpec kShort{512, 80, 320, dsp::WindowShape::kHann};
constexpr std::size_t kMomentFrames = 4;  // The windows of these touch 35 ms, and fill 20 ms.

void put_back(const dsp::StftFrames& frames, Samples& x) { x = dsp::istft(frames).value(); }

// The sample in the middle of a frame.
std::size_t middle_of(std::size_t frame, const dsp::StftSpec& spec) {
  const std::size_t end = (frame + 1) * spec.hop_samples;
  return end > spec.fft_size / 2 ? end - spec.fft_size / 2 : 0;
}

// The log spectrum without its harmonics: its cepstrum below 1.9 ms.
Envelope envelope_of(std::span<const std::complex<float>> spectrum) {
  constexpr std::size_t kLifter = 30;
  const std::size_t size = 2 * (spectrum.size() - 1);
  auto fft = dsp::RealFft::create(size).value();
  std::vector<std::complex<float>> logs(spectrum.size());
  for (std::size_t k = 0; k < logs.size(); ++k)
    logs[k] = 10.0f * std::log10(std::norm(spectrum[k]) + 1e-9f);
  std::vector<float> cepstrum(size);
  fft.inverse(logs, cepstrum);
  std::fill(cepstrum.begin() + kLifter, cepstrum.end() - kLifter + 1, 0.0f);
  fft.forward(cepstrum, logs);
  Envelope envelope(logs.size());
  for (std::size_t k = 0; k < logs.size(); ++k) envelope[k] = static_cast<double>(logs[k].real());
  return envelope;
}

double at_bin(const Envelope& envelope, double bin) {
  const double last = static_cast<double>(envelope.size() - 1);
  const double place = std::clamp(bin, 0.0, last);
  const auto below = std::min(envelope.size() - 2, static_cast<std::size_t>(place));
  const double part = place - static_cast<double>(below);
  return envelope[below] + part * (envelope[below + 1] - envelope[below]);
}

// Multiplies a frame by `gain_db` and gives it its power back.
void shape(std::span<std::complex<float>> frame, const Envelope& gain_db) {
  double before = 1e-12;
  double after = 1e-12;
  for (std::size_t k = 0; k < frame.size(); ++k) {
    before += static_cast<double>(std::norm(frame[k]));
    frame[k] *= static_cast<float>(std::pow(10.0, gain_db[k] / 20.0));
    after += static_cast<double>(std::norm(frame[k]));
  }
  for (auto& bin : frame) bin *= static_cast<float>(std::sqrt(before / after));
}

// The samples in the middle of voiced speech where a stretch of `length` fits, as far as `apart`
// from each other; at most `most`.
std::vector<std::size_t> voiced_places(const Samples& x, std::size_t length, std::size_t most,
                                       Random& random) {
  const auto voices = measure::artifacts::periodicities(x);
  const auto levels = measure::artifacts::levels_db(x);
  const double gate_db = measure::artifacts::quantile(levels, 0.95) - 15.0;
  const std::size_t half = (length / kHop + 1) / 2 + 1;
  std::vector<std::size_t> fitting;
  for (std::size_t i = half + 10; i + half + 10 < voices.size(); ++i) {
    bool voiced = true;
    for (std::size_t j = i - half; j <= i + half; ++j)
      voiced = voiced && voices[j - 1].clarity > 0.75 && levels[j] > gate_db;
    if (voiced) fitting.push_back(i);
  }
  std::vector<std::size_t> places;
  for (int attempt = 0; attempt < 100 && !fitting.empty() && places.size() < most; ++attempt) {
    const auto at =
        fitting[std::uniform_int_distribution<std::size_t>(0, fitting.size() - 1)(random)];
    const bool far = std::all_of(places.begin(), places.end(), [&](std::size_t place) {
      return std::max(place / kHop, at) - std::min(place / kHop, at) > 2 * half + 10;
    });
    if (far) places.push_back(at * kHop + kHop / 2);
  }
  return places;
}

std::size_t frame_at(std::size_t sample, const dsp::StftSpec& spec) {
  return (sample + spec.fft_size / 2) / spec.hop_samples - 1;
}

// Applies warp(frame) = by how much to stretch the envelope there, 0 for not.
template <class Warp>
void warp_envelopes(Samples& x, const Warp& warp) {
  auto frames = dsp::stft(x, kShort).value();
  for (std::size_t i = 0; i < frames.frames(); ++i) {
    const double by = warp(i);
    if (by == 0.0) continue;
    const auto envelope = envelope_of(frames.frame(i));
    Envelope gain(envelope.size());
    for (std::size_t k = 0; k < gain.size(); ++k)
      gain[k] = at_bin(envelope, static_cast<double>(k) / (1.0 + by)) - envelope[k];
    shape(frames.frame(i), gain);
  }
  put_back(frames, x);
}

double sign_of(Random& random) {
  return std::uniform_int_distribution<int>(0, 1)(random) == 0 ? -1.0 : 1.0;
}

void disperse(Samples& x, double ms) {
  std::size_t size = 1;
  while (size < x.size() + kRateHz) size *= 2;
  auto fft = dsp::RealFft::create(size).value();
  std::vector<float> time(size);
  std::copy(x.begin(), x.end(), time.begin());
  std::vector<std::complex<float>> bins(fft.bins());
  fft.forward(time, bins);
  const double seconds = ms / 1'000.0;
  const double nyquist_hz = kRateHz / 2.0;
  for (std::size_t k = 0; k < bins.size(); ++k) {
    const double hz = static_cast<double>(k) * kRateHz / static_cast<double>(size);
    const double phase = -kTau * seconds * hz * hz / (2.0 * nyquist_hz);
    bins[k] *= std::complex<float>(std::polar(1.0, phase));
  }
  fft.inverse(bins, time);
  std::copy_n(time.begin(), x.size(), x.begin());
}

// Each bin's phase is a slow random walk that comes back, over some 150 ms, and is shared by the
// three bins that one harmonic fills.
void drift_apart(Samples& x, double radians, Random& random) {
  constexpr dsp::StftSpec kLong{1'024, 256, 1'024, dsp::WindowShape::kHann};
  constexpr std::size_t kShared = 6;
  constexpr double kKept = 0.9;
  auto frames = dsp::stft(x, kLong).value();
  std::normal_distribution<double> normal(0.0, radians * std::sqrt(1.0 - kKept * kKept));
  std::normal_distribution<double> first(0.0, radians);
  std::vector<double> phases(frames.bins / kShared + 2);
  for (double& phase : phases) phase = first(random);
  for (std::size_t i = 0; i < frames.frames(); ++i) {
    for (double& phase : phases) phase = kKept * phase + normal(random);
    auto frame = frames.frame(i);
    for (std::size_t k = 0; k < frame.size(); ++k)
      frame[k] *= std::complex<float>(std::polar(1.0, phases[k / kShared]));
  }
  put_back(frames, x);
}

float between(const Samples& x, double place) {
  const auto below = static_cast<std::ptrdiff_t>(std::floor(place));
  const double t = place - static_cast<double>(below);
  const auto at = [&](std::ptrdiff_t i) {
    return i >= 0 && i < std::ssize(x) ? static_cast<double>(x[static_cast<std::size_t>(i)]) : 0.0;
  };
  // A Hann-windowed sinc of eight zeros to each side.
  double sum = 0.0;
  for (std::ptrdiff_t i = -7; i <= 8; ++i) {
    const double away = t - static_cast<double>(i);
    const double sinc =
        away == 0.0 ? 1.0 : std::sin(std::numbers::pi * away) / (std::numbers::pi * away);
    sum += at(below + i) * sinc * (0.5 + 0.5 * std::cos(std::numbers::pi * away / 8.5));
  }
  return static_cast<float>(sum);
}

}  // namespace

void swap_spectra(Samples& x, double db, Random& random) {
  const auto places = voiced_places(x, 1'280, 3, random);
  const auto donors = voiced_places(x, 640, 12, random);
  auto frames = dsp::stft(x, kShort).value();
  for (const std::size_t place : places) {
    const std::size_t first = frame_at(place, kShort) - kMomentFrames / 2;
    const auto donor =
        donors[std::uniform_int_distribution<std::size_t>(0, donors.size() - 1)(random)];
    auto other = envelope_of(frames.frame(frame_at(donor == place ? x.size() / 2 : donor, kShort)));
    const auto here = envelope_of(frames.frame(first + kMomentFrames / 2));
    double mean = 0.0;
    for (std::size_t k = 0; k < here.size(); ++k)
      mean += (other[k] - here[k]) / static_cast<double>(here.size());
    double square = 1e-9;
    for (std::size_t k = 0; k < here.size(); ++k) {
      other[k] -= here[k] + mean;
      square += other[k] * other[k] / static_cast<double>(here.size());
    }
    for (double& gain : other) gain *= db / std::sqrt(square);
    for (std::size_t i = first; i < first + kMomentFrames; ++i) shape(frames.frame(i), other);
  }
  put_back(frames, x);
}

void ring_modulate(Samples& x, double db) {
  const auto f0 = dsp::autocorrelation_f0(AudioView(x, kRateHz)).value();
  std::vector<double> voiced;
  for (const double hz : f0.hz) {
    if (hz > 0.0) voiced.push_back(hz);
  }
  const double hz = 0.37 * (voiced.empty() ? 150.0 : measure::artifacts::quantile(voiced, 0.5));
  const double depth = std::sqrt(2.0) * std::pow(10.0, db / 20.0);
  for (std::size_t i = 0; i < x.size(); ++i)
    x[i] *=
        static_cast<float>(1.0 + depth * std::cos(kTau * hz * static_cast<double>(i) / kRateHz));
}

void perturb_periods(Samples& x, double percent, Random& random) {
  const AudioView view(x, kRateHz);
  const auto f0 = dsp::autocorrelation_f0(view).value();
  const auto sound = dsp::pitch_sound("injector", view).value();
  const auto pulses = dsp::glottal_pulses(sound, f0);
  // Moves of deviation s make periods differ by 1.95 s, gains of deviation s amplitudes by 1.13 s.
  std::normal_distribution<double> move(0.0, percent / 100.0 / 1.95);
  std::normal_distribution<double> swell(0.0, 3.65 * percent / 100.0 / 1.13);
  Samples moved = x;
  const Samples clean = x;
  for (std::size_t p = 1; p + 1 < pulses.size(); ++p) {
    const double left = pulses[p - 1] * kRateHz;
    const double here = pulses[p] * kRateHz;
    const double right = pulses[p + 1] * kRateHz;
    if (here - left > 300.0 || right - here > 300.0) continue;
    const double shift = move(random) * 0.5 * (right - left);
    const double gain = 1.0 + swell(random);
    const auto first = static_cast<std::size_t>(std::max(0.0, std::ceil(left)));
    for (std::size_t i = first; i < clean.size() && static_cast<double>(i) < right; ++i) {
      const double at = static_cast<double>(i);
      const double reach = at < here ? here - left : right - here;
      const double weight = 0.5 + 0.5 * std::cos(std::numbers::pi * (at - here) / reach);
      // Grain windows sum to 1, so replacing what each weighs leaves the rest as it was.
      moved[i] +=
          static_cast<float>(weight * (gain * static_cast<double>(between(clean, at - shift)) -
                                       static_cast<double>(clean[i])));
    }
  }
  x = std::move(moved);
}

void tilt_second_half(Samples& x, double db) {
  auto frames = dsp::stft(x, kShort).value();
  for (std::size_t i = 0; i < frames.frames(); ++i) {
    if (middle_of(i, kShort) < x.size() / 2) continue;
    auto frame = frames.frame(i);
    for (std::size_t k = 0; k < frame.size(); ++k) {
      const double hz = std::max(100.0, static_cast<double>(k) * kRateHz / kShort.fft_size);
      frame[k] *= static_cast<float>(std::pow(10.0, db * std::log2(hz / 1'000.0) / 20.0));
    }
  }
  put_back(frames, x);
}

void smear_phases(Samples& x, double radians, Random& random) {
  if (sign_of(random) > 0.0) return disperse(x, 4.0 * radians);
  drift_apart(x, radians, random);
}

void warp_moments(Samples& x, double percent, Random& random) {
  std::vector<std::pair<std::size_t, double>> moments;
  for (const std::size_t place : voiced_places(x, 1'280, 3, random))
    moments.push_back({frame_at(place, kShort) - kMomentFrames / 2, sign_of(random)});
  warp_envelopes(x, [&](std::size_t frame) {
    for (const auto& [first, sign] : moments) {
      if (frame >= first && frame < first + kMomentFrames) return sign * percent / 100.0;
    }
    return 0.0;
  });
}

void warp_vowels(Samples& x, double percent, Random& random) {
  constexpr std::size_t kLength = 2'400;  // 150 ms
  std::vector<std::pair<std::size_t, double>> vowels;
  for (const std::size_t place : voiced_places(x, kLength, 3, random))
    vowels.push_back({frame_at(place, kShort), sign_of(random)});
  constexpr std::size_t kHalf = kLength / 2 / kShort.hop_samples;
  warp_envelopes(x, [&](std::size_t frame) {
    for (const auto& [middle, sign] : vowels) {
      if (frame + kHalf >= middle && frame <= middle + kHalf) return sign * percent / 100.0;
    }
    return 0.0;
  });
}

}  // namespace syrinx::bench
