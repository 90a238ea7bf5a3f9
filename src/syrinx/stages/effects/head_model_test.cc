// SPDX-License-Identifier: Apache-2.0
// The sphere against what is known of it in closed form.
#include "syrinx/stages/effects/head_model.h"

#include <gtest/gtest.h>

#include "syrinx/stages/effects/effect_test_support.h"

namespace syrinx::effects {
namespace {

constexpr Head kFar{0.0875, 90.0, 50.0, 343.0};

double delay_s(double incidence, double hz) {
  return -std::arg(head_transfer(incidence, hz, kFar)) / (2 * std::numbers::pi * hz);
}

// A sphere is no obstacle to long waves, and doubles the pressure of short ones in front of it.
TEST(HeadModel, PassesLongWavesAndDoublesShortOnesInFront) {
  for (const double angle : {0.0, 60.0, 120.0, 180.0})
    EXPECT_NEAR(decibels(std::abs(head_transfer(angle, 1.0, kFar))), 0.0, 0.05);
  EXPECT_NEAR(decibels(std::abs(head_transfer(0.0, 15'000.0, kFar))), 6.02, 0.15);
}

// G. Kuhn, JASA 62(1), 1977: between the ears 3 (a / c) sin for long waves; and R. Woodworth's
// (a / c)(angle + sin) for the front of short ones, here by the phase over a small step.
TEST(HeadModel, DelaysAsKuhnAndWoodworthSay) {
  const double a_over_c = kFar.radius_m / kFar.speed_of_sound_m_s;
  for (const double azimuth : {15.0, 45.0, 90.0}) {
    const double itd = delay_s(90.0 + azimuth, 20.0) - delay_s(90.0 - azimuth, 20.0);
    EXPECT_NEAR(itd, 3.0 * a_over_c * std::sin(azimuth * std::numbers::pi / 180), 2e-6);
  }
  const auto group_delay = [](double angle, double hz) {
    const auto ratio = head_transfer(angle, hz + 1.0, kFar) / head_transfer(angle, hz - 1.0, kFar);
    return -std::arg(ratio) / (2 * std::numbers::pi * 2.0);
  };
  for (const double azimuth : {15.0, 45.0}) {
    const double radians = azimuth * std::numbers::pi / 180;
    const double itd = group_delay(90.0 + azimuth, 12'000) - group_delay(90.0 - azimuth, 12'000);
    EXPECT_NEAR(itd, a_over_c * (radians + std::sin(radians)), 3e-5);
  }
}

// The bright spot: behind a sphere all ways round are equally long and add up.
TEST(HeadModel, HasABrightSpotOppositeTheSource) {
  const double hz = 5'000;
  EXPECT_GT(std::abs(head_transfer(180, hz, kFar)), 2 * std::abs(head_transfer(150, hz, kFar)));
}

// A source near an ear is louder there, for long waves too.
TEST(HeadModel, ComesToHaveLevelDifferencesNearTheHead) {
  const Head near{0.0875, 90.0, 0.125, 343.0};
  const double ild =
      decibels(std::abs(head_transfer(0, 100, near) / head_transfer(180, 100, near)));
  EXPECT_GT(ild, 10.0);
  EXPECT_LT(decibels(std::abs(head_transfer(0, 100, kFar) / head_transfer(180, 100, kFar))), 0.5);
}

TEST(HeadModel, ItsImpulseResponsesHaveItsTransferFunction) {
  const auto responses = HeadResponses::create(kTestRateHz).value();
  std::vector<float> taps(responses.taps());
  for (const double angle : {0.0, 40.0, 90.0, 150.0, 180.0}) {
    responses.response(angle, taps);
    for (const double hz : {200.0, 1'000.0, 4'000.0, 12'000.0}) {
      const double gain = std::abs(amplitude(taps, hz)) * double(taps.size()) / 2;
      EXPECT_NEAR(decibels(gain), decibels(std::abs(head_transfer(angle, hz))), 0.3)
          << angle << " deg, " << hz << " Hz";
    }
  }
}

TEST(Position, IsLouderAndEarlierAtTheNearEar) {
  for (const double azimuth : {90.0, -90.0}) {
    auto effect = prepared("position", {{"azimuth_deg", azimuth}}, 2);
    AudioBuffer audio(2, 1'000, kTestRateHz);
    audio.channel(0)[0] = audio.channel(1)[0] = 1.0f;
    run(*effect, audio);
    const std::size_t near = azimuth > 0 ? 0 : 1;
    const auto peak_at = [&](std::size_t c) {
      const auto x = audio.channel(c);
      return std::max_element(x.begin(), x.end(),
                              [](float a, float b) { return std::abs(a) < std::abs(b); }) -
             x.begin();
    };
    EXPECT_GT(peak_of(audio.channel(near)), 2 * peak_of(audio.channel(1 - near)));
    EXPECT_NEAR(double(peak_at(1 - near) - peak_at(near)) / 48, 0.7, 0.15);
  }
}

TEST(Position, AheadIsTheSameForBothEarsAndMovesWithoutAClick) {
  auto effect = prepared("position", {}, 2);
  AudioBuffer audio = tone(300, 0.5, 48'000, 2);
  effect->process(audio.view().slice(0, 24'000));
  for (std::size_t i = 0; i < 24'000; i += 11)
    ASSERT_NEAR(audio.channel(0)[i], audio.channel(1)[i], 1e-6);
  effect->set_parameter("azimuth_deg", 90.0).value();
  effect->process(audio.view().slice(24'000, 24'000));
  for (std::size_t i = 1'000; i < 48'000; ++i)  // The tone moves by 0.02 per sample.
    ASSERT_LT(std::abs(audio.channel(0)[i] - audio.channel(0)[i - 1]), 0.04f);
}

}  // namespace
}  // namespace syrinx::effects
