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

constexpr std::string_view kRoom = R"({
  "conference": {"sample_rate_hz": 8000, "talkers": 2, "levelling": true},
  "parties": [
    {"name": "alice", "sound": "a.wav", "starts_at_s": 1.5, "whispers_to": ["bob"]},
    {"name": "bob", "sound": "b.wav", "gain_db": -6, "muted": true},
    {"name": "carol", "sound": "c.wav", "codec": "opus"}],
  "network": {"to_carol": {"delay_ms": 90}, "from_carol": {"delay_ms": 70}}})";

TEST(Scenario, ARoomHasAnyNumberOfParties) {
  const auto scenario = parse_scenario(kRoom);
  ASSERT_TRUE(scenario) << scenario.error().message;
  ASSERT_TRUE(scenario->conference);
  EXPECT_EQ(scenario->conference->sample_rate_hz, 8'000);
  EXPECT_EQ(scenario->conference->talkers, 2u);
  EXPECT_TRUE(scenario->conference->levelling);
  ASSERT_EQ(scenario->parties.size(), 3u);
  EXPECT_EQ(scenario->parties[0].starts_at_s, 1.5);
  EXPECT_EQ(scenario->parties[0].whispers_to, std::vector<std::string>{"bob"});
  EXPECT_EQ(scenario->parties[1].gain_db, -6.0);
  EXPECT_TRUE(scenario->parties[1].muted);
  EXPECT_EQ(scenario->parties[2].from_room.delay.base_ms, 90);
  EXPECT_EQ(scenario->parties[2].to_room.delay.base_ms, 70);
}

TEST(Scenario, MistakesOfARoomAreNamedByPlace) {
  std::string wrong(kRoom);
  wrong.replace(wrong.find("[\"bob\"]"), 7, "[\"bub\"]");
  EXPECT_NE(message_of(wrong).find("parties[0].whispers_to[0] is no other party's name"),
            std::string::npos)
      << message_of(wrong);
  wrong = kRoom;
  wrong.replace(wrong.find("to_carol"), 8, "to_carla");
  EXPECT_NE(message_of(wrong).find("network.to_carla is not known here"), std::string::npos);
  wrong = kRoom;
  wrong.replace(wrong.find("\"conference\""), 12, "\"conferring\"");
  EXPECT_NE(message_of(wrong).find("more meet in a \"conference\""), std::string::npos)
      << message_of(wrong);
  wrong = kRoom;
  wrong.replace(wrong.find("\"talkers\": 2"), 12, "\"talkers\": 0");
  EXPECT_NE(message_of(wrong).find("conference.talkers is not a number"), std::string::npos);
}

TEST(Scenario, OneOfTwoMayBeAnAgentAndTheOthersPhoneMayEcho) {
  const std::string agent = R"({"parties": [
    {"name": "a", "sound": "a.wav", "listens": true},
    {"name": "b", "sound": "b.wav", "starts_at_s": 3, "echo": {"delay_ms": 300, "loss_db": 6}}]})";
  const auto scenario = parse_scenario(agent);
  ASSERT_TRUE(scenario) << scenario.error().message;
  EXPECT_TRUE(scenario->parties[0].listens);
  EXPECT_FALSE(scenario->parties[0].echo);
  EXPECT_EQ(scenario->parties[1].starts_at_s, 3.0);
  EXPECT_EQ(scenario->parties[1].echo->delay_ms, 300.0);
  EXPECT_EQ(scenario->parties[1].echo->loss_db, 6.0);
  std::string wrong = agent;
  wrong.replace(wrong.find("true"), 4, "false");
  EXPECT_NE(message_of(wrong).find("parties[1].starts_at_s needs a party that listens"),
            std::string::npos)
      << message_of(wrong);
  wrong = agent;
  wrong.replace(wrong.find("\"loss_db\": 6"), 12, "\"loss_db\": -6");
  EXPECT_NE(message_of(wrong).find("parties[1].echo.loss_db is not a number"), std::string::npos)
      << message_of(wrong);
}

