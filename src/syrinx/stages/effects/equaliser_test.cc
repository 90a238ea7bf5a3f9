// SPDX-License-Identifier: Apache-2.0
// The equaliser as it runs against the analogue prototypes, within 0.05 dB.
#include <gtest/gtest.h>

#include "support/realtime_guard.h"
#include "syrinx/stages/effects/convolver.h"
#include "syrinx/stages/effects/effect_test_support.h"
#include "syrinx/stages/effects/eq_band.h"

namespace syrinx::effects {
namespace {

constexpr double kToleranceDb = 0.05;
constexpr double kFlat = 0.70710678118654752;

std::unique_ptr<Effect> one_band(const EqBand& band, bool linear_phase = false) {
  return prepared("eq", {{"band1.type", static_cast<double>(band.type)},
                         {"band1.hz", band.hz},
                         {"band1.gain_db", band.gain_db},
                         {"band1.q", band.q},
                         {"linear_phase", linear_phase ? 1.0 : 0.0}});
}

void expect_theory(const EqBand& band, bool linear_phase) {
  auto effect = one_band(band, linear_phase);
  for (double hz = 20; hz < 22'000; hz *= 1.35) {
    const double theory = decibels(std::abs(prototype(band, hz, kTestRateHz)));
    if (theory < -60) continue;  // A float impulse's noise floor is near.
    EXPECT_NEAR(impulse_gain_db(*effect, hz), theory, kToleranceDb)
        << "type " << static_cast<int>(band.type) << " at " << hz << " Hz, corner " << band.hz;
  }
}

class EqTypes : public testing::TestWithParam<BandType> {};

TEST_P(EqTypes, FollowTheAnaloguePrototype) {
  for (const double corner : {60.0, 1'000.0, 9'000.0}) {
    expect_theory({GetParam(), corner, 9.0, kFlat}, false);
    expect_theory({GetParam(), corner, -12.0, 2.0}, false);
  }
}
TEST_P(EqTypes, FollowItInLinearPhaseToo) {
  for (const double corner : {150.0, 2'000.0})
    expect_theory({GetParam(), corner, 6.0, kFlat}, true);
}
INSTANTIATE_TEST_SUITE_P(Equaliser, EqTypes,
                         testing::Values(BandType::kPeak, BandType::kLowShelf, BandType::kHighShelf,
                                         BandType::kLowPass12, BandType::kHighPass12,
                                         BandType::kLowPass24, BandType::kHighPass24));

TEST(Equaliser, SlopesFallBy12And24DbPerOctave) {
  for (const auto& [type, slope] :
       {std::pair{BandType::kHighPass12, 12.0}, std::pair{BandType::kHighPass24, 24.0}}) {
    auto effect = one_band({type, 1'000, 0, kFlat});
    EXPECT_NEAR(impulse_gain_db(*effect, 1'000), -3.0103, kToleranceDb);
    EXPECT_NEAR(impulse_gain_db(*effect, 200) - impulse_gain_db(*effect, 100), slope, 0.1);
  }
}

TEST(Equaliser, NotchTakesItsFrequencyOut) {
  auto effect = one_band({BandType::kNotch, 1'000, 0, 10.0});
  EXPECT_LT(impulse_gain_db(*effect, 1'000), -60);
  EXPECT_NEAR(impulse_gain_db(*effect, 500), 0, kToleranceDb);
}

TEST(Equaliser, AtZeroGainLeavesEveryBit) {
  auto effect = one_band({BandType::kPeak, 1'000, 0, 1.0});
  AudioBuffer audio = noise(1, 4'000);
  run(*effect, audio);
  EXPECT_TRUE(same(audio, noise(1, 4'000)));
}

TEST(Equaliser, InLinearPhaseRespondsSymmetricallyAboutItsLatency) {
  auto effect = one_band({BandType::kPeak, 500, 12, 2}, true);
  AudioBuffer audio(1, 2 * effect->latency_samples() + 1, kTestRateHz);
  audio.channel(0)[0] = 1.0f;
  run(*effect, audio);
  const std::size_t middle = effect->latency_samples();
  for (std::size_t i = 1; i < middle; ++i)
    ASSERT_NEAR(audio.channel(0)[middle - i], audio.channel(0)[middle + i], 2e-7);
  EXPECT_GT(audio.channel(0)[middle], 0.9f);
}

TEST(Equaliser, InLinearPhaseKeepsTheRealTimePromises) {
  auto whole_effect =
      prepared("eq", {{"band1.type", 1}, {"band1.gain_db", 9}, {"linear_phase", 1}}, 2);
  AudioBuffer whole = noise(2, 20'000);
  EXPECT_REALTIME_SAFE(whole_effect->process(whole.view()));
  for (const std::size_t block : {1u, 7u, 64u}) {
    whole_effect->reset();
    AudioBuffer pieces = noise(2, 20'000);
    run(*whole_effect, pieces, block);
    EXPECT_TRUE(same(pieces, whole));
  }
}

TEST(Convolver, EqualsTheDirectSum) {
  const AudioBuffer response = noise(1, 1'000, 3, 0.1f);
  const AudioBuffer given = noise(1, 3'000, 4);
  auto convolver = Convolver::create(response.channel(0), 1, 128).value();
  AudioBuffer audio(given);
  convolver.process(audio.channel(0), 0);
  for (std::size_t i = 128; i < 3'000; i += 37) {
    double sum = 0.0;
    for (std::size_t k = 0; k < 1'000 && k + 128 <= i; ++k)
      sum += double(response.channel(0)[k]) * double(given.channel(0)[i - 128 - k]);
    ASSERT_NEAR(audio.channel(0)[i], sum, 1e-6);
  }
  EXPECT_FALSE(Convolver::create({}, 1, 128));
}

TEST(Presence, IsABellOfItsAmount) {
  auto effect = prepared("presence", {{"amount_db", 5.0}, {"hz", 3'000.0}});
  EXPECT_NEAR(impulse_gain_db(*effect, 3'000), 5.0, kToleranceDb);
  EXPECT_NEAR(impulse_gain_db(*effect, 50), 0.0, kToleranceDb);
}

// The Fourier coefficients of tanh(g A sin) / g, by integrating it.
double harmonic_of_tanh(double g, double peak, int order) {
  double sum = 0;
  constexpr int kSteps = 4'096;
  for (int i = 0; i < kSteps; ++i) {
    const double phase = 2 * std::numbers::pi * i / kSteps;
    sum += std::tanh(g * peak * std::sin(phase)) / g * std::sin(order * phase);
  }
  return std::abs(2 * sum / kSteps);
}

TEST(Warmth, HasTheHarmonicsOfItsCurveAndItsShelf) {
  auto effect = prepared("warmth", {{"drive", 0.5}, {"shelf_db", 0.0}});
  AudioBuffer audio = tone(1'000, 0.5, 96'000);
  run(*effect, audio);
  const auto settled = audio.channel(0).subspan(48'000);
  for (const int order : {1, 3, 5})
    EXPECT_NEAR(decibels(std::abs(amplitude(settled, 1'000.0 * order))),
                decibels(harmonic_of_tanh(1.5, 0.5, order)), 0.05);
  EXPECT_LT(decibels(std::abs(amplitude(settled, 2'000))), -100);
  auto soft = prepared("warmth", {{"drive", 0.5}, {"shelf_db", 6.0}, {"hz", 200.0}});
  EXPECT_NEAR(impulse_gain_db(*soft, 20, 1e-3f),
              decibels(std::abs(prototype({BandType::kLowShelf, 200, 6, kFlat}, 20, 48'000))),
              0.05);
}

// 9 kHz bent at the original rate would fold its third harmonic, 27 kHz, to 21 kHz.
TEST(Warmth, DoesNotAlias) {
  auto effect = prepared("warmth", {{"drive", 1.0}, {"shelf_db", 0.0}});
  AudioBuffer audio = tone(9'000, 0.7, 96'000);
  run(*effect, audio);
  EXPECT_LT(decibels(std::abs(amplitude(audio.channel(0).subspan(48'000), 21'000))), -90);
}

TEST(Exciter, AddsHarmonicsAboveItsCornerAndNothingAtAmountZero) {
  auto effect = prepared("exciter", {{"amount", 0.5}, {"hz", 3'000.0}});
  AudioBuffer audio = tone(4'000, 0.3, 96'000);
  run(*effect, audio);
  const auto settled = audio.channel(0).subspan(48'000);
  EXPECT_GT(decibels(std::abs(amplitude(settled, 8'000))), -45);
  EXPECT_GT(decibels(std::abs(amplitude(settled, 12'000))), -45);
  auto none = prepared("exciter", {{"amount", 0.0}});
  AudioBuffer given = noise(1, 4'000);
  AudioBuffer out(given);
  run(*none, out);
  const std::size_t late = none->latency_samples();
  for (std::size_t i = late; i < out.frames(); ++i)
    ASSERT_EQ(out.channel(0)[i], given.channel(0)[i - late]);
}

}  // namespace
}  // namespace syrinx::effects
