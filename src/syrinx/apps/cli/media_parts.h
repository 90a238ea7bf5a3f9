// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "syrinx/apps/cli/command.h"
#include "syrinx/engines/call/adapted_moment.h"
#include "syrinx/engines/call/conference/simulated_agent.h"
#include "syrinx/stages/packet/capture.h"

// What calls of two, of a program and of a room have in common in `syrinx media simulate`.
namespace syrinx::cli {

// Speaks what parties of the scenario say as texts, for the simulation, and keeps it as
// NAME.said.wav in the folder, which is made. Errors: those of the voices, with the party's name,
// and of writing.
Result<void> speak_texts(call::Scenario& scenario, const std::string& folder,
                         const Context& context);

// What reached each party, as NAME.rtpdump of the folder.
using Captures = std::map<std::string, std::vector<packet::CapturedDatagram>>;
Result<void> write_captures(const std::string& folder, const Captures& captures);

// A line of a timeline, and one for a person.
nlohmann::json adapted_json(const call::AdaptedMoment& moment);
void print_adapted(const call::AdaptedMoment& moment);

// What a program said, heard of interruptions, and cancelled.
nlohmann::json program_json(const call::AgentResult& program);
nlohmann::json port_event_json(const call::PortEvent& event, double sample_rate_hz);
void print_interruptions(const std::string& name, const std::string& by,
                         const call::AgentResult& program);

}  // namespace syrinx::cli
