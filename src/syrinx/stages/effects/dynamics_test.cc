// SPDX-License-Identifier: Apache-2.0
// Dynamics: static curves within 0.1 dB, time constants within 5 %, the limiter's ceiling.
#include <gtest/gtest.h>

#include "syrinx/stages/effects/dynamics.h"
#include "syrinx/stages/effects/effect_test_support.h"
#include "syrinx/stages/effects/eq_band.h"

namespace syrinx::effects {
namespace {

// The settled gain of an effect on a tone, in dB.
double tone_gain_db(Effect& effect, double peak_db, double hz = 1'000) {
  AudioBuffer audio = tone(hz, std::pow(10.0, peak_db / 20), 144'000);
  effect.reset();
  run(effect, audio);
  return decibels(std::abs(amplitude(audio.channel(0).subspan(96'000), hz))) - peak_db;
}

// The line itself, written down apart from the code: outside the knee, straight.
TEST(Compressor, FollowsItsStaticCurveWithinATenthOfADb) {
  for (const double ratio : {1.5, 4.0, 20.0}) {
    auto effect = prepared("compressor", {{"threshold_db", -20}, {"ratio", ratio}, {"knee_db", 0}});
    for (double level = -40; level <= 0; level += 5) {
      const double out = level <= -20 ? level : -20 + (level + 20) / ratio;
      EXPECT_NEAR(tone_gain_db(*effect, level), out - level, 0.1) << level << " at " << ratio;
    }
  }
}

TEST(Compressor, BendsThroughItsKnee) {
  auto effect = prepared("compressor", {{"threshold_db", -20}, {"ratio", 4}, {"knee_db", 12}});
  EXPECT_NEAR(tone_gain_db(*effect, -26), 0.0, 0.1);
  EXPECT_NEAR(tone_gain_db(*effect, -20), -0.75 * 36.0 / 24.0, 0.1);  // (1/R - 1)(W/2)^2 / 2W
  EXPECT_NEAR(tone_gain_db(*effect, -14), -4.5, 0.1);
  EXPECT_NEAR(tone_gain_db(*effect, -8), -9.0, 0.1);
}

TEST(Compressor, MeasuresRmsWhenAskedTo) {
  auto effect = prepared("compressor", {{"threshold_db", -20},
                                        {"ratio", 4},
                                        {"knee_db", 0},
                                        {"detector", 1},
                                        {"release_ms", 200},
                                        {"attack_ms", 200}});
  EXPECT_NEAR(tone_gain_db(*effect, -10), -0.75 * (10 - 3.0103), 0.1);
}

// The time, in ms after the step, at which the gain in dB has covered 1 - 1/e of its way.
double time_constant_ms(Effect& effect, float before, float after, std::size_t hold_frames) {
  constexpr std::size_t kStep = 48'000;
  AudioBuffer audio = constant(before, 4 * kStep);
  std::fill(audio.channel(0).begin() + kStep, audio.channel(0).end(), after);
  const AudioBuffer given(audio);
  effect.reset();
  run(effect, audio);
  const auto gain = [&](std::size_t i) {
    return decibels(double(audio.channel(0)[i]) / double(given.channel(0)[i]));
  };
  const double from = gain(kStep - 1);
  const double to = gain(audio.frames() - 1);
  std::size_t i = kStep;
  while (std::abs(gain(i) - from) < (1 - std::exp(-1.0)) * std::abs(to - from)) ++i;
  return double(i - kStep - hold_frames + 1) / 48.0;
}

TEST(Compressor, AttackAndReleaseAreTimeConstantsWithin5Percent) {
  const auto hold = static_cast<std::size_t>(kPeakHoldMs * 48);
  for (const double ms : {10.0, 50.0, 200.0}) {
    auto effect = prepared("compressor", {{"threshold_db", -30},
                                          {"ratio", 4},
                                          {"knee_db", 0},
                                          {"attack_ms", ms},
                                          {"release_ms", ms}});
    EXPECT_NEAR(time_constant_ms(*effect, 0.05f, 0.5f, 0), ms, 0.05 * ms);
    EXPECT_NEAR(time_constant_ms(*effect, 0.5f, 0.05f, hold), ms, 0.05 * ms);
  }
}

TEST(Compressor, LinksChannelsAsFarAsAsked) {
  for (const double link : {0.0, 0.5, 1.0}) {
    auto effect = prepared(
        "compressor", {{"threshold_db", -20}, {"ratio", 2}, {"knee_db", 0}, {"link", link}}, 2);
    AudioBuffer audio = constant(0.01f, 96'000, 2);  // -40 dB beside 0 dB.
    std::fill(audio.channel(1).begin(), audio.channel(1).end(), 1.0f);
    run(*effect, audio);
    const double level = -40 + link * 40;
    EXPECT_NEAR(decibels(double(audio.channel(0)[95'999]) / 0.01), std::min(0.0, -(level + 20) / 2),
                0.01);
  }
}

TEST(Compressor, LooksAheadByItsLatency) {
  auto effect = prepared("compressor", {{"threshold_db", -20},
                                        {"ratio", 100},
                                        {"knee_db", 0},
                                        {"attack_ms", 0.5},
                                        {"lookahead_ms", 5}});
  EXPECT_EQ(effect->latency_samples(), 240u);
  AudioBuffer audio = constant(0.01f, 9'600);
  std::fill(audio.channel(0).begin() + 4'800, audio.channel(0).end(), 1.0f);
  run(*effect, audio);
  EXPECT_LT(peak_of(audio.channel(0)), 0.12);  // Without it, the first samples would be near 1.
}

TEST(Compressor, WithARatioOf1LeavesEveryBit) {
  auto effect = prepared("compressor", {{"ratio", 1}});
  AudioBuffer audio = noise(1, 4'000);
  run(*effect, audio);
  EXPECT_TRUE(same(audio, noise(1, 4'000)));
}

TEST(Expander, FollowsItsStaticCurveAndItsTimes) {
  auto effect =
      prepared("expander", {{"threshold_db", -40}, {"ratio", 3}, {"knee_db", 0}, {"range_db", 30}});
  for (double level = -60; level <= -20; level += 5)
    EXPECT_NEAR(tone_gain_db(*effect, level), std::max(-30.0, std::min(0.0, 2 * (level + 40))),
                0.1);
  const auto hold = static_cast<std::size_t>(kPeakHoldMs * 48);
  auto timed = prepared(
      "expander",
      {{"threshold_db", -20}, {"ratio", 2}, {"knee_db", 0}, {"attack_ms", 50}, {"release_ms", 50}});
  EXPECT_NEAR(time_constant_ms(*timed, 0.01f, 0.5f, 0), 50, 2.5);
  EXPECT_NEAR(time_constant_ms(*timed, 0.5f, 0.01f, hold), 50, 2.5);
}

TEST(Gate, OpensAtItsThresholdAndClosesBelowItsHysteresisAfterItsHold) {
  auto effect = prepared("gate", {{"threshold_db", -40},
                                  {"hysteresis_db", 6},
                                  {"range_db", 60},
                                  {"attack_ms", 0},
                                  {"release_ms", 1},
                                  {"hold_ms", 100}});
  AudioBuffer audio = constant(0.0f, 96'000);
  const auto level = [&](double from_s, double to_s, double db) {
    std::fill(audio.channel(0).begin() + std::lround(from_s * 48'000),
              audio.channel(0).begin() + std::lround(to_s * 48'000),
              static_cast<float>(std::pow(10.0, db / 20)));
  };
  level(0.0, 0.4, -42);  // Under the threshold: closed.
  level(0.4, 0.8, -38);  // Open.
  level(0.8, 1.2, -44);  // Within the hysteresis: still open.
  level(1.2, 2.0, -50);  // Closes after the peak hold of 10 ms and the hold of 100 ms.
  const AudioBuffer given(audio);
  run(*effect, audio);
  const auto gain_db = [&](double s) {
    const auto i = static_cast<std::size_t>(std::lround(s * 48'000));
    return decibels(double(audio.channel(0)[i]) / double(given.channel(0)[i]));
  };
  EXPECT_NEAR(gain_db(0.39), -60, 0.1);
  EXPECT_NEAR(gain_db(0.401), 0, 0.1);
  EXPECT_NEAR(gain_db(1.19), 0, 0.1);
  EXPECT_NEAR(gain_db(1.309), 0, 0.1);
  EXPECT_NEAR(gain_db(1.33), -60, 0.1);
}

TEST(Gate, ItsReleaseIsATimeConstant) {
  auto effect = prepared(
      "gate", {{"threshold_db", -20}, {"range_db", 120}, {"release_ms", 50}, {"hold_ms", 0}});
  AudioBuffer audio = constant(0.5f, 48'000);
  std::fill(audio.channel(0).begin() + 24'000, audio.channel(0).end(), 0.01f);
  run(*effect, audio);
  const std::size_t start = 24'000 + 480;
  std::size_t i = start;
  while (audio.channel(0)[i] > 0.01 * std::exp(-1.0)) ++i;
  EXPECT_NEAR(double(i - start) / 48, 50, 2.5);
}

TEST(Agc, BringsASteadySoundToItsTargetWithinItsLimitsAtItsSpeed) {
  auto effect = prepared(
      "agc",
      {{"target_dbfs", -20}, {"max_gain_db", 12}, {"max_cut_db", 6}, {"speed_db_per_s", 20}});
  EXPECT_NEAR(tone_gain_db(*effect, -22), -20 - (-22 - 3.0103), 0.1);
  EXPECT_NEAR(tone_gain_db(*effect, -40), 12, 0.1);
  EXPECT_NEAR(tone_gain_db(*effect, 0), -6, 0.1);
  EXPECT_NEAR(tone_gain_db(*effect, -70), 0, 0.1);  // Under the floor it holds.
  effect->reset();
  AudioBuffer audio = constant(0.0316f, 96'000);  // -30 dB: wants 10 dB, half a second of 20 dB/s.
  run(*effect, audio);
  EXPECT_NEAR(decibels(double(audio.channel(0)[86'400] / 0.0316f)), 10, 0.2);
}

TEST(DeEsser, LowersHissAndLeavesVowels) {
  auto effect = prepared("deesser", {{"threshold_db", -40}, {"ratio", 4}, {"range_db", 12}});
  AudioBuffer vowel = tone(200, 0.02, 48'000);
  const AudioBuffer given(vowel);
  run(*effect, vowel);
  EXPECT_TRUE(same(vowel, given));
  const auto shelf_db = [](double gain_db, double hz) {
    return decibels(std::abs(prototype({BandType::kHighShelf, 5'500, gain_db}, hz, kTestRateHz)));
  };
  EXPECT_NEAR(tone_gain_db(*effect, -10, 12'000), shelf_db(-12, 12'000), 0.1);
  EXPECT_NEAR(tone_gain_db(*effect, -40, 12'000), 0, 0.1);
  const EqBand split{BandType::kHighPass12, 5'500};
  for (const double hz : {6'900.0, 11'900.0}) {
    const double level = -30 + decibels(std::abs(prototype(split, hz, kTestRateHz)));
    EXPECT_NEAR(tone_gain_db(*effect, -30, hz), shelf_db(-0.75 * (level + 40), hz), 0.1);
  }
}

TEST(SlidingMax, IsTheLargestOfTheLast) {
  SlidingMax sliding(5);
  const AudioBuffer values = noise(1, 500);
  for (std::size_t i = 0; i < 500; ++i) {
    double largest = -1;
    for (std::size_t k = i < 4 ? 0 : i - 4; k <= i; ++k)
      largest = std::max(largest, double(values.channel(0)[k]));
    ASSERT_EQ(sliding.next(values.channel(0)[i]), largest);
  }
}

TEST(Dynamics, ManyFactorsAreThoseOfEachGain) {
  std::vector<double> db;
  for (double value = -299.5; value < 100.0; value += 0.37) db.push_back(value);
  db.push_back(0.0);
  std::vector<double> factors = db;
  factors_of_db(factors);
  for (std::size_t i = 0; i < db.size(); ++i)
    ASSERT_NEAR(factors[i] / std::pow(10.0, db[i] / 20.0), 1.0, 1e-10) << db[i];
  EXPECT_EQ(factors.back(), 1.0);
}

}  // namespace
}  // namespace syrinx::effects
