// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "syrinx/core/flow/audio.h"
#include "syrinx/engines/call/port/port_values.h"
#include "syrinx/engines/call/scenario.h"
#include "syrinx/engines/call/session/session_values.h"
#include "syrinx/stages/packet/capture.h"

namespace syrinx::call {

// One interruption, by the clock of the agent's leg.
struct BargeIn {
  double at_s = 0.0;     // When it was found,
  double since_s = 0.0;  // and about when the speech began that it was found in.
  UtteranceId utterance = 0;
  std::optional<double> stopped_ms;  // After which the agent was silent; nothing if it went on.
  double said_s = 0.0;               // How much of the utterance was said in all.
};

struct AgentCallResult {
  std::string agent;
  std::string caller;
  AudioBuffer heard_by_caller;  // At their ear, by their own clock.
  AudioBuffer heard_by_agent;   // Without its echo.
  SessionStatistics agent_session;
  SessionStatistics caller_session;
  SpeechPortStatistics port;
  std::vector<PortEvent> events;
  std::vector<BargeIn> barge_ins;
  double speech_s = 0.0;  // Of all that the agent had to say.
  double said_s = 0.0;    // Of it, what was said.
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
