// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/voice/profile/voice_profile.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "support/test_data.h"
#include "syrinx/core/io/audio_file.h"
#include "syrinx/stages/voice/profile/profile_distance.h"
#include "syrinx/stages/voice/profile/profile_test_support.h"

namespace syrinx::voice {
namespace {

TEST(VoiceProfiles, KnowThePitchAndHaveExemplars) {
  for (const int rate : {16'000, 22'050, 44'100, 48'000}) {
    const auto profile = learn_profile(talker(120.0, rate), "low").value();
    EXPECT_NEAR(profile.f0_hz(), 129.0, 5.0) << rate;
    EXPECT_GT(profile.log_f0_deviation, 0.02);
    EXPECT_GT(profile.exemplars.size(), 100u);
    EXPECT_LE(profile.exemplars.size(), kMaxExemplars);
    EXPECT_EQ(profile.name, "low");
  }
}

TEST(VoiceProfiles, AreAlikeForOneTalkerAtTwoRates) {
  const auto a = learn_profile(talker(120.0, 22'050)).value();
  const auto b = learn_profile(talker(120.0, 48'000)).value();
  const auto other = learn_profile(talker(210.0, 22'050)).value();
  EXPECT_LT(compare_profiles(a, b).mcd_db, 1.5);
  EXPECT_GT(compare_profiles(a, b).similarity, compare_profiles(a, other).similarity);
  EXPECT_NEAR(compare_profiles(a, a).similarity, 1.0, 1e-9);
  EXPECT_NEAR(compare_profiles(a, other).f0_semitones, 12.0 * std::log2(210.0 / 120.0), 0.5);
}

TEST(VoiceProfiles, RefuseSoundWithoutAVoice) {
  EXPECT_FALSE(learn_profile(AudioBuffer(1, 16'000, 16'000)));
  EXPECT_FALSE(learn_profile(AudioBuffer(1, 0, 16'000)));
  EXPECT_FALSE(learn_profile(vowel(120.0, 0.02, 48'000)));
  AudioBuffer constant(2, 16'000, 16'000);
  std::fill(constant.channel(0).begin(), constant.channel(0).end(), 0.5f);
  EXPECT_FALSE(learn_profile(constant));
}

TEST(VoiceProfiles, FindTheRatioOfFormants) {
  auto low = learn_profile(talker(120.0, 16'000)).value();
  auto high = low;
  high.log_f0_mean += 0.25 * 4.0 * std::log(1.12) / 0.25;  // As pitch lets expect.
  high.voiced.mean = cepstrum_of(warped(logs_of(low.voiced.mean), 1.12));
  low.formants_hz = high.formants_hz = {};  // As of a voice that was learnt before there were any.
  EXPECT_NEAR(formant_ratio(low, high), 1.12, 0.04);
  EXPECT_NEAR(formant_ratio(low, low), 1.0, 0.02);
}

TEST(VoiceProfiles, TakeTheLengthOfTheVocalTractFromTheUpperFormants) {
  auto low = learn_profile(talker(120.0, 16'000)).value();
  auto high = learn_profile(talker(210.0, 16'000)).value();
  low.formants_hz = {450.0, 1'500.0, 2'500.0, 3'500.0};
  high.formants_hz = {600.0, 1'700.0, 2'500.0, 3'500.0};  // Other vowels in the same tract.
  EXPECT_NEAR(formant_ratio(low, high), 1.0, 1e-9);
  for (double& hz : high.formants_hz) hz *= 1.15;
  EXPECT_NEAR(formant_ratio(low, high), 1.15, 1e-9);
}

TEST(VoiceProfiles, KnowTheFormantsOfTheirSpeaker) {
  SYRINX_NEED_DATA("speech/ljspeech/LJ001-0002.flac");
  const auto sound = io::read_audio(support::data_path("speech/ljspeech/LJ001-0002.flac")).value();
  const auto formants = learn_profile(sound).value().formants_hz;
  EXPECT_NEAR(formants[2], 2'800.0, 250.0);
  EXPECT_NEAR(formants[3], 3'870.0, 250.0);
}

TEST(VoiceProfiles, MeetBetweenTwoVoices) {
  const VoiceProfile ends[] = {learn_profile(talker(120.0, 16'000), "a").value(),
                               learn_profile(talker(200.0, 16'000), "b").value()};
  const double weights[] = {1.0, 3.0};
  const auto between = morph_profiles(ends, weights).value();
  EXPECT_NEAR(between.log_f0_mean, 0.25 * ends[0].log_f0_mean + 0.75 * ends[1].log_f0_mean, 1e-9);
  EXPECT_EQ(between.name, "a+b");
  const double bad[] = {1.0, std::numeric_limits<double>::quiet_NaN()};
  EXPECT_FALSE(morph_profiles(ends, bad));
  EXPECT_FALSE(morph_profiles(ends, std::span<const double>(weights, 1)));
  EXPECT_FALSE(morph_profiles({}, {}));
}

TEST(MelCepstra, ComeBackAsTheBandsTheyWereMadeOf) {
  Cepstrum cepstrum{};
  for (std::size_t d = 0; d < kCepstra; ++d) cepstrum[d] = 1.0f / static_cast<float>(d + 1);
  const Cepstrum again = cepstrum_of(logs_of(cepstrum));
  for (std::size_t d = 0; d < kCepstra; ++d) EXPECT_NEAR(again[d], cepstrum[d], 1e-5f);
}

TEST(MelCepstra, TurnAChangeOfBandsIntoGains) {
  const FrameShape shape = frame_shape(16'000).value();
  const MelCepstra cepstra(shape);
  MelLogs change{};
  change.fill(2.0f * std::log(3.0f));
  std::vector<float> gain(shape.bins());
  cepstra.gains_of(change, gain);
  for (const float value : gain) EXPECT_NEAR(value, 3.0f, 1e-4f);
}

}  // namespace
}  // namespace syrinx::voice
