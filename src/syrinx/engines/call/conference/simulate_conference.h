// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "syrinx/core/flow/audio.h"
#include "syrinx/engines/call/adapted_moment.h"
#include "syrinx/engines/call/conference/conference_values.h"
#include "syrinx/engines/call/conference/simulated_agent.h"
#include "syrinx/engines/call/conference/simulated_network.h"
#include "syrinx/engines/call/scenario.h"
#include "syrinx/engines/call/session/session_values.h"
#include "syrinx/stages/packet/capture.h"

namespace syrinx::call {

// What became of one party.
struct PartyResult {
  std::string name;
  std::string codec;  // Of a program: none,
  int sample_rate_hz = 0;
  AudioBuffer heard;        // At their ear, by their own clock.
  SessionStatistics phone;  // Of their own session,
  SessionStatistics leg;    // and of the room's with them: of a program neither.
  // By whom the packets to them said that they are of, and for how long (RFC 6465).
  std::map<std::string, double> told_talkers_s;
  PathResult to_room;
  PathResult from_room;
  std::optional<AgentResult> agent;  // Of a program.
};

struct RoomMoment {
  std::chrono::nanoseconds time{0};
  ConferenceEvent::Kind kind = ConferenceEvent::Kind::kJoined;
  std::string party;  // Empty: nobody holds the floor.
};

struct ConferenceResult {
  std::vector<PartyResult> parties;
  std::vector<AdaptedMoment> adaptations;
  std::vector<RoomMoment> moments;
  ConferenceStatistics room;
};

struct ConferenceObservers {
  // Each tick of the room, which ends `now`: what a party said there (as it was decoded, before its
  // gain) and what it was given to hear, at the room's rate. May be empty, as may the other.
  std::function<void(std::chrono::nanoseconds now, std::size_t party, std::span<const float> said,
                     std::span<const float> given)>
      room;
  // What reaches a party.
  std::function<void(const std::string& party, const packet::CapturedDatagram&)> capture;
};

// Carries a scenario's conference through on a virtual clock: each party's session on their own
// clock, a network to the room and one back, the room's sessions and its mix. Who listens is a
// program in the room itself. Each party says their sound once. The same scenario gives the same
// bits. Errors: those of reading sounds and of making sessions, with the party's name;
// kInvalidArgument for a scenario without a conference; kCancelled through `stop`.
Result<ConferenceResult> simulate_conference(const Scenario& scenario,
                                             const ConferenceObservers& observers = {},
                                             std::stop_token stop = {});

}  // namespace syrinx::call
