// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "syrinx/stages/measure/psychoacoustics/test_sounds.h"
#include "syrinx/stages/measure/psychoacoustics/zwicker_loudness.h"

namespace syrinx::measure {
namespace {

using test_sounds::kRateHz;
using test_sounds::tone;

LoudnessOverTime curve_of(AudioView audio) {
  return time_varying_loudness(audio, Calibration{}).value();
}

double stationary_sone(double hz, double level_db) {
  return stationary_loudness(tone(hz, level_db, 1), Calibration{}).value().sone;
}

// 1 kHz at 70 dB from `begin_s` for `length_s`, with ramps of 2 ms, within silence.
AudioBuffer pulse(double begin_s, double length_s, double total_s) {
  auto audio = tone(1'000, 70, total_s);
  for (std::size_t i = 0; i < audio.frames(); ++i) {
    const double t = static_cast<double>(i) / kRateHz - begin_s;
    const double ramp = std::clamp(std::min(t, length_s - t) / 0.002, 0.0, 1.0);
    audio.channel(0)[i] *= static_cast<float>(0.5 - 0.5 * std::cos(std::numbers::pi * ramp));
  }
  return audio;
}

// The kind of signal that Annex B.4 begins with: tones that rise by 5 dB a second. The loudness of
// each moment is that of a steady tone of that level, by the standard's own tolerance.
TEST(TimeVaryingLoudness, OfASlowSweepOfLevelIsTheStationaryLoudnessOfEachMoment) {
  constexpr double kSeconds = 10.0;
  for (const double hz : {250.0, 1'000.0, 4'000.0}) {
    auto audio = tone(hz, 80, kSeconds);
    const auto level_at = [&](double t) { return 30.0 + 50.0 * t / kSeconds; };
    for (std::size_t i = 0; i < audio.frames(); ++i) {
      const double t = static_cast<double>(i) / kRateHz;
      audio.channel(0)[i] *= static_cast<float>(std::pow(10.0, (level_at(t) - 80.0) / 20.0));
    }
    const auto curve = curve_of(audio);
    for (const double t : {2.0, 4.0, 6.0, 8.0, 9.9}) {
      const double now = curve.sone[static_cast<std::size_t>(t / LoudnessOverTime::kStepS)];
      const double steady = stationary_sone(hz, level_at(t));
      EXPECT_NEAR(now, steady, std::max(0.05 * steady, 0.1)) << hz << " Hz at " << t << " s";
    }
  }
}

// Sone is defined so: 1 at 40 dB and 1 kHz, twice as many for every 10 dB more.
TEST(TimeVaryingLoudness, OfATone1kHzDoublesEveryTenDecibels) {
  for (const double level_db : {40.0, 50.0, 60.0, 70.0, 80.0}) {
    const double expected = std::exp2((level_db - 40.0) / 10.0);
    EXPECT_NEAR(curve_of(tone(1'000, level_db, 1)).sone[450], expected, 0.06 * expected);
  }
}

TEST(TimeVaryingLoudness, OfALaterSoundIsTheSameCurveLater) {
  constexpr std::size_t kSteps = 100;
  const auto early = curve_of(pulse(0.1, 0.1, 0.6));
  const auto late = curve_of(pulse(0.1 + kSteps * LoudnessOverTime::kStepS, 0.1, 0.8));
  ASSERT_GE(late.sone.size(), early.sone.size() + kSteps);
  for (std::size_t i = 0; i < early.sone.size(); ++i) {
    EXPECT_NEAR(late.sone[i + kSteps], early.sone[i], 0.01) << i;  // The tone's phase differs.
  }
}

TEST(TimeVaryingLoudness, DoesNotDependOnTheSampleRate) {
  AudioBuffer other(1, 44'100, 44'100);
  const double amplitude = std::pow(10.0, (60.0 - 100.0) / 20.0);
  for (std::size_t i = 0; i < other.frames(); ++i) {
    const double turns = 1'000.0 * static_cast<double>(i) / 44'100.0;
    other.channel(0)[i] = static_cast<float>(amplitude * std::sin(2.0 * std::numbers::pi * turns));
  }
  EXPECT_NEAR(curve_of(other).sone[400], curve_of(tone(1'000, 60, 1)).sone[400], 0.01);
}

// What the non-linear decay is for: a sound that lasted sounds on for longer. The temporal
// weighting after it has unit gain, so the area under the curve is that of what the decay hands on:
// the steady loudness for the length of the pulse, and the tail.
TEST(TimeVaryingLoudness, DecaysTheSlowerTheLongerTheSoundLasted) {
  const auto area = [](double length_s) {
    const auto curve = curve_of(pulse(0.1, length_s, 2.0));
    return std::accumulate(curve.sone.begin(), curve.sone.end(), 0.0) * LoudnessOverTime::kStepS;
  };
  const double steady = (area(0.8) - area(0.5)) / 0.3;
  EXPECT_NEAR(steady, 8.0, 0.5);
  const double tail_of_short = area(0.02) - 0.02 * steady;
  const double tail_of_long = area(0.5) - 0.5 * steady;
  EXPECT_GT(tail_of_long, 1.4 * tail_of_short);
}

TEST(TimeVaryingLoudness, OfPulsesFarApartIsThatOfEachAndOfNearOnesMore) {
  const auto max_of_two = [](double gap_s) {
    auto both = pulse(0.1, 0.02, 1.5);
    const auto second = pulse(0.1 + gap_s, 0.02, 1.5);
    for (std::size_t i = 0; i < both.frames(); ++i) both.channel(0)[i] += second.channel(0)[i];
    return curve_of(both).max_sone;
  };
  const double alone = curve_of(pulse(0.1, 0.02, 1.5)).max_sone;
  EXPECT_NEAR(max_of_two(1.0), alone, 0.01 * alone);
  EXPECT_GT(max_of_two(0.04), 1.1 * alone);
}

TEST(TimeVaryingLoudness, PercentilesLieBelowTheMaximumAndMeetItInSteadySound) {
  const auto steady = curve_of(tone(1'000, 60, 4));
  EXPECT_NEAR(steady.n5_sone, steady.max_sone, 0.01 * steady.max_sone);
  const auto rare = curve_of(pulse(0.1, 0.02, 4.0));  // Loud in less than 5 % of the time.
  EXPECT_LT(rare.n5_sone, 0.2 * rare.max_sone);
  EXPECT_LE(rare.n10_sone, rare.n5_sone);
}

}  // namespace
}  // namespace syrinx::measure
