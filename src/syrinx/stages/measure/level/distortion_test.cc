// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/level/distortion.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "syrinx/stages/measure/level/test_signals.h"

namespace syrinx::measure {
namespace {

// A tone at -6 dBFS with harmonics at the given levels below it, summed in double.
AudioBuffer tone_with(const std::vector<double>& harmonics_db, double hz, int rate_hz,
                      double seconds = 2.0) {
  AudioBuffer audio(1, static_cast<std::size_t>(seconds * rate_hz), rate_hz);
  for (std::size_t i = 0; i < audio.frames(); ++i) {
    const double turns = hz * static_cast<double>(i) / rate_hz;
    double sum = std::sin(2 * std::numbers::pi * turns + 0.3);
    for (std::size_t k = 0; k < harmonics_db.size(); ++k) {
      const auto order = static_cast<double>(k + 2);
      sum += std::pow(10.0, harmonics_db[k] / 20) *
             std::sin(2 * std::numbers::pi * order * turns + 0.7 * order);
    }
    audio.channel(0)[i] = static_cast<float>(0.5 * sum);
  }
  return audio;
}

TEST(Distortion, FindsEachHarmonicAtItsLevel) {
  for (const int rate_hz : {16'000, 44'100, 48'000, 96'000}) {
    const auto found = measure_distortion(tone_with({-40, -60, -80}, 997.3, rate_hz)).value();
    EXPECT_NEAR(found.tone_hz, 997.3, 1e-5);
    EXPECT_NEAR(found.tone_dbfs, 20 * std::log10(0.5), 1e-4);
    EXPECT_NEAR(found.harmonics_db.at(0), -40, 0.01);
    EXPECT_NEAR(found.harmonics_db.at(1), -60, 0.01);
    EXPECT_NEAR(found.harmonics_db.at(2), -80, 0.01);
    const double sum = 1e-4 + 1e-6 + 1e-8;
    EXPECT_NEAR(found.thd_db, 10 * std::log10(sum), 0.01);
    EXPECT_NEAR(found.thd_n_db, 10 * std::log10(sum / (1 + sum)), 0.01);
    EXPECT_NEAR(found.thd_percent(), 100 * std::sqrt(sum), 0.01);
  }
}

TEST(Distortion, OfACleanToneIsWhatRoundingLeaves) {
  const auto found = measure_distortion(tone_with({}, 1'000, 48'000)).value();
  EXPECT_LT(found.thd_db, -140);
  EXPECT_LT(found.thd_n_db, -130);
}

TEST(Distortion, CountsNoiseAtItsLevelWithin20Khz) {
  auto audio = tone_with({}, 1'000, 48'000, 5.5);
  std::mt19937 random(1);
  std::normal_distribution<double> noise(0.0, 0.5 / std::sqrt(2.0) * 1e-3);
  for (float& v : audio.channel(0)) v += static_cast<float>(noise(random));
  const auto found = measure_distortion(audio).value();
  // White to 24 kHz at -60 dB, of which 20/24 lie below 20 kHz.
  EXPECT_NEAR(found.thd_n_db, -60 + 10 * std::log10(20.0 / 24.0), 0.05);
  EXPECT_LT(found.thd_db, -90);
}

// A sine cut at half its height has a series in closed form; checked against its third harmonic.
TEST(Distortion, OfAClippedToneIsThatOfItsSeries) {
  auto audio = tone_with({}, 100.3, 96'000, 3);
  for (float& v : audio.channel(0)) v = std::min(0.25f, std::max(-0.25f, v));
  const auto found = measure_distortion(audio).value();
  const double angle = std::asin(0.5);
  const double first = 2 / std::numbers::pi * (angle + 0.5 * std::cos(angle));
  const double third =
      2 / std::numbers::pi *
      (std::sin(2 * angle) / 2 - std::sin(4 * angle) / 4 + 2 * 0.5 * std::cos(3 * angle) / 3);
  EXPECT_NEAR(found.harmonics_db.at(1), 20 * std::log10(std::abs(third / first)), 0.05);
  EXPECT_LT(found.harmonics_db.at(0), -100);
}

TEST(Distortion, IgnoresAnOffset) {
  auto audio = tone_with({-50}, 440, 48'000);
  for (float& v : audio.channel(0)) v += 0.3f;
  EXPECT_NEAR(measure_distortion(audio).value().thd_n_db, -50, 0.01);
}

TEST(Distortion, RefusesWhatIsNoTone) {
  EXPECT_FALSE(measure_distortion(AudioBuffer(1, 48'000, 48'000)));
  EXPECT_FALSE(measure_distortion(AudioBuffer(64, 1, 48'000)));
  EXPECT_FALSE(measure_distortion(AudioView()));
  auto bad = tone_with({}, 440, 48'000);
  bad.channel(0)[7] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(measure_distortion(bad).error().code, ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace syrinx::measure
