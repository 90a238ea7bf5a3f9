// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/vocoder/calibration_speech.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "syrinx/core/dsp/mel_analysis.h"

namespace syrinx::vocoder {
namespace {

TEST(CalibrationSpeech, IsAsLoudAsRecordingsGetAndHasSilenceAndEveryBand) {
  const auto mel = calibration_mel(dsp::hifigan_22050_80());
  ASSERT_TRUE(mel) << mel.error().message;
  EXPECT_GE(mel->frames(), 120U);
  const auto values = mel->values();
  // Recordings that reach full scale have 1.5 at most.
  EXPECT_GT(*std::max_element(values.begin(), values.end()), 1.2F);
  EXPECT_LT(*std::max_element(values.begin(), values.end()), 2.5F);
  EXPECT_NEAR(*std::min_element(values.begin(), values.end()), std::log(1e-5F), 1e-3F);
  for (std::size_t band = 0; band < mel->bands(); ++band) {
    float most = -100;
    for (std::size_t t = 0; t < mel->frames(); ++t) most = std::max(most, mel->frame(t)[band]);
    EXPECT_GT(most, -4) << "band " << band;
  }
}

TEST(CalibrationSpeech, IsTheSameEveryTimeAtEveryRate) {
  for (const int rate : {8'000, 22'050, 48'000}) {
    const AudioBuffer once = calibration_speech(rate);
    const AudioBuffer again = calibration_speech(rate);
    EXPECT_TRUE(
        std::equal(once.channel(0).begin(), once.channel(0).end(), again.channel(0).begin()));
    for (const float v : once.channel(0)) ASSERT_LE(std::abs(v), 1.5001F);
  }
}

}  // namespace
}  // namespace syrinx::vocoder
