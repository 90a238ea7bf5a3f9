// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/voice/profile/likeness.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "support/realtime_guard.h"
#include "support/test_data.h"
#include "syrinx/core/io/audio_file.h"
#include "syrinx/stages/voice/profile/profile_distance.h"
#include "syrinx/stages/voice/profile/profile_test_support.h"

namespace syrinx::voice {
namespace {

AudioBuffer speech(const std::string& file) {
  return io::read_audio(support::data_path("speech/" + file)).value();
}

class LikePairs : public testing::TestWithParam<std::pair<const char*, const char*>> {};
INSTANTIATE_TEST_SUITE_P(
    Pairs, LikePairs,
    testing::Values(std::pair{"ljspeech/LJ001-0002.flac", "matthes/LJ001-0009.flac"},
                    std::pair{"matthes/LJ001-0009.flac", "ljspeech/LJ001-0004.flac"},
                    std::pair{"kathleen/arctic_a0003.flac", "ljspeech/LJ001-0004.flac"}));

TEST_P(LikePairs, GoMostOfTheWayFromTheSourceToTheTarget) {
  SYRINX_NEED_DATA(std::string("speech/") + GetParam().first);
  const AudioBuffer source = speech(GetParam().first);
  const auto target = learn_profile(speech(GetParam().second)).value();
  const AudioBuffer result = sound_like(source, target).value();
  ASSERT_EQ(result.frames(), source.frames());
  const auto before = compare_profiles(learn_profile(source).value(), target);
  const auto after = compare_profiles(learn_profile(result).value(), target);
  EXPECT_LT(std::abs(after.f0_semitones), 0.4 * std::abs(before.f0_semitones));
  EXPECT_LT(after.mcd_db, 0.4 * before.mcd_db);
  EXPECT_GT(after.similarity, before.similarity);
}

class LikeRates : public testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(Rates, LikeRates, testing::Values(8'000, 16'000, 22'050, 48'000));

TEST_P(LikeRates, BringThePitchOver) {
  const auto target = learn_profile(talker(190.0, 22'050)).value();
  const auto source = talker(120.0, GetParam());
  const auto result = sound_like(source, target).value();
  ASSERT_EQ(result.frames(), source.frames());
  ASSERT_EQ(result.sample_rate_hz(), GetParam());
  EXPECT_NEAR(learn_profile(result).value().f0_hz() / target.f0_hz(), 1.0, 0.03);
}

TEST(Likeness, OfNoAmountIsTheSoundItself) {
  const auto target = learn_profile(talker(190.0, 16'000)).value();
  const auto source = talker(120.0, 16'000);
  LikeOptions options;
  options.amount = 0.0;
  const auto result = sound_like(source, target, options).value();
  for (std::size_t i = 0; i + 1'000 < source.frames(); ++i)
    ASSERT_NEAR(result.channel(0)[i], source.channel(0)[i], 1e-3f) << i;
}

TEST(Likeness, IsTheSameForBlocksOfAnySize) {
  const auto target = learn_profile(talker(190.0, 16'000)).value();
  const auto source = talker(120.0, 16'000, 1.0);
  const auto own = learn_profile(source).value();
  const LikeOptions options{.network = 0.7};
  auto whole = Likeness::create(16'000, own, target, options).value();
  std::vector<float> expected(source.frames());
  whole.process(source.channel(0), expected);
  for (const std::size_t block : {1u, 7u, 64u}) {
    auto likeness = Likeness::create(16'000, own, target, options).value();
    std::vector<float> out(source.frames());
    for (std::size_t at = 0; at < out.size(); at += block) {
      const std::size_t count = std::min(block, out.size() - at);
      likeness.process(source.channel(0).subspan(at, count), std::span(out).subspan(at, count));
    }
    EXPECT_EQ(out, expected) << block;
  }
}

TEST(Likeness, IsRealTimeSafe) {
  const auto source = talker(120.0, 16'000, 1.0);
  const auto own = learn_profile(source).value();
  auto likeness = Likeness::create(16'000, own, own, {.mixture = 0.5, .network = 0.5}).value();
  std::vector<float> out(source.frames());
  EXPECT_REALTIME_SAFE(likeness.process(source.channel(0), out));
}

TEST(Likeness, KeepsItsChannels) {
  const auto target = learn_profile(talker(190.0, 16'000)).value();
  const auto mono = talker(120.0, 16'000, 1.0);
  AudioBuffer stereo(2, mono.frames(), 16'000);
  std::copy(mono.channel(0).begin(), mono.channel(0).end(), stereo.channel(1).begin());
  const auto result = sound_like(stereo, target).value();
  ASSERT_EQ(result.channels(), 2u);
  double left = 0.0;
  for (const float v : result.channel(0)) left = std::max(left, std::abs(static_cast<double>(v)));
  EXPECT_LT(left, 1e-5);
  EXPECT_GT(rms(result.channel(1)), 0.3 * rms(mono.channel(0)));
}

TEST(Likeness, RefusesWhatItCannotDo) {
  const auto own = learn_profile(talker(120.0, 16'000)).value();
  EXPECT_FALSE(Likeness::create(8'000, own, own));
  EXPECT_FALSE(Likeness::create(16'000, own, own, {.amount = 2.0}));
  EXPECT_FALSE(sound_like(AudioBuffer(1, 16'000, 16'000), own));
  EXPECT_FALSE(sound_like(talker(120.0, 16'000), own, {.most_gain_db = -1.0}));
  EXPECT_FALSE(Likeness::create(16'000, own, own, {.network = 1.5}));
  auto mixed = own;
  mixed.exemplars.clear();
  EXPECT_TRUE(Likeness::create(16'000, own, mixed));
  EXPECT_FALSE(Likeness::create(16'000, own, mixed, {.network = 0.5}));
  EXPECT_FALSE(sound_like(std::unique_ptr<AudioSource>(), own, own));
}

}  // namespace
}  // namespace syrinx::voice
