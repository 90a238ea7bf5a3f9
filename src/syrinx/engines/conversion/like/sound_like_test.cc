// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/conversion/like/sound_like.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "support/test_data.h"
#include "syrinx/core/dsp/resample.h"
#include "syrinx/core/flow/buffer_source.h"
#include "syrinx/core/io/audio_file.h"
#include "syrinx/stages/voice/profile/profile_distance.h"
#include "syrinx/stages/voice/profile/profile_test_support.h"

namespace syrinx::conversion {
namespace {

AudioBuffer speech(const std::string& file) {
  return io::read_audio(support::data_path("speech/" + file)).value();
}

using voice::compare_profiles;
using voice::learn_profile;
using voice::rms;
using voice::talker;

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
  // Made at 48 kHz: pulses on whole samples of 8 kHz are a voice of two periods.
  const auto source = dsp::resample(talker(120.0, 48'000), GetParam()).value();
  const auto result = sound_like(source, target).value();
  ASSERT_EQ(result.frames(), source.frames());
  ASSERT_EQ(result.sample_rate_hz(), GetParam());
  EXPECT_NEAR(learn_profile(result).value().f0_hz() / target.f0_hz(), 1.0, 0.03);
}

TEST(SoundLike, OfNoAmountIsTheSoundItself) {
  const auto target = learn_profile(talker(190.0, 16'000)).value();
  const auto source = talker(120.0, 16'000);
  const auto result = sound_like(source, target, {.like = {.amount = 0.0}}).value();
  const auto expected = voice::less_constant(source);
  for (std::size_t i = 0; i + 1'000 < source.frames(); ++i)
    ASSERT_NEAR(result.channel(0)[i], expected.channel(0)[i], 1e-3f) << i;
}

TEST(SoundLike, KeepsItsChannels) {
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

TEST(SoundLike, TakesIndependentChannelsForTwoTalkers) {
  const auto target = learn_profile(talker(190.0, 16'000)).value();
  const auto first = talker(120.0, 16'000);
  const auto second = talker(150.0, 16'000);
  AudioBuffer stereo(2, first.frames(), 16'000);
  std::copy(first.channel(0).begin(), first.channel(0).end(), stereo.channel(0).begin());
  std::copy(second.channel(0).begin(), second.channel(0).end(), stereo.channel(1).begin());
  const auto own = learn_profile(first).value();
  const auto channel_f0 = [&](ChannelLink link, std::size_t c) {
    auto stream = sound_like(std::make_unique<BufferSource>(stereo.view()), own, target,
                             {.mode = Mode::kBalanced, .link = link})
                      .value();
    const auto result = io::read_all(*stream).value();
    EXPECT_EQ(result.frames(), stereo.frames());
    AudioBuffer one(1, result.frames(), 16'000);
    std::copy(result.channel(c).begin(), result.channel(c).end(), one.channel(0).begin());
    return learn_profile(one).value().f0_hz();
  };
  EXPECT_NEAR(channel_f0(ChannelLink::kIndependent, 0) / target.f0_hz(), 1.0, 0.03);
  EXPECT_NEAR(channel_f0(ChannelLink::kIndependent, 1) / target.f0_hz(), 1.25, 0.06);
}

TEST(SoundLike, GivesMidSideTheSameForTheSameOnBothChannels) {
  const auto target = learn_profile(talker(190.0, 16'000)).value();
  const auto mono = talker(120.0, 16'000, 1.0);
  AudioBuffer stereo(2, mono.frames(), 16'000);
  for (std::size_t c = 0; c < 2; ++c)
    std::copy(mono.channel(0).begin(), mono.channel(0).end(), stereo.channel(c).begin());
  const auto result = sound_like(stereo, target, {.link = ChannelLink::kMidSide}).value();
  const auto expected = sound_like(mono, target).value();
  for (std::size_t i = 0; i < mono.frames(); ++i)
    for (std::size_t c = 0; c < 2; ++c)
      ASSERT_NEAR(result.channel(c)[i], expected.channel(0)[i], 1e-4f) << i;
}

TEST(SoundLike, RefusesWhatItCannotDo) {
  const auto own = learn_profile(talker(120.0, 16'000)).value();
  const voice::Format format{16'000, 1, 4'096};
  EXPECT_TRUE(make_like(own, own, {}, format));
  EXPECT_FALSE(make_like(own, own, {}, {8'000, 1, 4'096}));
  EXPECT_FALSE(make_like(own, own, {.like = {.amount = 2.0}}, format));
  EXPECT_FALSE(make_like(own, own, {.like = {.network = 1.5}}, format));
  EXPECT_FALSE(make_like(own, own, {.link = ChannelLink::kMidSide}, format));
  EXPECT_FALSE(sound_like(AudioBuffer(1, 16'000, 16'000), own));
  EXPECT_FALSE(sound_like(talker(120.0, 16'000), own, {.like = {.most_gain_db = -1.0}}));
  auto mixed = own;
  mixed.exemplars.clear();
  EXPECT_TRUE(make_like(own, mixed, {}, format));
  EXPECT_FALSE(make_like(own, mixed, {.like = {.network = 0.5}}, format));
  EXPECT_FALSE(sound_like(std::unique_ptr<AudioSource>(), own, own));
}

}  // namespace
}  // namespace syrinx::conversion
