// SPDX-License-Identifier: Apache-2.0
// The small parts of a conference: who speaks, who talks, who is too loud.
#include <gtest/gtest.h>

#include <cmath>

#include "support/realtime_guard.h"
#include "syrinx/engines/call/conference/level_rider.h"
#include "syrinx/engines/call/conference/mix_limiter.h"
#include "syrinx/engines/call/conference/speech_level.h"
#include "syrinx/engines/call/conference/talkers.h"

namespace syrinx::call {
namespace {

double power_of_db(double db) { return std::pow(10.0, db / 10.0); }

TEST(SpeechLevel, SpeechStandsOutFromItsBackgroundAndNoiseDoesNot) {
  SpeechLevel level;
  for (int i = 0; i < 250; ++i) level.take(power_of_db(-52.0), 20);  // 5 s of noise.
  EXPECT_FALSE(level.speaking());
  for (int i = 0; i < 20; ++i) level.take(power_of_db(-25.0), 20);
  EXPECT_TRUE(level.speaking());
  EXPECT_NEAR(level.level_db(), -25.0, 1.0);
  EXPECT_EQ(level.spoken_ms(), 400);
  for (int i = 0; i < 10; ++i) level.take(power_of_db(-52.0), 20);
  EXPECT_TRUE(level.speaking()) << "a pause of 200 ms is within speech";
  for (int i = 0; i < 10; ++i) level.pass(20);
  EXPECT_FALSE(level.speaking());
  EXPECT_EQ(level.spoken_ms(), 0);
}

TEST(SpeechLevel, ALoudSoundWithoutPausesGoesOnCounting) {
  SpeechLevel level;
  for (int i = 0; i < 3'000; ++i) level.take(power_of_db(-20.0), 20);  // A minute.
  EXPECT_TRUE(level.speaking());
}

ConferenceOptions with_talkers(std::size_t talkers) {
  ConferenceOptions options;
  options.talkers = talkers;
  options.max_legs = 8;
  return options;
}

using Candidates = std::vector<Talkers::Candidate>;

void run(Talkers& talkers, const Candidates& candidates, int ms) {
  for (int at = 0; at < ms; at += 20) EXPECT_REALTIME_SAFE(talkers.choose(candidates));
}

TEST(Talkers, TheLoudestOfThoseWhoSpeakAreChosen) {
  Talkers talkers(with_talkers(2));
  run(talkers, {{true, -30, 500}, {true, -20, 500}, {false, -10, 0}, {true, -25, 500}}, 20);
  EXPECT_FALSE(talkers.talks(0));
  EXPECT_TRUE(talkers.talks(1));
  EXPECT_FALSE(talkers.talks(2));
  EXPECT_TRUE(talkers.talks(3));
  EXPECT_EQ(talkers.count(), 2u);
  EXPECT_EQ(talkers.speaker(), 1u);
}

TEST(Talkers, SomebodySlightlyLouderDoesNotTakeAPlaceAndSomebodyMuchLouderWaits) {
  Talkers talkers(with_talkers(1));
  run(talkers, {{true, -25, 500}, {false, -90, 0}}, 100);
  run(talkers, {{true, -25, 500}, {true, -23, 500}}, 2'000);
  EXPECT_TRUE(talkers.talks(0));
  Talkers other(with_talkers(1));
  run(other, {{true, -25, 500}, {false, -90, 0}}, 100);
  run(other, {{true, -25, 500}, {true, -15, 500}}, 200);
  EXPECT_TRUE(other.talks(0)) << "not before hold_ms";
  run(other, {{true, -25, 500}, {true, -15, 500}}, 400);
  EXPECT_TRUE(other.talks(1));
  EXPECT_FALSE(other.talks(0));
}

TEST(Talkers, ACoughDoesNotTakeTheFloor) {
  Talkers talkers(with_talkers(3));
  run(talkers, {{true, -25, 3'000}, {false, -90, 0}}, 1'000);
  EXPECT_EQ(talkers.speaker(), 0u);
  run(talkers, {{true, -25, 3'000}, {true, -10, 100}}, 100);
  EXPECT_EQ(talkers.speaker(), 0u);
  run(talkers, {{true, -25, 3'000}, {true, -10, 300}}, 100);
  EXPECT_EQ(talkers.speaker(), 1u);
}

TEST(Talkers, TheFloorIsNobodysAfterASecondOfSilence) {
  Talkers talkers(with_talkers(3));
  run(talkers, {{true, -25, 3'000}}, 1'000);
  run(talkers, {{false, -90, 0}}, 900);
  EXPECT_EQ(talkers.speaker(), 0u);
  run(talkers, {{false, -90, 0}}, 200);
  EXPECT_EQ(talkers.speaker(), Talkers::kNobody);
}

// Two who speak equally loud in turns of syllables: the floor does not flutter.
TEST(Talkers, TheFloorDoesNotFlutter) {
  Talkers talkers(with_talkers(3));
  std::size_t last = Talkers::kNobody;
  int changes = 0;
  for (int i = 0; i < 500; ++i) {
    const double swing = 2.0 * std::sin(i * 0.7);
    const Candidates both = {{true, -25 + swing, 900}, {true, -25 - swing, 900}};
    talkers.choose(both);
    changes += talkers.speaker() != last ? 1 : 0;
    last = talkers.speaker();
  }
  EXPECT_LE(changes, 500 * 20 / 400 + 1);
}

TEST(LevelRider, BringsSpeechToItsLevelAtFourDbASecond) {
  LevelRider rider;
  for (int i = 0; i < 50; ++i) rider.speech(-34.0, -26.0, 20);
  EXPECT_NEAR(rider.gain_db(), 4.0, 0.01);
  for (int i = 0; i < 500; ++i) rider.speech(-34.0, -26.0, 20);
  EXPECT_NEAR(rider.gain_db(), 8.0, 0.01);
  for (int i = 0; i < 5'000; ++i) rider.speech(-80.0, -26.0, 20);
  EXPECT_NEAR(rider.gain_db(), 15.0, 0.01);
}

TEST(MixLimiter, LeavesWhatFitsAndHoldsTheRestWithinFullScale) {
  MixLimiter limiter;
  std::vector<float> quiet(320, 0.5f);
  EXPECT_FALSE(limiter.process(quiet, 20));
  EXPECT_EQ(quiet, std::vector<float>(320, 0.5f));
  for (int block = 0; block < 20; ++block) {
    std::vector<float> loud(320);
    for (std::size_t i = 0; i < loud.size(); ++i)
      loud[i] = static_cast<float>(2.0 * std::sin(0.1 * static_cast<double>(i)));
    EXPECT_REALTIME_SAFE(EXPECT_TRUE(limiter.process(loud, 20)));
    for (const float x : loud) ASSERT_LE(std::abs(x), 1.0f);
    if (block > 0) {
      EXPECT_LE(*std::max_element(loud.begin(), loud.end()), 0.99f) << "scaled, not cut";
    }
  }
  for (int block = 0; block < 30; ++block) {
    std::vector<float> again(320, 0.1f);
    limiter.process(again, 20);
  }
  EXPECT_FALSE(limiter.process(quiet, 20)) << "after half a second the gain is whole again";
}

}  // namespace
}  // namespace syrinx::call
