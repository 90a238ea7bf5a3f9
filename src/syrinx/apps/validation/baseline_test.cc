// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/validation/baseline.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

namespace syrinx::validation {
namespace {

Baseline example() {
  Baseline baseline{"0.1.0", "an ear", "built-in", "abc", 20, {0.03, 0.1, 0.02, 8.0}, {}};
  baseline.voices["slt"] = {0.10, 3.5, 0.05, 170.0};
  return baseline;
}

Comparison compared(const Figures& now) {
  Baseline later = example();
  later.voices["slt"] = now;
  const auto comparison = compare(example(), later, true);
  EXPECT_TRUE(comparison);
  return *comparison;
}

Result<Baseline> reread(const std::string& text) {
  SYRINX_ASSIGN(const JsonValue json, parse_json(text));
  return read_baseline(json, "b.json");
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  const auto at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return text.replace(at, what.size(), by);
}

TEST(Baseline, WhatStaysWithinTheTolerancesIsNoChange) {
  for (const double side : {-1.0, 1.0}) {
    const auto same =
        compared({0.10 + side * 0.03, 3.5 + side * 0.1, 0.05 + side * 0.02, 170.0 + side * 8.0});
    EXPECT_TRUE(same.worse.empty());
    EXPECT_TRUE(same.better.empty());
    EXPECT_FALSE(same.regressed());
  }
}

TEST(Baseline, EachFigureThatGetsWorseIsNamed) {
  const auto all = compared({0.14, 3.3, 0.08, 185.0});
  ASSERT_EQ(all.worse.size(), 4u);
  EXPECT_TRUE(all.regressed());
  EXPECT_EQ(sentence_of(all.worse[0]),
            "slt: word_error_rate was 0.1 and is 0.14, which is further than the tolerance of "
            "0.03");
  EXPECT_EQ(all.worse[1].figure, "dnsmos_overall");
  EXPECT_EQ(all.worse[2].figure, "artifact_share");
  EXPECT_EQ(all.worse[3].figure, "words_per_minute");
}

TEST(Baseline, WhatGetsBetterIsNoRegressionButAnotherPaceIs) {
  const auto better = compared({0.02, 4.0, 0.0, 170.0});
  EXPECT_EQ(better.better.size(), 3u);
  EXPECT_FALSE(better.regressed());
  EXPECT_TRUE(compared({0.10, 3.5, 0.05, 150.0}).regressed());
}

TEST(Baseline, AFigureThatIsNotMeasuredIsToldAndNotCompared) {
  const auto without = compared({0.10, std::nullopt, 0.05, 170.0});
  EXPECT_FALSE(without.regressed());
  ASSERT_EQ(without.not_compared.size(), 1u);
  EXPECT_NE(without.not_compared[0].find("dnsmos_overall"), std::string::npos);
}

TEST(Baseline, OtherTextsAndAnotherRecogniserAreRefused) {
  Baseline other = example();
  other.texts_sha256 = "def";
  EXPECT_EQ(compare(example(), other, true).error().code, ErrorCode::kInvalidArgument);
  other = example();
  other.recogniser = "another ear";
  EXPECT_EQ(compare(example(), other, true).error().code, ErrorCode::kInvalidArgument);
}

TEST(Baseline, AVoiceThatIsGoneIsARegressionWhereEveryVoiceWasWanted) {
  Baseline now = example();
  now.voices = {{"rms", Figures{}}};
  const auto every = compare(example(), now, true);
  ASSERT_TRUE(every);
  EXPECT_EQ(every->missing_voices, std::vector<std::string>{"slt"});
  EXPECT_TRUE(every->regressed());
  EXPECT_EQ(every->not_compared.size(), 1u);  // The new one.
  EXPECT_FALSE(compare(example(), now, false)->regressed());
}

TEST(Baseline, AnUpdateKeepsTolerancesAndTheOtherVoicesOfTheSameTexts) {
  Baseline now = example();
  now.tolerances = {};
  now.tolerances.word_error_rate = 0.5;
  now.voices = {{"rms", Figures{}}};
  const Baseline next = updated(example(), now);
  EXPECT_EQ(next.tolerances.word_error_rate, 0.03);
  EXPECT_EQ(next.voices.size(), 2u);
  now.texts_sha256 = "def";
  EXPECT_EQ(updated(example(), now).voices.size(), 1u);
}

TEST(Baseline, IsReadAsItWasWritten) {
  Baseline baseline = example();
  baseline.voices["a \"b\""] = {1.25, std::nullopt, 0.0, 99.123456};
  const auto again = reread(baseline_text(baseline));
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(baseline_text(*again), baseline_text(baseline));
  EXPECT_EQ(again->voices.at("a \"b\"").dnsmos_overall, std::nullopt);
  EXPECT_EQ(again->sentences, 20u);
}

TEST(Baseline, WhatIsMissingOrOutOfRangeIsNamed) {
  const std::string text = baseline_text(example());
  const auto negative =
      reread(replaced(text, "\"word_error_rate\": 0.1", "\"word_error_rate\": -1"));
  ASSERT_FALSE(negative);
  EXPECT_EQ(negative.error().code, ErrorCode::kCorruptData);
  EXPECT_NE(negative.error().message.find("b.json.voices.slt.word_error_rate"), std::string::npos)
      << negative.error().message;
  EXPECT_EQ(reread(replaced(text, "\"sha256\"", "\"sha\"")).error().code, ErrorCode::kCorruptData);
  EXPECT_EQ(reread(replaced(text, "_baseline\": 1", "_baseline\": 2")).error().code,
            ErrorCode::kUnsupported);
  EXPECT_EQ(reread("[]").error().code, ErrorCode::kCorruptData);
}

TEST(Baseline, NoBytesOfAFileBreakTheReader) {
  const std::string text = baseline_text(example());
  for (std::size_t at = 0; at + 1 < text.size(); ++at) {  // All but the newline at the end.
    EXPECT_FALSE(reread(text.substr(0, at)));
    for (const char byte : {'\0', '{', '"', '9', '-', '\xFF'}) {
      std::string broken = text;
      broken[at] = byte;
      const auto read = reread(broken);  // Read or refused; a sentence either way.
      EXPECT_TRUE(read || !read.error().message.empty());
    }
  }
}

TEST(Baseline, AFileThatIsNotThereSaysHowOneIsMade) {
  const auto loaded = load_baseline("/nowhere/b.json");
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().code, ErrorCode::kNotFound);
  EXPECT_NE(loaded.error().message.find("--update"), std::string::npos);
}

}  // namespace
}  // namespace syrinx::validation
