// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/psychoacoustics/scales.h"

#include <gtest/gtest.h>

#include "syrinx/stages/measure/psychoacoustics/equal_loudness.h"

namespace syrinx::measure {
namespace {

// E. Zwicker, JASA 33 (1961): upper limits of the critical bands 1 to 24. Both formulas claim 0.2
// Bark; Traunmueller's misses the first band's definition by a little more.
TEST(Bark, FollowsZwickersTableOfCriticalBands) {
  const double limits_hz[] = {100,  200,  300,  400,  510,  630,  770,   920,
                              1080, 1270, 1480, 1720, 2000, 2320, 2700,  3150,
                              3700, 4400, 5300, 6400, 7700, 9500, 12000, 15500};
  for (int z = 1; z <= 24; ++z) {
    EXPECT_NEAR(bark_zwicker(limits_hz[z - 1]), z, 0.25) << limits_hz[z - 1];
    EXPECT_NEAR(bark_traunmueller(limits_hz[z - 1]), z, 0.25) << limits_hz[z - 1];
  }
}

TEST(Bark, IsUndoneByItsInverse) {
  for (double hz = 20; hz < 16'000; hz *= 1.3) {
    EXPECT_NEAR(hz_of_bark_traunmueller(bark_traunmueller(hz)), hz, 1e-6 * hz);
  }
}

// Glasberg and Moore 1990: 24.7 (4.37 kHz + 1), which is 132.6 Hz at 1 kHz; 15.6 Cams there.
TEST(Erb, HasItsPublishedValuesAtOneKilohertz) {
  EXPECT_NEAR(erb_hz(1'000), 132.6, 0.05);
  EXPECT_NEAR(erb_number(1'000), 15.62, 0.01);
  for (double hz = 20; hz < 16'000; hz *= 1.3) {
    EXPECT_NEAR(hz_of_erb_number(erb_number(hz)), hz, 1e-6 * hz);
  }
}

// ISO 226:2003, table B.1, in dB to one place: hence 0.06.
TEST(EqualLoudness, HasTheStandardsTabulatedLevels) {
  EXPECT_NEAR(equal_loudness_db_spl(20, 40).value(), 99.8, 0.06);
  EXPECT_NEAR(equal_loudness_db_spl(100, 40).value(), 64.4, 0.06);
  EXPECT_NEAR(equal_loudness_db_spl(1'000, 40).value(), 40.0, 0.06);
  EXPECT_NEAR(equal_loudness_db_spl(1'000, 80).value(), 80.0, 0.06);
  EXPECT_NEAR(equal_loudness_db_spl(4'000, 40).value(), 36.6, 0.06);
}

TEST(EqualLoudness, IsUndoneByTheLoudnessLevel) {
  for (const double hz : {20.0, 47.0, 250.0, 1'000.0, 3'000.0, 12'500.0}) {
    for (const double phon : {20.0, 40.0, 60.0, 80.0}) {
      const double level_db = equal_loudness_db_spl(hz, phon).value();
      // 0.1 phon: the standard rounds the constant of its second formula.
      EXPECT_NEAR(loudness_level_phon(hz, level_db).value(), phon, 0.1) << hz;
    }
  }
}

TEST(EqualLoudness, RefusesWhatTheStandardDoesNotCover) {
  EXPECT_FALSE(equal_loudness_db_spl(10, 40));
  EXPECT_FALSE(equal_loudness_db_spl(16'000, 40));
  EXPECT_FALSE(equal_loudness_db_spl(1'000, 95));
  EXPECT_FALSE(equal_loudness_db_spl(8'000, 85));
  EXPECT_FALSE(hearing_threshold_db_spl(1e9));
  EXPECT_NEAR(hearing_threshold_db_spl(1'000).value(), 2.4, 1e-9);
}

}  // namespace
}  // namespace syrinx::measure
