// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/flow/mel.h"

#include <gtest/gtest.h>

#include <limits>

namespace syrinx {
namespace {

TEST(MelSpec, TheDefaultIsValid) { EXPECT_TRUE(validate(MelSpec{})); }

TEST(MelSpec, NamesTheFieldThatIsWrong) {
  MelSpec spec;
  spec.max_hz = 12'000;
  const auto refused = validate(spec);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("max_hz"), std::string::npos);
}

TEST(MelSpec, RefusesEveryFieldOutOfRange) {
  const auto refused = [](auto change) {
    MelSpec spec;
    change(spec);
    return !validate(spec).has_value();
  };
  EXPECT_TRUE(refused([](MelSpec& s) { s.sample_rate_hz = 0; }));
  EXPECT_TRUE(refused([](MelSpec& s) { s.fft_size = 0; }));
  EXPECT_TRUE(refused([](MelSpec& s) { s.fft_size = 1023; }));
  EXPECT_TRUE(refused([](MelSpec& s) { s.window_samples = 2048; }));
  EXPECT_TRUE(refused([](MelSpec& s) { s.hop_samples = 0; }));
  EXPECT_TRUE(refused([](MelSpec& s) { s.bands = 100'000; }));
  EXPECT_TRUE(refused([](MelSpec& s) { s.min_hz = std::numeric_limits<double>::quiet_NaN(); }));
  EXPECT_TRUE(refused([](MelSpec& s) { s.power = 3; }));
  EXPECT_TRUE(refused([](MelSpec& s) { s.clamp = 0; }));
}

TEST(MelSpec, SaysWhatItsNumbersMean) {
  MelSpec spec;
  spec.clamp = 1e-5;
  for (const MelLog log : {MelLog::kNatural, MelLog::kLog10, MelLog::kDecibelNormalised}) {
    spec.log = log;
    for (const double amplitude : {2e-4, 0.03, 1.0, 5.0})
      EXPECT_NEAR(mel_amplitude(spec, mel_value(spec, amplitude)), amplitude, 1e-12 * amplitude);
    EXPECT_EQ(mel_value(spec, 0.0), mel_value(spec, 1e-6));
  }
  spec.log = MelLog::kLog10;
  EXPECT_DOUBLE_EQ(mel_value(spec, 0.01), -2.0);
  EXPECT_DOUBLE_EQ(mel_value(spec, 0.0), -5.0);
  EXPECT_NE(describe(spec).find("log10"), std::string::npos);
  spec.log = MelLog::kNatural;
  EXPECT_DOUBLE_EQ(mel_value(spec, 1.0), 0.0);
  spec.log = MelLog::kDecibelNormalised;
  EXPECT_DOUBLE_EQ(mel_value(spec, 1.0), 0.8);
  EXPECT_DOUBLE_EQ(mel_value(spec, 0.0), 0.0);
}

TEST(Mel, HoldsFramesOfBands) {
  Mel mel(MelSpec{}, 3);
  mel.frame(2)[79] = 1.5f;
  EXPECT_EQ(mel.frames(), 3u);
  EXPECT_EQ(mel.view().frame(2)[79], 1.5f);
  EXPECT_EQ(mel.values().back(), 1.5f);
}

TEST(MelDeathTest, AFramePastTheEndStops) {
  const Mel mel(MelSpec{}, 3);
  EXPECT_DEATH((void)mel.frame(3), "mel frame");
}

}  // namespace
}  // namespace syrinx
