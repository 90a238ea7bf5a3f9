// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/effects/ears.h"

#include <gtest/gtest.h>

#include <numeric>

#include "support/realtime_guard.h"
#include "support/test_data.h"
#include "syrinx/stages/effects/ambisonics.h"
#include "syrinx/stages/effects/chain.h"
#include "syrinx/stages/effects/effect_test_support.h"

namespace syrinx::effects {
namespace {

constexpr const char* kKemar = "/usr/share/libmysofa/default.sofa";  // Of Debian's libmysofa1.

double level_of(std::span<const float> x) {
  return std::inner_product(x.begin(), x.end(), x.begin(), 0.0);
}

ChainSpec placed(double azimuth_deg) {
  EffectSpec spec;
  spec.effect = kPositionName;
  spec.parameters = {{"azimuth_deg", azimuth_deg}};
  spec.sofa = kKemar;
  return {{spec}};
}

TEST(Ears, RecordedOnesHearASoundOnItsSide) {
  SYRINX_NEED_DATA(kKemar);
  for (const auto& [azimuth, loud] : {std::pair{70.0, 0u}, std::pair{-70.0, 1u}}) {
    const AudioBuffer heard = apply(placed(azimuth), noise(2, 24'000)).value();
    EXPECT_GT(level_of(heard.channel(loud)), 2 * level_of(heard.channel(1 - loud)));
  }
}

TEST(Ears, RecordedOnesKeepThePromisesOfEveryEffect) {
  SYRINX_NEED_DATA(kKemar);
  const auto through = [](std::size_t block) {
    Chain chain = Chain::create(placed(30), {kTestRateHz, 2, 8'192}).value();
    AudioBuffer audio = noise(2, 6'000);
    for (std::size_t at = 0; at < audio.frames(); at += block) {
      chain.set_parameter(0, 0, at > 3'000 ? 120.0 : 30.0);
      EXPECT_REALTIME_SAFE(
          { chain.process(audio.view().slice(at, std::min(block, audio.frames() - at))); });
    }
    return audio;
  };
  const AudioBuffer whole = [&] {
    Chain chain = Chain::create(placed(30), {kTestRateHz, 2, 8'192}).value();
    AudioBuffer audio = noise(2, 6'000);
    chain.process(audio.view());
    return audio;
  }();
  for (const float x : through(64).channel(0)) ASSERT_TRUE(std::isfinite(x));
  Chain chain = Chain::create(placed(30), {kTestRateHz, 2, 8'192}).value();
  for (const std::size_t block : {1u, 7u, 64u}) {
    chain.reset();
    AudioBuffer audio = noise(2, 6'000);
    for (std::size_t at = 0; at < audio.frames(); at += block)
      chain.process(audio.view().slice(at, std::min(block, audio.frames() - at)));
    EXPECT_TRUE(same(audio, whole));
  }
}

TEST(Ears, RecordedOnesDecodeAField) {
  SYRINX_NEED_DATA(kKemar);
  AmbisonicEncoder encoder = AmbisonicEncoder::create(3, {90, 0}).value();
  AmbisonicDecoder decoder =
      AmbisonicDecoder::create(3, AmbisonicOutput::kBinaural, kTestRateHz, kKemar).value();
  const AudioBuffer sound = noise(1, 24'000);
  AudioBuffer field(16, 24'000, kTestRateHz);
  AudioBuffer heard(2, 24'000, kTestRateHz);
  encoder.process(sound.channel(0), field.view());
  decoder.process(field, heard.view());
  EXPECT_GT(level_of(heard.channel(0)), 2 * level_of(heard.channel(1)));
}

TEST(Ears, OnlyThePositionTakesAFileAndAMissingOneIsNamed) {
  ChainSpec wrong = placed(0);
  wrong.effects[0].effect = "gain";
  wrong.effects[0].parameters.clear();
  EXPECT_EQ(validate(wrong).error().code, ErrorCode::kInvalidArgument);
  SYRINX_NEED_DATA(kKemar);
  ChainSpec missing = placed(0);
  missing.effects[0].sofa = "/nonexistent.sofa";
  const auto refused = Chain::create(missing, {kTestRateHz, 2, 512});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kNotFound);
  EXPECT_NE(refused.error().message.find("/nonexistent.sofa"), std::string::npos);
}

}  // namespace
}  // namespace syrinx::effects
