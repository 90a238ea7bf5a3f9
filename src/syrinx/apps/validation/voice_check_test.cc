// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/validation/voice_check.h"

#include <gtest/gtest.h>

#include "support/need_recogniser.h"

namespace syrinx::validation {
namespace {

CheckedSentence sentence(measure::WordErrors errors, double speech_s, double artifact_s) {
  return {"", "", errors, speech_s, speech_s, artifact_s, 1, {}};
}

TEST(VoiceCheck, SumsOverItsSentences) {
  VoiceCheck check{"slt", {sentence({1, 0, 0, 4}, 2.0, 0.5), sentence({0, 1, 1, 6}, 3.0, 0.0)}};
  EXPECT_DOUBLE_EQ(check.words().rate(), 0.3);
  EXPECT_DOUBLE_EQ(check.artifact_share(), 0.1);
  EXPECT_DOUBLE_EQ(check.words_per_minute(), 120.0);
  EXPECT_EQ(check.artifacts(), 2u);
  EXPECT_EQ(check.dnsmos(), std::nullopt);
  check.sentences[1].dnsmos = measure::DnsmosScores{3.0, 4.0, 2.5, {}, 1};
  EXPECT_DOUBLE_EQ(check.dnsmos()->overall, 2.5);  // Of the one that was measured.
}

TEST(VoiceCheck, OfNoSoundHasNoPaceAndNoArtifacts) {
  const VoiceCheck silent{"slt", {sentence({0, 3, 0, 3}, 0.0, 0.0)}};
  EXPECT_EQ(silent.words_per_minute(), 0.0);
  EXPECT_EQ(silent.artifact_share(), 0.0);
  EXPECT_DOUBLE_EQ(silent.words().rate(), 1.0);
}

TEST(VoiceChecker, GivesTheSameFiguresTwice) {
  SYRINX_NEED_RECOGNISER();
  auto checker = VoiceChecker::create({});
  ASSERT_TRUE(checker);
  const auto texts = parse_texts("The train was late because of heavy snow.", "one");
  std::size_t told = 0;
  const auto once = checker->check("rms", *texts, {}, [&](std::size_t done) { told = done; });
  const auto twice = checker->check("rms", *texts, {}, [](std::size_t) {});
  ASSERT_TRUE(once && twice);
  EXPECT_EQ(told, 1u);
  EXPECT_EQ(once->sentences[0].heard, twice->sentences[0].heard);
  EXPECT_EQ(once->duration_s(), twice->duration_s());
  EXPECT_EQ(once->sentences[0].errors.words, 8u);
  EXPECT_GT(once->words_per_minute(), 80.0);
  EXPECT_LT(once->words_per_minute(), 300.0);
}

TEST(VoiceChecker, KeepsTheSentencesApartAndFindsNoNoiseWhereVoicesPause) {
  SYRINX_NEED_RECOGNISER();
  auto checker = VoiceChecker::create({});
  ASSERT_TRUE(checker);
  const auto texts = parse_texts(
      "The train was late. We walked along the river.\nThe old clock strikes twice.\n", "two");
  const auto check = checker->check("rms", *texts, {}, [](std::size_t) {});
  ASSERT_TRUE(check) << check.error().message;
  ASSERT_EQ(check->sentences.size(), 2u);
  EXPECT_EQ(check->sentences[0].errors.words, 9u);
  EXPECT_NE(check->sentences[0].heard.find("river"), std::string::npos)
      << check->sentences[0].heard;
  EXPECT_EQ(check->sentences[1].heard.find("river"), std::string::npos)
      << check->sentences[1].heard;
  EXPECT_GT(check->sentences[0].duration_s, check->sentences[1].duration_s);
  EXPECT_LT(check->artifact_share(), 0.1);
}

TEST(VoiceChecker, StopsAndRefusesVoicesThatAreNotThere) {
  SYRINX_NEED_RECOGNISER();
  auto checker = VoiceChecker::create({});
  ASSERT_TRUE(checker);
  std::stop_source stop;
  stop.request_stop();
  const auto texts = built_in_texts();
  EXPECT_EQ(checker->check("slt", texts, stop.get_token(), [](std::size_t) {}).error().code,
            ErrorCode::kCancelled);
  EXPECT_EQ(checker->check("nobody", texts, {}, [](std::size_t) {}).error().code,
            ErrorCode::kNotFound);
}

}  // namespace
}  // namespace syrinx::validation
