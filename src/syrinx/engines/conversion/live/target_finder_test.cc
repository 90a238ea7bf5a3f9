// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/conversion/live/target_finder.h"

#include <gtest/gtest.h>

namespace syrinx::conversion {
namespace {

TEST(TargetFinder, GivesTheTargetsSettingsOnceTheVoiceIsKnownAndOnlyOnce) {
  LiveTarget target;
  target.to = "female";
  TargetFinder finder(target);
  int given = 0;
  voice::VoiceSettings found;
  for (int i = 0; i < 200; ++i) {
    // Unvoiced readings and an octave error now and then change nothing.
    const double f0 = i % 3 == 0 ? 0.0 : i % 10 == 1 ? 210.0 : 105.0;
    if (const auto settings = finder.hear(f0)) {
      found = *settings;
      ++given;
    }
  }
  EXPECT_EQ(given, 1);
  EXPECT_EQ(finder.source_f0_hz(), 105.0);
  EXPECT_NEAR(found.pitch_ratio, 2.0, 0.2);
  EXPECT_GT(found.formant_ratio, 1.1);
}

TEST(TargetFinder, WhatIsAskedForBesidesIsOnTop) {
  LiveTarget target;
  target.to = "male";
  const double alone = settings_for(target, 200.0).value().pitch_ratio;
  target.settings.pitch_ratio = 1.1;
  target.settings.breathiness = 0.4;
  const auto both = settings_for(target, 200.0).value();
  EXPECT_NEAR(both.pitch_ratio, 1.1 * alone, 1e-9);
  EXPECT_EQ(both.breathiness, 0.4);
  target.to = "giant";
  EXPECT_FALSE(settings_for(target, 200.0));
}

TEST(TargetFinder, WithoutATargetThereIsNothingToFind) {
  TargetFinder finder({});
  for (int i = 0; i < 100; ++i) EXPECT_FALSE(finder.hear(120.0));
}

}  // namespace
}  // namespace syrinx::conversion
