// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/conversion/improve/improve.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "support/test_data.h"
#include "syrinx/core/io/audio_file.h"
#include "syrinx/engines/conversion/improve/improve_test_support.h"

namespace syrinx::conversion {
namespace {

ConversionOptions higher(double ratio) {
  ConversionOptions options;
  options.transform.mode = Mode::kHigh;
  options.transform.settings.pitch_ratio = ratio;
  return options;
}

AudioBuffer spoken() {
  return io::read_audio(support::data_path("speech/kathleen/arctic_a0001.flac")).value();
}

// A judge that knows what each making is worth, by the artifact share.
struct Judged {
  double way = 0.9;
  double amount_cost = 0.0;  // Similarity lost by going gentler.
  double amount_gain = 0.0;  // Artifact share per part of the amount.
  double thorough_gain = 0.0;
  std::vector<Making> made;

  Task task() {
    Task task;
    task.make = [this](const Making& making) -> Result<AudioBuffer> {
      made.push_back(making);
      AudioBuffer sound(1, 1'600, 16'000);
      for (float& x : sound.channel(0)) x = 0.001f * static_cast<float>(made.size());
      return sound;
    };
    task.judge = [this](AudioView) -> Result<ConversionQuality> {
      ConversionQuality quality;
      const Making& making = made.back();
      quality.way_gone = way - amount_cost * (1.0 - making.amount);
      quality.measured[measure::QualityAspect::kArtifactShare] =
          0.5 - amount_gain * (1.0 - making.amount) - (making.thorough ? thorough_gain : 0.0);
      return quality;
    };
    return task;
  }
};

TEST(Improve, MendsClicksThatAConversionLeft) {
  SYRINX_NEED_DATA("speech/kathleen/arctic_a0001.flac");
  const AudioBuffer source = spoken();
  ImproveOptions once;
  once.most_tries = 0;
  const AudioBuffer clean = improve_conversion(source, higher(1.2), once)->result;
  Task task;
  task.make = [&](const Making&) -> Result<AudioBuffer> {
    AudioBuffer made(clean.view());
    add_clicks(made, 0.1, 0.4f);
    return made;
  };
  task.judge = [&](AudioView result) { return judge(source, result, {1.2, 1.0, 1.0}, false); };
  task.may_be_gentler = task.may_be_thorough = false;
  const auto improved = improve(task);
  ASSERT_TRUE(improved) << improved.error().message;
  const Improved& done = *improved;
  EXPECT_TRUE(done.making.mend_clicks);
  const auto tried = std::find_if(done.tries.begin(), done.tries.end(),
                                  [](const Try& one) { return one.name == "mend clicks"; });
  ASSERT_NE(tried, done.tries.end());
  EXPECT_TRUE(tried->kept) << tried->reason;
  EXPECT_LT(*done.grades.artifact_share.value,
            *done.tries.front().grades.artifact_share.value - 0.04);
  EXPECT_LT(shortfall(done.grades), done.tries.front().shortfall);
  EXPECT_EQ(done.result.frames(), source.frames());
}

TEST(Improve, KeepsTheFirstResultWhereNothingMeasuresBetter) {
  Judged judged;
  const auto improved = improve(judged.task());
  ASSERT_TRUE(improved);
  EXPECT_EQ(improved->making, Making{});
  ASSERT_EQ(improved->tries.size(), 5u) << "each strategy once";
  EXPECT_EQ(improved->tries[1].name, "thorough");
  EXPECT_NE(improved->tries[1].reason.find("did not lessen"), std::string::npos);
  for (std::size_t i = 1; i < improved->tries.size(); ++i) EXPECT_FALSE(improved->tries[i].kept);
  EXPECT_EQ(improved->ended, "nothing more that was tried measured better");
}

TEST(Improve, MatchesLoudnessAtTheEndWhereGradesDoNotSuffer) {
  for (const double cost : {0.0, 0.2}) {
    Judged judged;
    Task task = judged.task();
    const auto judge_as_made = task.judge;
    task.judge = [&](AudioView made) -> Result<ConversionQuality> {
      SYRINX_ASSIGN(auto quality, judge_as_made(made));
      const bool louder = std::abs(made.channel(0)[800] - 0.001413f) < 1e-5f;
      if (louder) quality.way_gone = *quality.way_gone - cost;
      return quality;
    };
    task.match_loudness = [](AudioView) -> Result<LoudnessMatch> {
      return LoudnessMatch{3.0, 0.0, 0.3, 0.1, 40};
    };
    const auto improved = improve(task);
    ASSERT_TRUE(improved) << improved.error().message;
    const Try& last = improved->tries.back();
    EXPECT_EQ(last.name, "match loudness");
    EXPECT_NE(last.reason.find("from 0.300 to 0.100"), std::string::npos) << last.reason;
    EXPECT_EQ(last.kept, cost == 0.0) << last.reason;
    EXPECT_EQ(improved->loudness.has_value(), cost == 0.0);
    const float gain = improved->result.channel(0)[800] / 0.001f;
    EXPECT_NEAR(gain, cost == 0.0 ? std::pow(10.0f, 0.15f) : 1.0f, 1e-3f);
  }
}

TEST(Improve, DoesNotJudgeAgainWhatHasNotChanged) {
  Judged judged;
  Task task = judged.task();
  task.may_be_thorough = task.may_be_gentler = false;
  const auto improved = improve(task);
  ASSERT_TRUE(improved);
  ASSERT_EQ(improved->tries.size(), 3u);
  EXPECT_EQ(improved->tries[1].reason, "it changed nothing") << "silence has no clicks";
}

TEST(Improve, LeavesAResultThatMeetsItsTargetsBitForBit) {
  SYRINX_NEED_DATA("speech/kathleen/arctic_a0001.flac");
  const AudioBuffer source = spoken();
  ImproveOptions once;
  once.most_tries = 0;
  const auto first = improve_conversion(source, higher(1.1), once);
  const auto improved = improve_conversion(source, higher(1.1));
  ASSERT_TRUE(first && improved);
  if (first->tries.front().shortfall == 0.0) {
    EXPECT_EQ(improved->tries.size(), 1u);
    EXPECT_EQ(improved->ended, "all targets that were measured are met");
  }
  if (improved->making == Making{}) {
    const auto a = first->result.channel(0);
    EXPECT_TRUE(std::equal(a.begin(), a.end(), improved->result.channel(0).begin()));
  }
  EXPECT_LE(shortfall(improved->grades), first->tries.front().shortfall);
}

TEST(Improve, GoesGentlerStepByStepAndStopsAtHalf) {
  Judged judged;
  judged.amount_gain = 0.5;
  const auto improved = improve(judged.task());
  ASSERT_TRUE(improved);
  EXPECT_LT(improved->making.amount, 0.75);
  EXPECT_GE(improved->making.amount, 0.5);
  double before = 1e9;
  for (const Try& one : improved->tries) {
    if (!one.kept) continue;
    EXPECT_LT(one.shortfall, before) << "it converges";
    before = one.shortfall;
  }
}

TEST(Improve, DoesNotPayWithAnotherMeasure) {
  Judged judged;
  judged.way = 0.99;
  judged.amount_gain = 0.2;
  judged.amount_cost = 0.6;
  const auto improved = improve(judged.task());
  ASSERT_TRUE(improved);
  EXPECT_EQ(improved->making.amount, 1.0);
  EXPECT_NE(improved->tries.back().reason.find("it cost 0.090 of similarity, too"),
            std::string::npos)
      << improved->tries.back().reason;
}

TEST(Improve, MakesNoMoreTriesThanItMay) {
  Judged judged;
  judged.amount_gain = 0.5;
  judged.thorough_gain = 0.1;
  ImproveOptions options;
  options.most_tries = 2;
  const auto improved = improve(judged.task(), options);
  ASSERT_TRUE(improved);
  EXPECT_EQ(improved->tries.size(), 3u);
  EXPECT_EQ(improved->ended, "all 2 tries were made");
  options.least_gain = 0.0;
  const auto refused = improve(judged.task(), options);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("a gain above 0"), std::string::npos);
}

TEST(Improve, EndsWhenItIsStopped) {
  Judged judged;
  std::stop_source stop;
  stop.request_stop();
  const auto stopped = improve(judged.task(), {}, stop.get_token());
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, ErrorCode::kCancelled);
}

TEST(Improve, GoesAPartOfTheWayByLogarithms) {
  voice::VoiceSettings settings;
  settings.pitch_ratio = 4.0;
  settings.intonation = 2.0;
  settings.whisper = 1.0;
  EXPECT_NEAR(part_of(settings, 0.5).pitch_ratio, 2.0, 1e-12);
  EXPECT_NEAR(part_of(settings, 0.5).intonation, 1.5, 1e-12);
  EXPECT_NEAR(part_of(settings, 0.5).whisper, 0.5, 1e-12);
  EXPECT_EQ(part_of(settings, 1.0), settings);
  EXPECT_EQ(part_of(settings, 0.0), voice::VoiceSettings{});
}

}  // namespace
}  // namespace syrinx::conversion