TEST(Scenario, APartyMaySayATextInsteadOfASound) {
  const std::string text = R"({"parties": [
    {"name": "a", "says": "Good morning.", "voice": "rms"},
    {"name": "b", "sound": "b.wav"}]})";
  const auto scenario = parse_scenario(text);
  ASSERT_TRUE(scenario) << scenario.error().message;
  EXPECT_EQ(scenario->parties[0].says, "Good morning.");
  EXPECT_EQ(scenario->parties[0].voice, "rms");
  EXPECT_TRUE(scenario->parties[1].says.empty());
  std::string wrong = text;
  wrong.replace(wrong.find("\"voice\": \"rms\""), 14, "\"sound\": \"a.wav\"");
  EXPECT_NE(message_of(wrong).find("parties[0].says stands beside a \"sound\""), std::string::npos)
      << message_of(wrong);
  wrong = text;
  wrong.replace(wrong.find("\"says\": \"Good morning.\""), 23, "\"sound\": \"a.wav\"");
  EXPECT_NE(message_of(wrong).find("parties[0].voice needs \"says\""), std::string::npos)
      << message_of(wrong);
  wrong = text;
  wrong.replace(wrong.find("Good morning."), 13, std::string(70'000, 'a'));
  EXPECT_EQ(parse_scenario(wrong).error().code, ErrorCode::kLimitExceeded);
}

TEST(Scenario, TwoPartiesMayAdaptAndFallBackToAnotherCodec) {
  const std::string text = R"({"parties": [
    {"name": "a", "sound": "a.wav",
     "adaptation": {"strategy": "save-network", "max_packet_ms": 40, "codec": "opus"}},
    {"name": "b", "sound": "b.wav"}]})";
  const auto scenario = parse_scenario(text);
  ASSERT_TRUE(scenario) << scenario.error().message;
  EXPECT_EQ(scenario->parties[0].adaptation.strategy, AdaptationStrategy::kSaveNetwork);
  EXPECT_EQ(scenario->parties[0].adaptation.max_packet_ms, 40);
  EXPECT_EQ(scenario->parties[0].fallback_codec, "opus");
  std::string wrong = text;
  wrong.replace(wrong.find("opus"), 4, "pcmu");
  EXPECT_NE(message_of(wrong).find("adaptation.codec is the codec that is sent already"),
            std::string::npos)
      << message_of(wrong);
  wrong = text;
  wrong.replace(wrong.find("opus"), 4, "onyx");
  EXPECT_NE(message_of(wrong).find("parties[0].adaptation.codec cannot be"), std::string::npos);
}

TEST(Scenario, ProgramsMayJoinARoomWithoutANetwork) {
  const std::string text = R"({"conference": {}, "parties": [
    {"name": "agent", "sound": "a.wav", "listens": true},
    {"name": "b", "sound": "b.wav", "echo": {"delay_ms": 50, "loss_db": 10}},
    {"name": "c", "sound": "c.wav"}],
    "network": {"to_b": {"delay_ms": 40}}})";
  const auto scenario = parse_scenario(text);
  ASSERT_TRUE(scenario) << scenario.error().message;
  EXPECT_TRUE(scenario->parties[0].listens);
  EXPECT_TRUE(scenario->parties[1].echo);
  std::string wrong = text;
  wrong.replace(wrong.find("to_b"), 4, "to_agent");
  EXPECT_NE(message_of(wrong).find("network.to_agent is not known here"), std::string::npos)
      << message_of(wrong);
}

TEST(Scenario, WhatIsMissingOrBrokenIsRefused) {
  EXPECT_NE(message_of("{}").find("parties is not a list of two"), std::string::npos);
  EXPECT_NE(message_of("[1]").find("is not an object"), std::string::npos);
  EXPECT_FALSE(message_of("{\"parties\": [{}, {}]}").empty());
  EXPECT_FALSE(message_of("{\"parties\": ").empty());
  EXPECT_NE(message_of(R"({"parties": [{"name": "a", "sound": "x"}, {"name": "a", "sound": "x"}]})")
                .find("another's too"),
            std::string::npos);
  EXPECT_NE(message_of(R"({"parties": [{"name": "../a", "sound": "x"}, {"name": "b"}]})")
                .find("names files"),
            std::string::npos);
  EXPECT_EQ(parse_scenario(std::string(2u << 20, ' ')).error().code, ErrorCode::kLimitExceeded);
  EXPECT_EQ(read_scenario("/nowhere.json").error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace syrinx::call
