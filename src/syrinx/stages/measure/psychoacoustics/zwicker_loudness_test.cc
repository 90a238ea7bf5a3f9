// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/psychoacoustics/zwicker_loudness.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>

#include "syrinx/stages/measure/psychoacoustics/sharpness.h"
#include "syrinx/stages/measure/psychoacoustics/test_sounds.h"

namespace syrinx::measure {
namespace {

using namespace test_sounds;

double sone_of(AudioView audio) { return stationary_loudness(audio, Calibration{}).value().sone; }

// ISO 532-1, Annex B.2: test signal 1 and its loudness. The method from levels has no freedom: 0.1
// %.
TEST(StationaryLoudness, OfTheStandardsTestSignal1IsItsTabulatedValue) {
  const double levels_db[] = {-60, -60, 78, 79, 89, 72, 80, 89, 75, 87, 85, 79, 86, 80,
                              71,  70,  72, 71, 72, 74, 69, 65, 67, 77, 68, 58, 45, 30};
  const auto loudness = stationary_loudness(std::span<const double>(levels_db)).value();
  EXPECT_NEAR(loudness.sone, 83.296, 0.083);
}

// Annex B.3, made anew from their descriptions; the standard's tolerance is 5 % or 0.1 sone.
TEST(StationaryLoudness, OfTheStandardsTonesIsTheirTabulatedValue) {
  EXPECT_NEAR(sone_of(tone(250, 80, 2)), 14.655, 0.05 * 14.655);
  EXPECT_NEAR(sone_of(tone(1'000, 60, 2)), 4.019, 0.05 * 4.019);
  EXPECT_NEAR(sone_of(tone(4'000, 40, 2)), 1.549, 0.1);
}

TEST(StationaryLoudness, OfOneKilohertzAt40DbIsOneSone) {
  EXPECT_NEAR(sone_of(tone(1'000, 40, 2)), 1.0, 0.05);
}

TEST(StationaryLoudness, IsTheAreaUnderTheSpecificLoudness) {
  const auto loudness = stationary_loudness(noise(200, 8'000, 70, 1), Calibration{}).value();
  const auto& specific = loudness.specific_sone_per_bark;
  const double area = 0.1 * std::accumulate(specific.begin(), specific.end(), 0.0);
  EXPECT_NEAR(area, loudness.sone, 0.02 * loudness.sone);
  EXPECT_NEAR(loudness.phon, 40 + 10 * std::log2(loudness.sone), 1e-9);
}

TEST(StationaryLoudness, DoesNotDependOnTheSampleRate) {
  const double at_48 = sone_of(tone(1'000, 60, 2));
  AudioBuffer at_16(1, 32'000, 16'000);
  for (std::size_t i = 0; i < at_16.frames(); ++i) {
    const double phase = 2 * std::numbers::pi * 1'000 * static_cast<double>(i) / 16'000;
    at_16.channel(0)[i] = static_cast<float>(amplitude_of(60) * std::sin(phase));
  }
  EXPECT_NEAR(sone_of(at_16), at_48, 0.01 * at_48);
}

TEST(StationaryLoudness, OfSilenceIsNothingAndFieldsDiffer) {
  const auto silence = stationary_loudness(AudioBuffer(1, 48'000, 48'000), Calibration{}).value();
  EXPECT_EQ(silence.sone, 0.0);
  const auto audio = noise(500, 4'000, 70, 1);
  EXPECT_NE(stationary_loudness(audio, {100.0, SoundField::kDiffuse}).value().sone, sone_of(audio));
}

TEST(StationaryLoudness, RefusesWhatItCannotMeasure) {
  EXPECT_FALSE(stationary_loudness(AudioBuffer(2, 48'000, 48'000), Calibration{}));
  EXPECT_FALSE(stationary_loudness(AudioBuffer(), Calibration{}));
  EXPECT_FALSE(stationary_loudness(AudioBuffer(1, 100, 48'000), Calibration{}));
  auto bad = tone(1'000, 60, 1);
  bad.channel(0)[7] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_FALSE(stationary_loudness(bad, Calibration{}));
  const double levels_db[] = {1, 2, 3};
  EXPECT_FALSE(stationary_loudness(std::span<const double>(levels_db)));
}

// A steady tone's time-varying loudness becomes its stationary one: 5 %, as the standard tolerates.
TEST(TimeVaryingLoudness, OfASteadyToneSettlesAtTheStationaryLoudness) {
  for (const double level_db : {40.0, 60.0, 80.0}) {
    const auto audio = tone(1'000, level_db, 1);
    const auto curve = time_varying_loudness(audio, Calibration{}).value();
    EXPECT_EQ(curve.sone.size(), 500u);
    const double stationary = sone_of(audio);
    EXPECT_NEAR(curve.sone[450], stationary, 0.05 * stationary) << level_db;
  }
}

// Short sounds are softer: a 10 ms pulse is about half as loud as a long one (Fastl and Zwicker,
// Psychoacoustics, section 8.5), and each longer pulse is louder.
TEST(TimeVaryingLoudness, GrowsWithTheDurationOfAPulse) {
  const auto peak = [](double seconds) {
    auto audio = tone(1'000, 70, 1);
    for (std::size_t i = 0; i < audio.frames(); ++i) {
      // Ramps of 2 ms, without which the ends would click.
      const double t = static_cast<double>(i) / kRateHz - 0.2;
      const double ramp = std::clamp(std::min(t, seconds - t) / 0.002, 0.0, 1.0);
      audio.channel(0)[i] *= static_cast<float>(0.5 - 0.5 * std::cos(std::numbers::pi * ramp));
    }
    return time_varying_loudness(audio, Calibration{}).value().max_sone;
  };
  const double of_10_ms = peak(0.01);
  const double of_50_ms = peak(0.05);
  const double of_500_ms = peak(0.5);
  EXPECT_LT(of_10_ms, of_50_ms);
  EXPECT_LT(of_50_ms, of_500_ms);
  EXPECT_NEAR(of_10_ms / of_500_ms, 0.5, 0.15);
  EXPECT_NEAR(of_500_ms, sone_of(tone(1'000, 70, 1)), 0.4);
}

TEST(TimeVaryingLoudness, DiesAwayAfterASoundEnds) {
  auto audio = tone(1'000, 70, 0.5);
  audio.append(AudioBuffer(1, 48'000, kRateHz));
  const auto curve = time_varying_loudness(audio, Calibration{}).value();
  EXPECT_GT(curve.sone[260], 0.3 * curve.max_sone);  // 20 ms later it still sounds on.
  EXPECT_LT(curve.sone.back(), 0.01);
  EXPECT_GE(curve.n5_sone, curve.n10_sone);
}

// DIN 45692, clause 6: the reference sound, narrow-band noise of 920 to 1080 Hz at 60 dB, is 1
// acum; the standard tolerates 0.05.
TEST(Sharpness, OfTheReferenceNoiseIsOneAcum) {
  EXPECT_NEAR(sharpness_acum(noise(920, 1'080, 60, 2), Calibration{}).value(), 1.0, 0.05);
}

TEST(Sharpness, OfSilenceIsNothing) {
  EXPECT_EQ(sharpness_acum(AudioBuffer(1, 48'000, 48'000), Calibration{}).value(), 0.0);
}

}  // namespace
}  // namespace syrinx::measure
