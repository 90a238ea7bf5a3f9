// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "syrinx/core/flow/audio.h"
#include "syrinx/engines/call/adapted_moment.h"
#include "syrinx/engines/call/conference/simulated_agent.h"
#include "syrinx/engines/call/scenario.h"
#include "syrinx/engines/call/session/session_values.h"
#include "syrinx/stages/packet/capture.h"

namespace syrinx::call {

struct AgentCallResult {
  std::string agent;
  std::string caller;
  AgentResult program;
  AudioBuffer heard_by_caller;  // At their ear, by their own clock.
  SessionStatistics agent_session;
  SessionStatistics caller_session;
  std::vector<AdaptedMoment> adaptations;  // Of both senders, in order of time.
};

struct AgentObservers {
  // What reaches a party.
  std::function<void(const std::string& party, const packet::CapturedDatagram&)> capture;
};

// Whether a party of the scenario is an agent ("listens": true).
bool has_agent(const Scenario& scenario) noexcept;

// Carries a call between a caller and an agent through on a virtual clock: the caller's session on
// their own clock, with their phone's echo, both networks, and the agent's session with a
// SpeechPort that says the agent's sound and stops when it is interrupted. The agent ticks every 20
// ms, at 16 kHz, or at 8 kHz if both codecs are. The same scenario gives the same bits.
// Errors: those of reading sounds and of making sessions, with the party's name; kInvalidArgument
// for a scenario without an agent; kCancelled through `stop`.
Result<AgentCallResult> simulate_agent(const Scenario& scenario,
                                       const AgentObservers& observers = {},
                                       std::stop_token stop = {});

}  // namespace syrinx::call
