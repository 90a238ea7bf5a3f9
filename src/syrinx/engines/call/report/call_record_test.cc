// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/call/report/call_record.h"

#include <gtest/gtest.h>

#include <fstream>

#include "support/test_data.h"
#include "syrinx/engines/call/report/call_timeline.h"
#include "syrinx/engines/call/report/explain_call.h"

namespace syrinx::call {
namespace {

constexpr const char* kReport = R"({"scenario": "none.json", "ears": [
  {"listener": "bob", "speaker": "alice", "codec": "PCMU",
   "network": {"packets_sent": 100, "packets_lost": 5, "mean_delay_ms": 40, "burst_ratio": 1},
   "buffer": {"packets": {"recovered": 0, "late": 2, "overflow": 1},
              "delay_ms": {"mean": 30}, "clock_skew_ppm": -3}},
  {"listener": "alice", "network": {"packets_sent": -4}}]})";

TEST(CallRecord, ReadsWhatIsThereAndLeavesTheRestUnknown) {
  const auto record = parse_call_record(parse_json(kReport).value()).value();
  ASSERT_EQ(record.ears.size(), 2u);
  EXPECT_EQ(record.scenario, "none.json");
  EXPECT_EQ(record.ears[0].packets_lost, 5.0);
  EXPECT_EQ(record.ears[0].clock_skew_ppm, -3.0);
  EXPECT_FALSE(record.ears[0].frames_out.has_value());
  EXPECT_FALSE(record.ears[1].packets_sent.has_value());
}

TEST(CallRecord, WhatIsNoReportIsRefused) {
  for (const char* text : {"{}", "[]", R"({"ears": []})", R"({"ears": 3})", R"({"ears": [{}]})"})
    EXPECT_EQ(parse_call_record(parse_json(text).value()).error().code, ErrorCode::kCorruptData)
        << text;
  std::string many = R"({"ears": [{"listener": "a"})";
  for (std::size_t i = 0; i < kMaxRecordEars; ++i) many += R"(, {"listener": "a"})";
  EXPECT_EQ(parse_call_record(parse_json(many + "]}").value()).error().code,
            ErrorCode::kLimitExceeded);
}

TEST(CallTimeline, IsSummedUpBySecond) {
  CallTimeline timeline;
  for (const char* line :
       {R"({"to": "bob", "event": "sent", "packet": 0, "time_s": 0.02})",
        R"({"to": "bob", "event": "arrived", "packet": 0, "time_s": 0.06})",
        R"({"to": "bob", "event": "sent", "packet": 1, "time_s": 0.04})",
        R"({"to": "bob", "event": "lost", "packet": 1, "time_s": 0.04})",
        R"({"to": "bob", "event": "block", "played": "nothing", "delay_ms": 0, "time_s": 0})",
        R"({"to": "bob", "event": "block", "played": "concealed", "delay_ms": 30, "time_s": 1.5})"})
    ASSERT_TRUE(timeline.add_line(line)) << line;
  const EarTimeline& bob = timeline.ears().at("bob");
  ASSERT_EQ(bob.seconds.size(), 2u);
  EXPECT_EQ(bob.seconds[0].sent, 2u);
  EXPECT_EQ(bob.seconds[0].lost, 1u);
  EXPECT_NEAR(bob.seconds[0].network_ms, 40.0, 1e-9);
  EXPECT_EQ(bob.seconds[0].blocks, 0u);
  EXPECT_EQ(bob.seconds[1].concealed, 1u);
  EXPECT_NEAR(bob.packet_ms(), 20.0, 1e-9);
}

TEST(CallTimeline, HostileLinesAreRefusedBeforeMemoryIsTaken) {
  CallTimeline timeline;
  EXPECT_FALSE(timeline.add_line("nonsense"));
  EXPECT_FALSE(timeline.add_line(R"({"to": "b", "event": "sent", "packet": -1, "time_s": 0})"));
  EXPECT_EQ(timeline.add_line(R"({"to": "b", "event": "sent", "packet": 1e12, "time_s": 0})")
                .error()
                .code,
            ErrorCode::kLimitExceeded);
  EXPECT_EQ(timeline.add_line(R"({"to": "b", "event": "sent", "packet": 1, "time_s": 1e300})")
                .error()
                .code,
            ErrorCode::kLimitExceeded);
  EXPECT_EQ(timeline.add_line(std::string(5'000, ' ')).error().code, ErrorCode::kLimitExceeded);
  for (std::size_t i = 0; i + 1 < kMaxTimelineEars; ++i)
    ASSERT_TRUE(timeline.add_line(R"({"to": ")" + std::to_string(i) +
                                  R"(", "event": "lost", "packet": 1, "time_s": 0})"));
  EXPECT_FALSE(timeline.add_line(R"({"to": "x", "event": "lost", "packet": 1, "time_s": 0})") &&
               timeline.add_line(R"({"to": "y", "event": "lost", "packet": 1, "time_s": 0})"));
}

TEST(CallTimeline, AFileNamesTheLineThatIsWrong) {
  const auto file = support::scratch_dir() / "timeline.ndjson";
  std::ofstream(file) << R"({"to": "b", "event": "lost", "packet": 1, "time_s": 0})"
                      << "\nwrong\n";
  const auto read = read_timeline(file);
  ASSERT_FALSE(read);
  EXPECT_NE(read.error().message.find("line 2"), std::string::npos);
  EXPECT_EQ(read_timeline("/nowhere.ndjson").error().code, ErrorCode::kNotFound);
}

// A report alone: what it counts is charged, the rest is unknown, and why is said.
TEST(ExplainCall, AReportWithoutItsFilesSaysWhatIsMissing) {
  const auto file = support::scratch_dir() / "report.json";
  std::ofstream(file) << kReport;
  const CallExplanation explained = explain_call(file).value();
  ASSERT_EQ(explained.ears.size(), 2u);
  const auto& causes = explained.ears[0].verdict.causes;
  EXPECT_EQ(causes.front().cause, measure::CallCause::kLoss);
  std::size_t unknown = 0;
  for (const auto& cause : causes) unknown += cause.mos_lost ? 0 : 1;
  EXPECT_GE(unknown, 4u);  // Delay (no packet's length), echo, level, other.
  EXPECT_GE(explained.notes.size(), 3u);
}

}  // namespace
}  // namespace syrinx::call
