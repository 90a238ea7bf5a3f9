// SPDX-License-Identifier: Apache-2.0
#include "artifacts/injectors.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>
#include <span>

#include "artifacts/spectral_injectors.h"
#include "syrinx/core/dsp/biquad.h"
#include "syrinx/stages/measure/artifacts/features.h"

namespace syrinx::bench {
namespace {

using measure::ArtifactKind;
using measure::artifacts::kHop;
using measure::artifacts::kRateHz;

double gain_of(double db) { return std::pow(10.0, db / 20.0); }

double rms_of(std::span<const float> x) {
  double power = 0.0;
  for (const float v : x) power += static_cast<double>(v) * static_cast<double>(v);
  return std::sqrt(power / static_cast<double>(x.size()));
}

std::size_t pick(Random& random, std::size_t first, std::size_t last) {
  return std::uniform_int_distribution<std::size_t>(first, last - 1)(random);
}

// A random sample amid speech that is not a pause.
std::size_t pick_active(Random& random, const Samples& x, std::size_t margin) {
  const auto levels = measure::artifacts::levels_db(x);
  const double gate_db = measure::artifacts::quantile(levels, 0.95) - 15.0;
  for (int i = 0; i < 200; ++i) {
    const std::size_t at = pick(random, margin, x.size() - margin);
    if (levels[at / kHop] > gate_db) return at;
  }
  return x.size() / 2;
}

void filter(Samples& x, const dsp::Biquad& section, int times) {
  const std::vector<dsp::Biquad> sections(static_cast<std::size_t>(times), section);
  dsp::BiquadCascade::create(sections, 1).value().process(x, 0);
}

Samples high_noise(std::size_t size, double hz, double rms, Random& random) {
  Samples noise(size);
  std::normal_distribution<float> normal;
  for (float& v : noise) v = normal(random);
  if (hz > 0.0) filter(noise, dsp::high_pass({kRateHz, hz, 0.7, 0.0}).value(), 2);
  const double gain = rms / rms_of(noise);
  for (float& v : noise) v *= static_cast<float>(gain);
  return noise;
}

void click(Samples& x, double db, Random& random) {
  const double amplitude = rms_of(x) * gain_of(db);
  for (int i = 0; i < 3; ++i)
    x[pick_active(random, x, 1'600)] += static_cast<float>(i % 2 == 0 ? amplitude : -amplitude);
}

// Leaves out 3 to 25 ms where the ends differ by `jump` times the RMS.
void splice(Samples& x, double jump, Random& random) {
  const double wanted = jump * rms_of(x);
  for (int i = 0; i < 3; ++i) {
    std::size_t best_at = 0;
    std::size_t best_gap = 0;
    double best = 1e9;
    for (int attempt = 0; attempt < 60; ++attempt) {
      const std::size_t at = pick_active(random, x, 1'600);
      for (std::size_t gap = 50; gap < 400; ++gap) {
        const double off = std::abs(std::abs(static_cast<double>(x[at + gap] - x[at])) - wanted);
        if (off >= best) continue;
        best = off;
        best_at = at;
        best_gap = gap;
      }
    }
    const auto from = x.begin() + static_cast<std::ptrdiff_t>(best_at) + 1;
    x.erase(from, from + static_cast<std::ptrdiff_t>(best_gap));
  }
}

void spike(Samples& x, double db, Random& random) {
  constexpr std::size_t kLength = 320;  // 20 ms
  for (int i = 0; i < 2; ++i) {
    const std::size_t at = pick_active(random, x, 1'600);
    for (std::size_t n = 0; n < kLength; ++n) {
      const double bell = std::sin(std::numbers::pi * static_cast<double>(n) / kLength);
      x[at + n] *= static_cast<float>(1.0 + (gain_of(db) - 1.0) * bell);
    }
  }
}

void level_step(Samples& x, double db) {
  for (std::size_t i = x.size() / 2; i < x.size(); ++i) x[i] *= static_cast<float>(gain_of(-db));
}

// Doubles the pitch of up to `ms` in the middle of the longest steady voice, by reading it twice at
// double speed.
void octave(Samples& x, double ms) {
  const auto frames = measure::artifacts::periodicities(x);
  std::size_t best = 0;
  std::size_t best_length = 0;
  std::size_t start = 0;
  for (std::size_t i = 1; i < frames.size(); ++i) {
    const bool goes_on = frames[i].clarity > 0.7 && frames[i - 1].period > 0.0 &&
                         std::abs(frames[i].period / frames[i - 1].period - 1.0) < 0.1;
    if (!goes_on) start = i;
    if (i - start <= best_length) continue;
    best_length = i - start;
    best = start;
  }
  // 60 ms of the voice stay as they are on each side, or there is no jump.
  const std::size_t room = best_length > 16 ? best_length - 12 : 4;
  const auto length = std::min(room * kHop, static_cast<std::size_t>(ms * kRateHz / 1'000.0));
  const std::size_t middle = (best + best_length / 2) * kHop;
  if (middle < length || middle + 2 * length > x.size()) return;
  const Samples clean = x;
  const std::size_t at = middle - length / 2;
  const auto period = static_cast<std::size_t>(std::max(frames[middle / kHop].period, 40.0));
  const std::size_t stretch = std::max(period, length / period * period);
  for (std::size_t n = 0; n < length; ++n) x[at + n] = clean[at + (2 * n) % stretch];
}

void comb(Samples& x, double feedback) {
  constexpr std::size_t kDelay = 85;  // 5.3 ms: lines 188 Hz apart.
  for (std::size_t i = kDelay; i < x.size(); ++i)
    x[i] += static_cast<float>(feedback) * x[i - kDelay];
}

void buzz(Samples& x, double db) {
  Samples pulses(x.size());
  for (std::size_t i = 0; i < pulses.size(); i += 133) pulses[i] = 1.0f;  // 120 Hz
  filter(pulses, dsp::high_pass({kRateHz, 4'000.0, 0.7, 0.0}).value(), 2);
  const double gain = rms_of(x) * gain_of(db) / rms_of(pulses);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] += static_cast<float>(gain) * pulses[i];
}

void hiss(Samples& x, double db, Random& random) {
  const auto noise = high_noise(x.size(), 5'000.0, rms_of(x) * gain_of(db), random);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] += noise[i];
}

// Takes `db` off above 3 kHz wherever there is more above than below.
void soften_consonants(Samples& x, double db) {
  Samples high = x;
  Samples low = x;
  filter(high, dsp::high_pass({kRateHz, 3'000.0, 0.7, 0.0}).value(), 1);
  filter(low, dsp::low_pass({kRateHz, 3'000.0, 0.7, 0.0}).value(), 1);
  const auto high_db = measure::artifacts::levels_db(high);
  const auto low_db = measure::artifacts::levels_db(low);
  double share = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const bool consonant = high_db[i / kHop] > low_db[i / kHop];
    share += 0.01 * ((consonant ? 1.0 - gain_of(-db) : 0.0) - share);
    x[i] -= static_cast<float>(share) * high[i];
  }
}

void leak(Samples& x, AudioView other, double db) {
  constexpr std::size_t kDelay = 8;  // 0.5 ms
  for (std::size_t i = kDelay; i < std::min(x.size(), other.frames()); ++i)
    x[i] += static_cast<float>(gain_of(db)) * other.channel(0)[i - kDelay];
}

void inject(ArtifactKind kind, Samples& x, AudioView other, double grade, Random& random) {
  switch (kind) {
    case ArtifactKind::kClick:
      return click(x, grade, random);
    case ArtifactKind::kDiscontinuity:
      return splice(x, grade, random);
    case ArtifactKind::kEnergySpike:
      return spike(x, grade, random);
    case ArtifactKind::kLoudnessJump:
      return level_step(x, grade);
    case ArtifactKind::kOctaveJump:
      return octave(x, grade);
    case ArtifactKind::kMetallic:
      return comb(x, grade);
    case ArtifactKind::kBuzz:
      return buzz(x, grade);
    case ArtifactKind::kHighNoise:
      return hiss(x, grade, random);
    case ArtifactKind::kConsonantLoss:
      return soften_consonants(x, grade);
    case ArtifactKind::kCrosstalk:
      return leak(x, other, grade);
    case ArtifactKind::kSpectralJump:
      return swap_spectra(x, grade, random);
    case ArtifactKind::kInterharmonic:
      return ring_modulate(x, grade);
    case ArtifactKind::kIrregularVoice:
      return perturb_periods(x, grade, random);
    case ArtifactKind::kTiltChange:
      return tilt_second_half(x, grade);
    case ArtifactKind::kPhaseSmear:
      return smear_phases(x, grade, random);
    case ArtifactKind::kFormantJump:
      return warp_moments(x, grade, random);
    case ArtifactKind::kVowelDrift:
      return warp_vowels(x, grade, random);
  }
}

AudioBuffer buffer_of(const Samples& x) { return AudioBuffer(AudioView(x, kRateHz)); }

Specimen specimen(ArtifactKind kind, AudioView speech, AudioView other, Samples x, Random& random) {
  Specimen result;
  if (kind == ArtifactKind::kConsonantLoss || kind == ArtifactKind::kVowelDrift) {
    const auto noise = high_noise(x.size(), 0.0, 0.01 * rms_of(x), random);
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = 0.8f * (x[i] + noise[i]);
    result.reference = AudioBuffer(speech);
  }
  result.audio = buffer_of(x);
  if (kind == ArtifactKind::kCrosstalk) {
    AudioBuffer both(2, std::min(x.size(), other.frames()), kRateHz);
    std::copy_n(x.begin(), both.frames(), both.channel(0).begin());
    std::copy_n(other.channel(0).begin(), both.frames(), both.channel(1).begin());
    result.audio = std::move(both);
  }
  return result;
}

}  // namespace

DefectGrades defect_grades(ArtifactKind kind) {
  switch (kind) {
    case ArtifactKind::kClick:
      return {{-6, 0, 6, 12}, "dB over RMS"};
    case ArtifactKind::kDiscontinuity:
      return {{0.5, 1, 2, 3}, "RMS"};
    case ArtifactKind::kEnergySpike:
      return {{8, 12, 16, 20}, "dB"};
    case ArtifactKind::kLoudnessJump:
      return {{6, 9, 12, 15}, "dB"};
    case ArtifactKind::kOctaveJump:
      return {{80, 100, 130, 180}, "ms"};
    case ArtifactKind::kMetallic:
      return {{0.3, 0.5, 0.7, 0.85}, "feedback"};
    case ArtifactKind::kBuzz:
      return {{-40, -34, -28, -22}, "dB over RMS"};
    case ArtifactKind::kHighNoise:
      return {{-50, -42, -36, -30}, "dB over RMS"};
    case ArtifactKind::kConsonantLoss:
      return {{3, 6, 10, 15}, "dB"};
    case ArtifactKind::kCrosstalk:
      return {{-40, -34, -28, -20}, "dB"};
    case ArtifactKind::kSpectralJump:
      return {{6, 10, 14, 18}, "dB of envelope"};
    case ArtifactKind::kInterharmonic:
      return {{-28, -22, -16, -10}, "dB"};
    case ArtifactKind::kIrregularVoice:
      return {{1.04, 2, 3.5, 6}, "% jitter"};
    case ArtifactKind::kTiltChange:
      return {{1, 2, 3.5, 5}, "dB per octave"};
    case ArtifactKind::kPhaseSmear:
      return {{0.5, 1, 1.5, 2.5}, "rad"};
    case ArtifactKind::kFormantJump:
      return {{10, 16, 22, 30}, "%"};
    case ArtifactKind::kVowelDrift:
      return {{4, 8, 12, 18}, "%"};
  }
  return {};
}

Specimen clean_specimen(ArtifactKind kind, AudioView speech, AudioView other, std::uint32_t seed) {
  Random random(seed);
  const auto x = speech.channel(0);
  return specimen(kind, speech, other, Samples(x.begin(), x.end()), random);
}

Specimen defective_specimen(ArtifactKind kind, AudioView speech, AudioView other, double grade,
                            std::uint32_t seed) {
  Random random(seed);
  const auto channel = speech.channel(0);
  Samples x(channel.begin(), channel.end());
  inject(kind, x, other, grade, random);
  return specimen(kind, speech, other, std::move(x), random);
}

}  // namespace syrinx::bench
