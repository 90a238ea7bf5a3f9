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
  // Loud recordings have 0.5 to 1.5: near enough for ranges with a margin.
  EXPECT_GT(*std::max_element(values.begin(), values.end()), 0.0F);
  EXPECT_LT(*std::max_element(values.begin(), values.end()), 2.0F);
  EXPECT_NEAR(*std::min_element(values.begin(), values.end()), std::log(1e-5F), 1e-3F);
  for (std::size_t band = 0; band < mel->bands(); ++band) {
    float most = -100;
    for (std::size_t t = 0; t < mel->frames(); ++t) most = std::max(most, mel->frame(t)[band]);
    EXPECT_GT(most, -7) << "band " << band;
  }
}

TEST(CalibrationSpeech, IsTheSameEveryTimeAtEveryRate) {
  for (const int rate : {8'000, 22'050, 48'000}) {
    const AudioBuffer once = calibration_speech(rate);
    const AudioBuffer again = calibration_speech(rate);
    EXPECT_TRUE(
        std::equal(once.channel(0).begin(), once.channel(0).end(), again.channel(0).begin()));
    for (const float v : once.channel(0)) ASSERT_LE(std::abs(v), 1.0001F);
  }
}

TEST(CalibrationSpeech, MayBeARecordingOfAnyRateAndLoudness) {
  AudioBuffer quiet = calibration_speech(16'000);
  for (float& v : quiet.channel(0)) v *= 0.01F;
  const auto mel = calibration_mel(dsp::hifigan_22050_80(), &quiet);
  ASSERT_TRUE(mel) << mel.error().message;
  const auto values = mel->values();
  EXPECT_GT(*std::max_element(values.begin(), values.end()), 0.0F);
  const AudioBuffer brief(1, 1'000, 16'000);
  const AudioBuffer silent(1, 16'000, 16'000);
  for (const AudioBuffer* bad : {&brief, &silent}) {
    const auto refused = calibration_mel(dsp::hifigan_22050_80(), bad);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::kInvalidArgument);
  }
}

}  // namespace
}  // namespace syrinx::vocoder
