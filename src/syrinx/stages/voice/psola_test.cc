// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/voice/psola.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>
#include <random>

#include "support/realtime_guard.h"
#include "syrinx/core/dsp/pitch/autocorrelation_f0.h"

namespace syrinx::voice {
namespace {

// A voice of known pitch: pulses at a steady F0 through three resonances.
AudioBuffer voice_at(double hz, double seconds, int rate_hz) {
  AudioBuffer audio(1, static_cast<std::size_t>(seconds * rate_hz), rate_hz);
  const double formants[3][2] = {{700.0, 90.0}, {1'200.0, 110.0}, {2'600.0, 160.0}};
  auto out = audio.channel(0);
  double phase = 0.0;
  for (float& x : out) {
    phase += hz / rate_hz;
    x = phase >= 1.0 ? 1.0f : 0.0f;
    phase -= std::floor(phase);
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

AudioBuffer noise(std::size_t channels, std::size_t frames, int rate_hz, float level = 0.3f) {
  AudioBuffer audio(channels, frames, rate_hz);
  std::mt19937 engine(5);
  for (std::size_t c = 0; c < channels; ++c)
    for (float& x : audio.channel(c))
      x = level * (static_cast<float>(engine() >> 8) / 8'388'608.0f - 1.0f);
  return audio;
}

std::unique_ptr<VoiceTransform> prepared(const VoiceSettings& settings, AudioView audio,
                                         const PsolaOptions& options = {}) {
  auto transform = std::move(make_psola(options, settings)).value();
  transform->prepare({audio.sample_rate_hz(), audio.channels(), 1u << 20}).value();
  return transform;
}

AudioBuffer changed(VoiceTransform& transform, AudioBuffer audio, std::size_t block = 4'096) {
  for (std::size_t at = 0; at < audio.frames(); at += block)
    transform.process(audio.view().slice(at, std::min(block, audio.frames() - at)));
  return audio;
}
AudioBuffer changed(const VoiceSettings& settings, const AudioBuffer& audio,
                    std::size_t block = 4'096) {
  return changed(*prepared(settings, audio), audio, block);
}

double median_f0(AudioView audio) {
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

double power(std::span<const float> x) {
  double sum = 0.0;
  for (const float v : x) sum += static_cast<double>(v) * static_cast<double>(v);
  return sum / static_cast<double>(x.size());
}

TEST(Psola, LeavesAVoiceAsItIsWhenNothingIsAskedFor) {
  for (const int rate : {16'000, 48'000}) {
    const AudioBuffer voice = voice_at(120.0, 1.0, rate);
    auto transform = prepared({}, voice);
    const AudioBuffer same = changed(*transform, voice);
    const std::size_t lag = transform->latency_samples();
    double worst = 0.0;
    for (std::size_t i = 0; i + lag < voice.frames(); ++i)
      worst = std::max(worst, std::abs(static_cast<double>(same.channel(0)[i + lag]) -
                                       static_cast<double>(voice.channel(0)[i])));
    EXPECT_LT(worst, 0.01) << rate;
  }
}

TEST(Psola, LetsUnvoicedSoundThroughUntouched) {
  const AudioBuffer hiss = noise(2, 24'000, 48'000);
  VoiceSettings settings;
  settings.pitch_ratio = 1.7;
  settings.formant_ratio = 1.2;
  auto transform = prepared(settings, hiss);
  const AudioBuffer out = changed(*transform, hiss);
  const std::size_t lag = transform->latency_samples();
  for (std::size_t i = 0; i + lag < hiss.frames(); ++i)
    ASSERT_NEAR(out.channel(1)[i + lag], hiss.channel(1)[i], 1e-5f) << i;
}

TEST(Psola, MovesThePitchByTheRatio) {
  for (const double hz : {90.0, 150.0, 240.0}) {
    const AudioBuffer voice = voice_at(hz, 1.0, 24'000);
    for (const double ratio : {0.5, 0.7, 1.0, 1.3, 2.0, 3.0}) {
      VoiceSettings settings;
      settings.pitch_ratio = ratio;
      if (hz * ratio > 700.0) continue;
      EXPECT_NEAR(median_f0(changed(settings, voice)) / (hz * ratio), 1.0, 0.005)
          << hz << " * " << ratio;
    }
  }
}

TEST(Psola, KeepsTheLevel) {
  const AudioBuffer voice = voice_at(130.0, 1.0, 24'000);
  for (const double ratio : {0.5, 0.75, 1.5, 2.0}) {
    VoiceSettings settings;
    settings.pitch_ratio = ratio;
    const AudioBuffer out = changed(settings, voice);
    const double db = 10.0 * std::log10(power(out.channel(0).subspan(6'000)) /
                                        power(voice.channel(0).subspan(6'000)));
    EXPECT_NEAR(db, 0.0, 2.0) << ratio;
  }
}

}  // namespace
}  // namespace syrinx::voice
