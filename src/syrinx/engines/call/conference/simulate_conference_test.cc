// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/call/conference/simulate_conference.h"

#include "support/test_data.h"
#include "syrinx/core/io/audio_file.h"
#include "syrinx/engines/call/session/session_test_support.h"
#include "syrinx/engines/call/simulate_call.h"

namespace syrinx::call {
namespace {

using namespace testing_support;

// Three who speak one after another, for two seconds each.
class SimulateConference : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = support::scratch_dir();
    scenario_.seed = 5;
    scenario_.conference = RoomPlan{};
    const char* codecs[] = {"pcmu", "opus", "g722"};
    for (int i = 0; i < 3; ++i) {
      Party party;
      party.name = std::string(1, static_cast<char>('a' + i));
      party.sound = folder_ / (party.name + ".wav");
      party.codec = codecs[i];
      party.starts_at_s = 2.5 * i;
      AudioBuffer sound(1, 32'000, 16'000);
      Voice(150.0 + 80.0 * i, 16'000).fill(sound.channel(0));
      ASSERT_TRUE(io::write_audio(party.sound, sound));
      scenario_.parties.push_back(party);
    }
  }
  double share(const PartyResult& party, double from_s, double hz) const {
    const auto rate = static_cast<double>(party.sample_rate_hz);
    const auto all = party.heard.channel(0);
    return share_at(
        all.subspan(static_cast<std::size_t>(from_s * rate), static_cast<std::size_t>(rate)), hz,
        party.sample_rate_hz);
  }
  std::filesystem::path folder_;
  Scenario scenario_;
};

TEST_F(SimulateConference, EachIsHeardInTheirTurnByTheOthers) {
  const auto result = simulate_conference(scenario_);
  ASSERT_TRUE(result) << result.error().message;
  ASSERT_EQ(result->parties.size(), 3u);
  EXPECT_NEAR(result->parties[0].heard.duration_s(), 7.5, 0.05);
  EXPECT_GT(share(result->parties[2], 0.7, 150.0), 0.3);
  EXPECT_GT(share(result->parties[0], 3.2, 230.0), 0.3);
  EXPECT_GT(share(result->parties[1], 5.7, 310.0), 0.3);
  EXPECT_LT(share(result->parties[1], 3.2, 230.0), 0.05) << "nobody hears themselves";
  std::string floor;
  for (const RoomMoment& moment : result->moments)
    if (moment.kind == ConferenceEvent::Kind::kActiveSpeaker) floor += moment.party;
  EXPECT_EQ(floor, "abc");
  EXPECT_EQ(result->parties[0].phone.buffer.frames_concealed, 0u);
}

TEST_F(SimulateConference, ANetworkAndAClockArePartOfIt) {
  scenario_.parties[2].from_room.loss.kind = packet::LossKind::kUniform;
  scenario_.parties[2].from_room.loss.percent = 5;
  scenario_.parties[2].from_room.delay.base_ms = 90;
  scenario_.parties[2].to_room.delay.base_ms = 70;
  scenario_.parties[0].clock_ppm = 300;
  scenario_.duration_s = 60;
  const auto result = simulate_conference(scenario_);
  ASSERT_TRUE(result) << result.error().message;
  const PartyResult& c = result->parties[2];
  EXPECT_NEAR(static_cast<double>(c.from_room.packets_lost), 150.0, 40.0);
  // Of what was lost within the last round trip nobody knows yet.
  EXPECT_NEAR(static_cast<double>(c.phone.lost), static_cast<double>(c.from_room.packets_lost),
              2.0);
  ASSERT_TRUE(c.phone.round_trip_ms);
  EXPECT_NEAR(*c.phone.round_trip_ms, 160.0, 31.0);
  EXPECT_EQ(result->parties[0].leg.buffer.resets, 0u);
  EXPECT_NEAR(result->parties[0].heard.duration_s(), 60.5 * 1.0003, 0.02);
}

TEST_F(SimulateConference, TheSameScenarioGivesTheSameBits) {
  scenario_.parties[1].from_room.delay.jitter = packet::JitterKind::kUniform;
  scenario_.parties[1].from_room.delay.jitter_ms = 40;
  const auto one = simulate_conference(scenario_).value();
  const auto two = simulate_conference(scenario_).value();
  for (std::size_t i = 0; i < 3; ++i) {
    const auto a = one.parties[i].heard.channel(0);
    const auto b = two.parties[i].heard.channel(0);
    EXPECT_TRUE(std::equal(a.begin(), a.end(), b.begin(), b.end()));
  }
}

TEST_F(SimulateConference, WhatIsSaidInTheRoomIsSeenInStep) {
  std::vector<std::vector<float>> said(3);
  std::vector<std::vector<float>> given(3);
  ConferenceObservers observers;
  observers.room = [&](nanoseconds, std::size_t party, std::span<const float> a,
                       std::span<const float> b) {
    said[party].insert(said[party].end(), a.begin(), a.end());
    given[party].insert(given[party].end(), b.begin(), b.end());
  };
  const auto result = simulate_conference(scenario_, observers);
  ASSERT_TRUE(result);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(said[i].size(), 16'000u * 75 / 10);
  EXPECT_GT(share_at(std::span(said[1]).subspan(16'000 * 3, 16'000), 230.0, 16'000), 0.3);
  EXPECT_GT(share_at(std::span(given[0]).subspan(16'000 * 3, 16'000), 230.0, 16'000), 0.3);
}

TEST_F(SimulateConference, WhatCannotBeSaysWhoseItIs) {
  scenario_.parties[1].sound = folder_ / "none.wav";
  const auto result = simulate_conference(scenario_);
  ASSERT_FALSE(result);
  EXPECT_NE(result.error().message.find("party b"), std::string::npos);
  EXPECT_EQ(simulate_call(scenario_).error().code, ErrorCode::kInvalidArgument);
  scenario_.conference.reset();
  EXPECT_EQ(simulate_conference(scenario_).error().code, ErrorCode::kInvalidArgument);
  std::stop_source stop;
  stop.request_stop();
  scenario_.conference = RoomPlan{};
  scenario_.parties.pop_back();
  scenario_.parties.pop_back();
  EXPECT_EQ(simulate_conference(scenario_, {}, stop.get_token()).error().code,
            ErrorCode::kCancelled);
}

// Somebody who speaks without a pause, from `starts_at_s` on.
Party speaker(const std::string& name, const char* file, double starts_at_s) {
  Party party;
  party.name = name;
  party.sound = support::data_path(file);
  party.starts_at_s = starts_at_s;
  return party;
}

// A program in a room with two people, whose phones echo; one of them interrupts it or nobody does.
Scenario room_with_agent(double interrupted_at_s) {
  Scenario scenario;
  scenario.seed = 5;
  scenario.duration_s = 12.0;
  scenario.conference = RoomPlan{};
  Party agent = speaker("agent", "speech/jfk.flac", 0.0);
  agent.listens = true;
  Party caller = speaker("caller", "speech/kerstin/de_rhasspy-0004.flac", interrupted_at_s);
  caller.codec = "opus";
  caller.echo = PhoneEcho{40.0, 10.0};
  Party silent = speaker("silent", "speech/kerstin/de_rhasspy-0004.flac", 100.0);
  scenario.parties = {agent, caller, silent};
  for (Party& party : scenario.parties) {
    party.to_room.delay.base_ms = 40.0;
    party.from_room.delay.base_ms = 40.0;
  }
  return scenario;
}

TEST(SimulatedRoom, AProgramInItIsInterruptedBySpeechAndNotByItsEcho) {
  SYRINX_NEED_DATA("speech/jfk.flac");
  SYRINX_NEED_DATA("speech/kerstin");
  const auto undisturbed = simulate_conference(room_with_agent(100.0));
  ASSERT_TRUE(undisturbed) << undisturbed.error().message;
  ASSERT_TRUE(undisturbed->parties[0].agent);
  EXPECT_EQ(undisturbed->parties[0].agent->barge_ins.size(), 0u);
  EXPECT_NEAR(undisturbed->parties[0].agent->said_s, undisturbed->parties[0].agent->speech_s, 1e-9);
  const auto result = simulate_conference(room_with_agent(6.0)).value();
  const AgentResult& agent = *result.parties[0].agent;
  ASSERT_EQ(agent.barge_ins.size(), 1u);
  EXPECT_GT(agent.barge_ins[0].at_s, 6.1);
  EXPECT_LT(agent.barge_ins[0].at_s, 6.9);
  EXPECT_LE(*agent.barge_ins[0].stopped_ms, 40.0);
  // The one who says nothing hears the agent first, and the caller then.
  const auto& heard = result.parties[2].heard;
  const auto rate = static_cast<std::size_t>(heard.sample_rate_hz());
  double power = 0.0;
  for (const float x : heard.channel(0).subspan(2 * rate, 2 * rate))
    power += static_cast<double>(x) * x;
  EXPECT_GT(power / (2.0 * static_cast<double>(rate)), 1e-4);
}

}  // namespace
}  // namespace syrinx::call
