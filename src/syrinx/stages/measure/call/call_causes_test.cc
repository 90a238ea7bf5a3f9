// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/call/call_causes.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

namespace syrinx::measure {
namespace {

// A call in which all is well and known.
CallFacts good_call() {
  CallFacts facts;
  facts.listener = "bob";
  facts.speaker = "alice";
  facts.codec_name = "PCMU";
  facts.duration_s = 30.0;
  facts.codec = CodecFacts{0.0, false, 25.1, true};
  facts.lost_percent = facts.late_percent = 0.0;
  facts.mouth_to_ear_ms = 80.0;
  facts.clock_skew_ppm = 10.0;
  facts.stretched_percent = 0.1;
  facts.echo = CallEcho{};
  facts.speech_dbov = kNominalSpeechDbov;
  facts.coded_mos = facts.heard_mos = 4.4;
  return facts;
}

const CauseShare& share_of(const CallVerdict& verdict, CallCause cause) {
  for (const CauseShare& share : verdict.causes) {
    if (share.cause == cause) return share;
  }
  return verdict.causes.front();
}

TEST(CallCauses, AGoodCallLosesAlmostNothing) {
  const CallVerdict verdict = attribute(good_call()).value();
  EXPECT_EQ(verdict.causes.size(), 8u);
  EXPECT_LT(verdict.mos_lost(), 0.15);
  EXPECT_GT(verdict.mos, 4.2);
}

TEST(CallCauses, WhatIsPlantedIsNamedFirstAndTheAmountsAddUp) {
  struct Row {
    CallCause cause;
    std::function<void(CallFacts&)> plant;
  };
  const std::vector<Row> rows = {
      {CallCause::kCodec, [](CallFacts& f) { f.codec->equipment_impairment = 30.0; }},
      {CallCause::kLoss, [](CallFacts& f) { f.lost_percent = 4.0; }},
      {CallCause::kLate, [](CallFacts& f) { f.late_percent = 4.0; }},
      {CallCause::kDelay, [](CallFacts& f) { f.mouth_to_ear_ms = 450.0; }},
      {CallCause::kEcho,
       [](CallFacts& f) {
         f.echo = CallEcho{true, 20.0, 300.0};
       }},
      {CallCause::kLevel, [](CallFacts& f) { f.speech_dbov = -52.0; }},
      {CallCause::kLevel, [](CallFacts& f) { f.speech_dbov = -8.0; }},
      {CallCause::kDrift,
       [](CallFacts& f) {
         f.clock_skew_ppm = -25'000.0;
         f.heard_mos = 3.3;
       }},
      {CallCause::kOther, [](CallFacts& f) { f.heard_mos = 3.3; }}};
  for (const Row& row : rows) {
    CallFacts facts = good_call();
    row.plant(facts);
    const CallVerdict verdict = attribute(facts).value();
    EXPECT_EQ(to_string(verdict.causes.front().cause), to_string(row.cause));
    EXPECT_GT(verdict.causes.front().mos_lost.value_or(0.0), 0.3) << to_string(row.cause);
    double sum = 0.0;
    for (const CauseShare& share : verdict.causes) {
      sum += share.mos_lost.value_or(0.0);
      EXPECT_FALSE(share.evidence.empty()) << to_string(share.cause);
    }
    EXPECT_NEAR(sum, verdict.mos_lost(), 1e-9) << to_string(row.cause);
  }
}

TEST(CallCauses, LossAndLatePacketsShareWhatTheyTakeByTheirNumber) {
  CallFacts facts = good_call();
  facts.lost_percent = 3.0;
  facts.late_percent = 1.0;
  const CallVerdict verdict = attribute(facts).value();
  EXPECT_NEAR(*share_of(verdict, CallCause::kLoss).rating_lost,
              3.0 * *share_of(verdict, CallCause::kLate).rating_lost, 1e-6);
}

TEST(CallCauses, WhatIsNotKnownIsUnknownAndStandsLast) {
  CallFacts facts;
  facts.codec_name = "opus";
  const CallVerdict verdict = attribute(facts).value();
  for (const CauseShare& share : verdict.causes) {
    EXPECT_FALSE(share.mos_lost.has_value()) << to_string(share.cause);
    EXPECT_FALSE(share.evidence.empty()) << to_string(share.cause);
  }
  facts.lost_percent = 2.0;
  facts.clock_skew_ppm = 5'000.0;  // Known, but not what it took.
  const CallVerdict some = attribute(facts).value();
  EXPECT_EQ(some.causes.front().cause, CallCause::kLoss);
  EXPECT_FALSE(share_of(some, CallCause::kDrift).mos_lost.has_value());
  EXPECT_NE(share_of(some, CallCause::kDrift).evidence.find("unknown"), std::string::npos);
}

TEST(CallCauses, ClocksThatAgreeAreNeverChargedWithWhatPesqHears) {
  CallFacts facts = good_call();
  facts.clock_skew_ppm = 50.0;
  facts.heard_mos = 3.0;
  const CallVerdict verdict = attribute(facts).value();
  EXPECT_EQ(*share_of(verdict, CallCause::kDrift).rating_lost, 0.0);
  EXPECT_EQ(verdict.causes.front().cause, CallCause::kOther);
}

TEST(CallCauses, TheScoreOfG711IsThatOfTheEModel) {
  CallFacts facts = good_call();
  facts.mouth_to_ear_ms = 100.0;
  facts.lost_percent = 2.0;
  facts.heard_mos.reset();
  EXPECT_NEAR(attribute(facts)->mos, 4.16, 0.05);  // G.107 with G.113's Ie 0, Bpl 25.1.
}

}  // namespace
}  // namespace syrinx::measure
