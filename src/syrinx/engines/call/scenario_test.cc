// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/call/scenario.h"

#include <gtest/gtest.h>

namespace syrinx::call {
namespace {

std::string message_of(std::string_view json) {
  const auto scenario = parse_scenario(json);
  return scenario ? "" : scenario.error().message;
}

constexpr std::string_view kWhole = R"({
  "seed": 7, "duration_s": 20,
  "parties": [
    {"name": "alice", "sound": "a.wav", "codec": "opus", "packet_ms": 40, "clock_ppm": 50,
     "fec": true, "jitter_buffer": {"strategy": "low-latency", "max_ms": 200}},
    {"name": "bob", "sound": "b.wav"}],
  "network": {
    "to_bob": {"delay_ms": 40, "jitter": {"kind": "uniform", "ms": 30},
               "loss": {"kind": "bursts", "percent": 5, "mean_packets": 3},
               "steps": [{"at_s": 5, "delay_ms": 200}]},
    "to_alice": {"loss": {"kind": "uniform", "percent": 2}}}})";

TEST(Scenario, EveryFieldIsReadFromItsPlace) {
  const auto scenario = parse_scenario(kWhole, "folder");
  ASSERT_TRUE(scenario) << scenario.error().message;
  EXPECT_EQ(scenario->seed, 7u);
  EXPECT_EQ(scenario->parties[0].sound, "folder/a.wav");
  EXPECT_EQ(scenario->parties[0].packet_ms, 40);
  EXPECT_TRUE(scenario->parties[0].encoder.fec);
  EXPECT_EQ(scenario->parties[0].buffer.strategy, packet::DelayStrategy::kLowLatency);
  EXPECT_EQ(scenario->parties[1].codec, "pcmu");
  EXPECT_EQ(scenario->to_second.delay.base_ms, 40);
  EXPECT_EQ(scenario->to_second.delay.jitter, packet::JitterKind::kUniform);
  EXPECT_NEAR(scenario->to_second.loss.to_good, 1.0 / 3.0, 1e-12);
  EXPECT_EQ(scenario->to_second.steps.at(0).base_ms, 200);
  EXPECT_EQ(scenario->to_first.loss.percent, 2);
}

TEST(Scenario, AMistakeIsNamedWithLineAndColumn) {
  std::string wrong(kWhole);
  wrong.replace(wrong.find("\"packet_ms\": 40"), 15, "\"packet_ms\": -4");
  EXPECT_EQ(message_of(wrong),
            "line 4, column 71: parties[0].packet_ms is not a number from 10 to 120");
  wrong = kWhole;
  wrong.replace(wrong.find("\"bursts\""), 8, "\"hearts\"");
  EXPECT_NE(message_of(wrong).find("network.to_bob.loss.kind is not none"), std::string::npos);
  wrong = kWhole;
  wrong.replace(wrong.find("to_alice"), 8, "to_carol");
  EXPECT_NE(message_of(wrong).find("line 11, column 17: network.to_carol"), std::string::npos)
      << message_of(wrong);
  wrong = kWhole;
  wrong.replace(wrong.find("opus"), 4, "onyx");
  EXPECT_NE(message_of(wrong).find("parties[0].codec"), std::string::npos);
}

TEST(Scenario, WhatIsMissingOrBrokenIsRefused) {
  EXPECT_NE(message_of("{}").find("parties is not a list of two"), std::string::npos);
  EXPECT_NE(message_of("[1]").find("is not an object"), std::string::npos);
  EXPECT_FALSE(message_of("{\"parties\": [{}, {}]}").empty());
  EXPECT_FALSE(message_of("{\"parties\": ").empty());
  EXPECT_NE(message_of(R"({"parties": [{"name": "a", "sound": "x"}, {"name": "a", "sound": "x"}]})")
                .find("the other's too"),
            std::string::npos);
  EXPECT_NE(message_of(R"({"parties": [{"name": "../a", "sound": "x"}, {"name": "b"}]})")
                .find("names files"),
            std::string::npos);
  EXPECT_EQ(parse_scenario(std::string(2u << 20, ' ')).error().code, ErrorCode::kLimitExceeded);
  EXPECT_EQ(read_scenario("/nowhere.json").error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace syrinx::call
