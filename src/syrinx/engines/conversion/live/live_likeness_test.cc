// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/conversion/live/live_likeness.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "support/realtime_guard.h"
#include "syrinx/stages/voice/profile/profile_test_support.h"

namespace syrinx::conversion {
namespace {

constexpr int kRateHz = 16'000;

voice::VoiceProfile talkers(double f0_hz) {
  return voice::learn_profile(voice::talker(f0_hz, kRateHz), "the talker").value();
}

std::shared_ptr<LiveLikeness> towards(double f0_hz) {
  LiveLikenessOptions options;
  options.target = talkers(f0_hz);
  options.sample_rate_hz = kRateHz;
  return LiveLikeness::create(std::move(options)).value();
}

std::unique_ptr<LiveChain> chain_of(LiveLikeness& likeness, LiveLevel best = LiveLevel::kBalanced) {
  LiveChainOptions options;
  options.sample_rate_hz = kRateHz;
  options.best = best;
  options.transforms = likeness.transforms();
  options.listener = likeness.listener();
  return LiveChain::create(options).value();
}

// Sends all through in place, and has learnt from it after every tenth of a second.
void run(LiveChain& chain, LiveLikeness& likeness, MutableAudioView sound) {
  for (std::size_t at = 0; at < sound.frames(); at += 160) {
    chain.process(sound.slice(at, std::min<std::size_t>(160, sound.frames() - at)));
    if (at % 1'600 == 0) likeness.learn();
  }
}

double f0_of(AudioView sound) { return voice::learn_profile(sound).value().f0_hz(); }

TEST(LiveLikeness, LearnsTheVoiceWhileItSpeaksFirstItsPitchThenAllOfIt) {
  const auto likeness = towards(190.0);
  const auto chain = chain_of(*likeness);
  EXPECT_EQ(likeness->known(), SourceKnowledge::kNone);
  auto sound = voice::talker(120.0, kRateHz, 12.0);
  const double own_hz = f0_of(sound);
  const double target_hz = likeness->target().f0_hz();
  run(*chain, *likeness, sound.view().slice(0, 16'000));
  EXPECT_EQ(likeness->known(), SourceKnowledge::kNone) << "not a second of it is voiced";
  run(*chain, *likeness, sound.view().slice(16'000, 32'000));
  EXPECT_EQ(likeness->known(), SourceKnowledge::kPitch);
  run(*chain, *likeness, sound.view().slice(48'000, 48'000));
  EXPECT_EQ(likeness->known(), SourceKnowledge::kVoice);
  EXPECT_GE(likeness->voiced_s(), kVoiceKnownS);
  EXPECT_NEAR(likeness->source_f0_hz() / own_hz, 1.0, 0.03);
  run(*chain, *likeness, sound.view().slice(96'000, sound.frames() - 96'000));
  EXPECT_NEAR(f0_of(sound.view().slice(0, 16'000)) / own_hz, 1.0, 0.04) << "as it came";
  EXPECT_NEAR(f0_of(sound.view().slice(112'000, 64'000)) / target_hz, 1.0, 0.04);
}

TEST(LiveLikeness, OfAVoiceThatIsGivenHoldsFromTheFirstSampleAndListensToNothing) {
  LiveLikenessOptions options;
  options.target = talkers(190.0);
  options.source = talkers(120.0);
  options.sample_rate_hz = kRateHz;
  const auto likeness = LiveLikeness::create(std::move(options)).value();
  EXPECT_FALSE(likeness->listener());
  EXPECT_EQ(likeness->known(), SourceKnowledge::kVoice);
  const auto chain = chain_of(*likeness);
  auto sound = voice::talker(120.0, kRateHz, 2.0);
  run(*chain, *likeness, sound.view());
  EXPECT_NEAR(f0_of(sound) / likeness->target().f0_hz(), 1.0, 0.04);
}

TEST(LiveLikeness, StaysThroughStepsToOtherLevels) {
  const auto likeness = towards(190.0);
  const auto chain = chain_of(*likeness, LiveLevel::kHigh);
  auto sound = voice::talker(120.0, kRateHz, 14.0);
  run(*chain, *likeness, sound.view().slice(0, 128'000));
  ASSERT_EQ(likeness->known(), SourceKnowledge::kVoice);
  chain->set_level(LiveLevel::kLow);
  run(*chain, *likeness, sound.view().slice(128'000, sound.frames() - 128'000));
  const double target_hz = likeness->target().f0_hz();
  EXPECT_NEAR(f0_of(sound.view().slice(144'000, 64'000)) / target_hz, 1.0, 0.04);
}

TEST(LiveLikeness, IsHandedOverWithoutAnAllocationInRealTime) {
  const auto likeness = towards(190.0);
  const auto chain = chain_of(*likeness);
  auto sound = voice::talker(120.0, kRateHz, 8.0);
  for (std::size_t at = 0; at + 1'600 <= sound.frames(); at += 1'600) {
    EXPECT_REALTIME_SAFE({
      for (std::size_t i = 0; i < 1'600; i += 160) chain->process(sound.view().slice(at + i, 160));
    });
    likeness->learn();
  }
  EXPECT_EQ(likeness->known(), SourceKnowledge::kVoice);
}

TEST(LiveLikeness, LearnsNothingFromSilence) {
  const auto likeness = towards(190.0);
  const auto chain = chain_of(*likeness);
  AudioBuffer silence(1, 5 * kRateHz, kRateHz);
  run(*chain, *likeness, silence.view());
  EXPECT_EQ(likeness->known(), SourceKnowledge::kNone);
  EXPECT_EQ(likeness->voiced_s(), 0.0);
  EXPECT_EQ(likeness->source_f0_hz(), 0.0);
}

TEST(LiveLikeness, RefusesWhatItCannotDo) {
  LiveLikenessOptions options;
  options.target = talkers(190.0);
  options.sample_rate_hz = 8'000;
  EXPECT_FALSE(LiveLikeness::create(options));
  options.sample_rate_hz = kRateHz;
  options.like.amount = 2.0;
  EXPECT_FALSE(LiveLikeness::create(options));
}

}  // namespace
}  // namespace syrinx::conversion
