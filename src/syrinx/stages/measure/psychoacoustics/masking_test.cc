// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/psychoacoustics/masking.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "syrinx/stages/measure/psychoacoustics/scales.h"
#include "syrinx/stages/measure/psychoacoustics/test_sounds.h"

namespace syrinx::measure {
namespace {

using namespace test_sounds;

MaskingThreshold threshold_of(const AudioBuffer& audio) {
  auto model = MaskingModel::create(kRateHz, Calibration{}).value();
  return model.analyse(audio.channel(0).first(MaskingModel::kFrame)).value();
}

// Terhardt's formula at 1 kHz is 3.37 dB, and lowest near 3.3 kHz.
TEST(Masking, InSilenceIsTheThresholdInQuiet) {
  const auto result = threshold_of(AudioBuffer(1, MaskingModel::kFrame, kRateHz));
  EXPECT_TRUE(result.maskers.empty());
  for (std::size_t k = 1; k < result.threshold_db_spl.size(); ++k) {
    const double hz = static_cast<double>(k) * result.bin_hz;
    EXPECT_NEAR(result.threshold_db_spl[k], threshold_in_quiet_db_spl(hz), 1e-6);
  }
  EXPECT_NEAR(threshold_in_quiet_db_spl(1'000), 3.37, 0.01);
  EXPECT_LT(threshold_in_quiet_db_spl(3'300), threshold_in_quiet_db_spl(1'000));
}

// ISO/IEC 11172-3, D.1: at its own frequency a tone's threshold is 6.025 + 0.275 z dB below it.
TEST(Masking, OfAToneLiesItsMaskingIndexBelowIt) {
  const double hz = 21 * 48'000.0 / 1'024;  // On a bin, so that nothing leaks.
  const auto result = threshold_of(tone(hz, 70, 0.1));
  ASSERT_FALSE(result.maskers.empty());
  EXPECT_TRUE(result.maskers[0].tonal);
  EXPECT_NEAR(result.maskers[0].db_spl, 70.0, 0.1);
  const double index_db = 6.025 + 0.275 * bark_zwicker(hz);
  EXPECT_NEAR(result.threshold_db_spl[21], 70.0 - index_db, 0.3);
}

TEST(Masking, SpreadsFurtherUpThanDown) {
  const auto result = threshold_of(tone(2'015.625, 80, 0.1));
  const auto at = [&](double bark) {
    for (std::size_t k = 1;; ++k) {
      if (bark_zwicker(static_cast<double>(k) * result.bin_hz) >= bark)
        return result.threshold_db_spl[k];
    }
  };
  const double centre = bark_zwicker(2'015.625);
  EXPECT_GT(at(centre + 2), at(centre - 2) + 10);
}

TEST(Masking, OfNoiseIsDeeperThanOfATone) {
  const auto result = threshold_of(noise(1'270, 1'480, 70, 0.1));
  double highest_db = -100;
  for (const double db : result.threshold_db_spl) highest_db = std::max(highest_db, db);
  EXPECT_GT(highest_db, 70 - 6.025 - 0.275 * 10.5);
}

TEST(Masking, RefusesOtherLengthsAndNonFiniteSamples) {
  auto model = MaskingModel::create(16'000, Calibration{}).value();
  std::vector<float> frame(MaskingModel::kFrame);
  EXPECT_TRUE(model.analyse(frame));
  frame[3] = std::numeric_limits<float>::infinity();
  EXPECT_FALSE(model.analyse(frame));
  EXPECT_FALSE(model.analyse(std::span<const float>(frame).first(100)));
  EXPECT_FALSE(MaskingModel::create(0, Calibration{}));
}

}  // namespace
}  // namespace syrinx::measure
