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
