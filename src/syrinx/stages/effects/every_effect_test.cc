// SPDX-License-Identifier: Apache-2.0
// What every effect in the catalogue must do, whatever else it does.
#include <gtest/gtest.h>

#include <limits>

#include "support/realtime_guard.h"
#include "syrinx/stages/effects/effect_test_support.h"

namespace syrinx::effects {
namespace {

constexpr std::size_t kFrames = 12'000;

class EveryEffect : public testing::TestWithParam<std::string_view> {
 protected:
  // Prepared with parameters off their initial values, for as many channels as it can serve.
  static std::unique_ptr<Effect> busy(std::size_t channels = 2) {
    auto effect = made(GetParam());
    for (std::size_t i = 0; i < effect->parameters().size(); ++i) {
      const Parameter& p = effect->parameters()[i];
      effect->set_parameter(i, p.initial + 0.3 * (p.max - p.initial));
    }
    if (!effect->prepare({kTestRateHz, channels, kFrames})) return nullptr;
    return effect;
  }
  // Moves each parameter in mid-stream.
  static void disturb(Effect& effect) {
    for (std::size_t i = 0; i < effect.parameters().size(); ++i) {
      const Parameter& p = effect.parameters()[i];
      effect.set_parameter(i, p.min + 0.6 * (p.max - p.min));
    }
  }
  static AudioBuffer processed(std::size_t block, std::size_t channels) {
    auto effect = busy(channels);
    AudioBuffer first = noise(channels, kFrames / 2, 1);
    AudioBuffer second = noise(channels, kFrames / 2, 2);
    run(*effect, first, block);
    disturb(*effect);
    run(*effect, second, block);
    first.append(second);
    return first;
  }
};

TEST_P(EveryEffect, GivesTheSameOutputForAnyBlockSize) {
  const AudioBuffer whole = processed(kFrames, 2);
  for (const std::size_t block : {1u, 7u, 64u}) EXPECT_TRUE(same(processed(block, 2), whole));
}

TEST_P(EveryEffect, IsSafeInRealTime) {
  auto effect = busy();
  AudioBuffer audio = noise(2, kFrames);
  EXPECT_REALTIME_SAFE({
    effect->process(audio.view());
    disturb(*effect);
    effect->process(audio.view());
    effect->reset();
  });
}

TEST_P(EveryEffect, ServesFrom1To64ChannelsOrSaysWhyNot) {
  for (const std::size_t channels : {1u, 3u, 64u}) {
    auto effect = made(GetParam());
    const auto prepared = effect->prepare({kTestRateHz, channels, 512});
    if (!prepared) {
      EXPECT_EQ(prepared.error().code, ErrorCode::kUnsupported);
      continue;
    }
    AudioBuffer audio = noise(channels, 512);
    effect->process(audio.view());
    for (std::size_t c = 0; c < channels; ++c)
      for (const float x : audio.channel(c)) ASSERT_TRUE(std::isfinite(x));
  }
}

TEST_P(EveryEffect, TakesDamagedSamplesForSilenceAndCountsThem) {
  auto effect = busy();
  auto healthy = busy();
  AudioBuffer damaged = noise(2, kFrames);
  AudioBuffer silenced = damaged;
  const float bad[] = {std::numeric_limits<float>::quiet_NaN(),
                       std::numeric_limits<float>::infinity(), -1e30f};
  for (std::size_t i = 0; i < 3; ++i) {
    damaged.channel(1)[100 * i] = bad[i];
    silenced.channel(1)[100 * i] = 0.0f;
  }
  run(*effect, damaged);
  run(*healthy, silenced);
  EXPECT_TRUE(same(damaged, silenced));
  EXPECT_EQ(effect->bad_samples(), 3u);
}

TEST_P(EveryEffect, KeepsSilenceSilentAndServesOneSampleAndNone) {
  auto effect = busy();
  AudioBuffer silence(2, kFrames, kTestRateHz);
  run(*effect, silence);
  EXPECT_EQ(peak_of(silence.channel(0)), 0.0);
  AudioBuffer one = noise(2, 1);
  effect->process(one.view());
  AudioBuffer none(2, 0, kTestRateHz);
  effect->process(none.view());
}

TEST_P(EveryEffect, ForgetsThePastWhenReset) {
  auto effect = busy();
  AudioBuffer first = noise(2, kFrames);
  run(*effect, first);
  effect->reset();
  AudioBuffer again = noise(2, kFrames);
  run(*effect, again);
  EXPECT_TRUE(same(first, again));
}

TEST_P(EveryEffect, StaysFiniteAtTheEndsOfEachParameter) {
  for (std::size_t i = 0; i < made(GetParam())->parameters().size(); ++i) {
    for (const bool high : {false, true}) {
      for (const int rate : {8'000, 192'000}) {
        auto effect = made(GetParam());
        const Parameter& p = effect->parameters()[i];
        effect->set_parameter(i, high ? p.max : p.min);
        ASSERT_TRUE(effect->prepare({rate, 2, 4'096}));
        const AudioBuffer given = noise(2, 4'096);
        AudioBuffer audio(2, 4'096, rate);
        for (std::size_t c = 0; c < 2; ++c)
          std::copy(given.channel(c).begin(), given.channel(c).end(), audio.channel(c).begin());
        effect->process(audio.view());
        for (const float x : audio.channel(0)) ASSERT_TRUE(std::isfinite(x)) << p.id;
      }
    }
  }
}

TEST_P(EveryEffect, RefusesWhatItCannotBe) {
  auto effect = made(GetParam());
  EXPECT_EQ(effect->set_parameter("nonsense", 1).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(effect->prepare({0, 1, 512}).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(effect->prepare({48'000, 65, 512}).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(effect->prepare({48'000, 1, 0}).error().code, ErrorCode::kInvalidArgument);
  for (const Parameter& p : effect->parameters()) {
    EXPECT_FALSE(effect->set_parameter(p.id, p.max + 1));
    EXPECT_FALSE(effect->set_parameter(p.id, std::numeric_limits<double>::quiet_NaN()));
    EXPECT_GE(p.initial, p.min);
    EXPECT_LE(p.initial, p.max);
  }
}

std::vector<std::string_view> names() {
  std::vector<std::string_view> all;
  for (const CatalogueEntry& entry : catalogue()) all.push_back(entry.name);
  return all;
}
INSTANTIATE_TEST_SUITE_P(Catalogue, EveryEffect, testing::ValuesIn(names()),
                         [](const auto& one) { return std::string(one.param); });

TEST(Catalogue, NamesTheEffectsThereAreWhenOneIsMissing) {
  const auto missing = make_effect("reverse");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::kNotFound);
  EXPECT_NE(missing.error().message.find("gain"), std::string::npos);
}

}  // namespace
}  // namespace syrinx::effects
