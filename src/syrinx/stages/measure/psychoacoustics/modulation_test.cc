// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "syrinx/stages/measure/psychoacoustics/fluctuation_strength.h"
#include "syrinx/stages/measure/psychoacoustics/roughness.h"
#include "syrinx/stages/measure/psychoacoustics/test_sounds.h"

namespace syrinx::measure {
namespace {

using namespace test_sounds;

double asper_of(const AudioBuffer& audio) { return roughness(audio, Calibration{}).value().asper; }

TEST(Roughness, OfTheReferenceSoundIsOneAsper) {
  EXPECT_NEAR(asper_of(modulated(1'000, 60, 70, 1, 1)), 1.0, 0.02);
}

// Zwicker and Fastl, Psychoacoustics, section 11.1: R grows as the 1.6th power of the depth.
TEST(Roughness, GrowsWithThePowerOfTheDepthThatListenersReport) {
  const double full = asper_of(modulated(1'000, 60, 70, 1, 0.6));
  for (const double depth : {0.4, 0.6, 0.8}) {
    EXPECT_NEAR(asper_of(modulated(1'000, 60, 70, depth, 0.6)) / full, std::pow(depth, 1.6), 0.06);
  }
}

TEST(Roughness, OfASteadyToneAndOfSilenceIsNearlyNothing) {
  EXPECT_LT(asper_of(tone(1'000, 60, 0.6)), 0.03);
  EXPECT_EQ(asper_of(AudioBuffer(1, 48'000, 48'000)), 0.0);
}

TEST(Roughness, RefusesLessThanOneFrame) {
  EXPECT_FALSE(roughness(AudioBuffer(1, 4'800, 48'000), Calibration{}));
  EXPECT_FALSE(roughness(AudioBuffer(2, 48'000, 48'000), Calibration{}));
}

TEST(FluctuationStrength, OfTheReferenceSoundIsOneVacil) {
  const auto result = fluctuation_strength(modulated(1'000, 60, 4, 1, 3), Calibration{}).value();
  EXPECT_NEAR(result.vacil, 1.0, 0.02);
  EXPECT_EQ(result.over_time.size(), 2u);
}

TEST(FluctuationStrength, IsLowForSteadyToneAndForFastModulation) {
  const auto vacil_of = [](const AudioBuffer& audio) {
    return fluctuation_strength(audio, Calibration{}).value().vacil;
  };
  EXPECT_LT(vacil_of(tone(1'000, 60, 2)), 0.03);
  EXPECT_LT(vacil_of(modulated(1'000, 60, 70, 1, 2)), 0.05);
  EXPECT_EQ(vacil_of(AudioBuffer(1, 96'000, 48'000)), 0.0);
  EXPECT_FALSE(fluctuation_strength(tone(1'000, 60, 1), Calibration{}));
}

}  // namespace
}  // namespace syrinx::measure
