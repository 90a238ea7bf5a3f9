// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/call/conference/simulate_agent.h"

#include <gtest/gtest.h>

#include <cmath>

#include "support/test_data.h"
#include "syrinx/engines/call/simulate_call.h"

namespace syrinx::call {
namespace {

// An agent who has eleven seconds to say, and a caller who interrupts, through networks.
Scenario scenario_of(const std::string& agent_codec, const std::string& caller_codec) {
  Scenario scenario;
  scenario.seed = 3;
  scenario.duration_s = 12.0;
  Party agent;
  agent.name = "agent";
  agent.sound = support::data_path("speech/jfk.flac");
  agent.codec = agent_codec;
  agent.listens = true;
  Party caller;
  caller.name = "caller";
  caller.sound = support::data_path("speech/kerstin/de_rhasspy-0004.flac");
  caller.codec = caller_codec;
  caller.starts_at_s = 6.0;
  caller.echo = PhoneEcho{30.0, 10.0};
  scenario.parties = {agent, caller};
  scenario.to_first.delay.base_ms = 40.0;
  scenario.to_second.delay.base_ms = 40.0;
  return scenario;
}

double level_db(std::span<const float> x) {
  double sum = 1e-12;
  for (const float v : x) sum += static_cast<double>(v) * v;
  return 10.0 * std::log10(sum / static_cast<double>(x.size()));
}

TEST(SimulateAgent, AnInterruptionThroughNetworksSilencesTheAgent) {
  SYRINX_NEED_DATA("speech/jfk.flac");
  SYRINX_NEED_DATA("speech/kerstin");
  for (const auto& [agent, caller] : {std::pair("pcmu", "pcmu"), std::pair("opus", "g722")}) {
    const auto result = simulate_agent(scenario_of(agent, caller));
    ASSERT_TRUE(result) << result.error().message;
    ASSERT_EQ(result->program.barge_ins.size(), 1u) << agent;
    const BargeIn& barge_in = result->program.barge_ins[0];
    // The caller's words take network, packet and jitter buffer to the agent.
    EXPECT_GT(barge_in.at_s, 6.1);
    EXPECT_LT(barge_in.at_s, 6.7);
    ASSERT_TRUE(barge_in.stopped_ms);
    EXPECT_LE(*barge_in.stopped_ms, 40.0);
    EXPECT_NEAR(barge_in.said_s, barge_in.at_s, 0.1);
    EXPECT_NEAR(result->program.said_s, barge_in.said_s, 1e-9);
    const auto& heard = result->heard_by_caller;
    const auto rate = static_cast<std::size_t>(heard.sample_rate_hz());
    EXPECT_GT(level_db(heard.channel(0).subspan(4 * rate, 2 * rate)), -40.0);
    EXPECT_LT(level_db(heard.channel(0).subspan(8 * rate, 3 * rate)), -65.0);
  }
}

TEST(SimulateAgent, AnEchoAloneInterruptsNobodyAndTheSameScenarioGivesTheSameBits) {
  SYRINX_NEED_DATA("speech/jfk.flac");
  SYRINX_NEED_DATA("speech/kerstin");
  Scenario scenario = scenario_of("pcmu", "pcmu");
  scenario.parties[1].starts_at_s = 13.0;  // Never.
  const auto result = simulate_agent(scenario);
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->program.barge_ins.size(), 0u);
  EXPECT_EQ(result->program.events.back().kind, PortEvent::Kind::kFinished);
  EXPECT_NEAR(result->program.said_s, result->program.speech_s, 1e-9);
  const auto again = simulate_agent(scenario);
  ASSERT_TRUE(again);
  const auto one = result->program.heard.channel(0);
  const auto two = again->program.heard.channel(0);
  EXPECT_TRUE(std::equal(one.begin(), one.end(), two.begin(), two.end()));
}

TEST(SimulateAgent, AScenarioWithoutAnAgentIsForTheOther) {
  Scenario scenario = scenario_of("pcmu", "pcmu");
  EXPECT_TRUE(has_agent(scenario));
  EXPECT_FALSE(simulate_call(scenario));
  scenario.parties[0].listens = false;
  EXPECT_FALSE(has_agent(scenario));
  EXPECT_EQ(simulate_agent(scenario).error().code, ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace syrinx::call
