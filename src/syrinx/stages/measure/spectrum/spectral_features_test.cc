// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/spectrum/spectral_features.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

#include "syrinx/core/dsp/pitch/test_voices.h"
#include "syrinx/stages/measure/level/test_signals.h"

namespace syrinx::measure {
namespace {

TEST(SpectralFeatures, OfASineAreItsFrequency) {
  for (const int rate_hz : {8'000, 44'100, 96'000}) {
    const auto found = spectral_features(sine(1, -6, 1'000, rate_hz, 2)).value();
    EXPECT_NEAR(found.mean.centroid_hz, 1'000, 2) << rate_hz;
    EXPECT_NEAR(found.mean.rolloff_hz, 1'000, 1000.0 / 32) << rate_hz;
    EXPECT_LT(found.mean.flatness, 1e-3) << rate_hz;
    EXPECT_NEAR(found.mean.zero_crossings_per_s, 2'000, 40) << rate_hz;
    EXPECT_NEAR(found.mean.power, 0.125, 0.002) << rate_hz;
    EXPECT_NEAR(found.mean.flux, 0, 1e-3) << rate_hz;
  }
}

// White to half the rate: centroid in the middle, roll-off at 85 %, the flatness of exponentially
// distributed power e^-0.5772, sign changes at every other sample.
TEST(SpectralFeatures, OfWhiteNoiseAreItsExpectations) {
  const auto found = spectral_features(dsp::white_noise(10, 16'000)).value();
  EXPECT_NEAR(found.mean.centroid_hz, 4'000, 40);
  EXPECT_NEAR(found.mean.rolloff_hz, 0.85 * 8'000, 60);
  EXPECT_NEAR(found.mean.flatness, 0.5615, 0.01);
  EXPECT_NEAR(found.mean.zero_crossings_per_s, 8'000, 80);
  EXPECT_NEAR(found.mean.power, 0.01, 2e-4);
  EXPECT_NEAR(found.tilt_db_per_octave, 0, 0.1);
}

// A single sample is as flat as a spectrum can be.
TEST(SpectralFeatures, OfAnImpulseAreFlat) {
  AudioBuffer audio(1, 512, 16'000);
  audio.channel(0)[256] = 1.0f;
  const auto found = spectral_features(audio).value();
  ASSERT_EQ(found.frames.size(), 1u);
  EXPECT_NEAR(found.frames[0].flatness, 1.0, 1e-4);
  EXPECT_NEAR(found.frames[0].centroid_hz, 4'000, 1);
}

// One pole at radius r falls by 20 log10 of the frequency far above its corner: -6.02 dB an octave.
TEST(SpectralFeatures, TiltIsTheSlopeOfTheNoise) {
  auto audio = dsp::white_noise(20, 48'000);
  double state = 0;
  for (float& v : audio.channel(0)) {
    state = 0.9995 * state + static_cast<double>(v);  // Corner at 4 Hz.
    v = static_cast<float>(0.01 * state);
  }
  // The pole's slope lessens towards half the rate: -6.02 to 3 kHz, less by 0.2 dB over all bands.
  EXPECT_NEAR(spectral_features(audio).value().tilt_db_per_octave, -6.0, 0.3);
}

TEST(SpectralFeatures, FluxTellsAChangeOfTone) {
  auto audio = sine(0.5, -6, 500, 16'000);
  audio.append(sine(0.5, -6, 3'000, 16'000));
  const auto found = spectral_features(audio, {.window_ms = 32, .hop_ms = 32}).value();
  double most = 0;
  for (const auto& frame : found.frames) most = std::max(most, frame.flux);
  EXPECT_GT(most, 0.7);
  EXPECT_LT(found.frames[5].flux, 0.05);
}

TEST(SpectralFeatures, AreDefinedForSilenceOneSampleNanAndManyChannels) {
  const auto silence = spectral_features(AudioBuffer(64, 8'000, 8'000)).value();
  EXPECT_EQ(silence.mean.centroid_hz, 0);
  EXPECT_EQ(silence.mean.flatness, 0);
  EXPECT_EQ(silence.tilt_db_per_octave, 0);
  EXPECT_EQ(spectral_features(AudioBuffer(1, 1, 1'000)).value().frames.size(), 1u);
  AudioBuffer bad(1, 8'000, 768'000);
  for (float& v : bad.channel(0)) v = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(spectral_features(bad).value().mean.power, 0);
  EXPECT_FALSE(spectral_features(AudioView()));
  EXPECT_FALSE(spectral_features(bad, {.window_ms = 1, .hop_ms = 10}));
  EXPECT_FALSE(spectral_features(bad, {.window_ms = 32, .hop_ms = 0}));
}

// Harmonics below 2 kHz in clean, noise of known density above: one band all voice, one none.
TEST(HarmonicBands, TellVoiceFromNoise) {
  AudioBuffer audio(1, 64'000, 16'000);
  for (std::size_t i = 0; i < audio.frames(); ++i) {
    const double turns = 150.0 * static_cast<double>(i) / 16'000;
    for (int k = 1; k * 150 < 2'000; ++k) {
      audio.channel(0)[i] +=
          static_cast<float>(0.05 * std::sin(2 * std::numbers::pi * k * turns + k));
    }
  }
  EXPECT_GT(harmonic_bands(audio, 150, {100, 1'900}).value()[0].hnr_db, 50);
  const auto noise = dsp::white_noise(4, 16'000, 0.01);
  const auto flat = harmonic_bands(noise, 150, {0, 2'000, 8'000}).value();
  EXPECT_NEAR(flat[0].hnr_db, 0, 0.3);
  EXPECT_NEAR(flat[1].hnr_db, 0, 0.3);
  // Each harmonic's power stands in half of its 150 Hz, with noise there and in the other half.
  for (std::size_t i = 0; i < audio.frames(); ++i) audio.channel(0)[i] += noise.channel(0)[i];
  const double noise_power = 1e-4 * 75 / 8'000;
  const double expected = 10 * std::log10((0.05 * 0.05 / 2 + noise_power) / noise_power);
  const auto both = harmonic_bands(audio, 150, {75, 1'875, 8'000}).value();
  EXPECT_NEAR(both[0].hnr_db, expected, 0.3);
  EXPECT_LT(both[1].hnr_db, 20);
}

TEST(HarmonicBands, AreDefinedForSilenceAndRefuseBadEdges) {
  const auto silence = harmonic_bands(AudioBuffer(64, 8'000, 8'000), 100, {0, 1'000}).value();
  EXPECT_TRUE(std::isnan(silence[0].hnr_db));
  EXPECT_TRUE(std::isnan(harmonic_bands(AudioBuffer(1, 1, 8'000), 100, {0, 9}).value()[0].hnr_db));
  EXPECT_FALSE(harmonic_bands(sine(1, 0), 100, {0}));
  EXPECT_FALSE(harmonic_bands(sine(1, 0), 100, {500, 500}));
  EXPECT_FALSE(harmonic_bands(sine(1, 0), 10, {0, 500}));
  EXPECT_FALSE(harmonic_bands(AudioView(), 100, {0, 500}));
}

}  // namespace
}  // namespace syrinx::measure
