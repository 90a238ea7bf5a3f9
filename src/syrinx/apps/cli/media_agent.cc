// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/cli/media_agent.h"

#include <filesystem>
#include <map>

#include "syrinx/apps/cli/media_parts.h"
#include "syrinx/apps/cli/optional_json.h"
#include "syrinx/apps/cli/output_folder.h"
#include "syrinx/apps/cli/page_file.h"
#include "syrinx/core/io/audio_file.h"
#include "syrinx/engines/call/conference/simulate_agent.h"

namespace syrinx::cli {
namespace {

using nlohmann::json;

json session_json(const call::SessionStatistics& s) {
  return {{"packets_sent", s.packets_sent},
          {"packets_received", s.packets_received},
          {"loss_percent", value_or_null(s.loss_percent)},
          {"round_trip_ms", value_or_null(s.round_trip_ms)},
          {"buffer_ms", {{"mean", s.buffer.mean_delay_ms}, {"max", s.buffer.max_delay_ms}}},
          {"mos_listening", value_or_null(s.quality.listening_mos)}};
}

json report_of(const call::AgentCallResult& result) {
  json agent = program_json(result.program);
  agent["name"] = result.agent;
  agent["session"] = session_json(result.agent_session);
  json adaptations = json::array();
  for (const call::AdaptedMoment& moment : result.adaptations)
    adaptations.push_back(adapted_json(moment));
  return {{"agent", agent},
          {"caller", {{"name", result.caller}, {"session", session_json(result.caller_session)}}},
          {"adaptations", adaptations}};
}

std::string timeline_of(const call::AgentCallResult& result) {
  std::multimap<double, json> moments;
  for (const call::PortEvent& event : result.program.events) {
    json line = port_event_json(event, result.program.heard.sample_rate_hz());
    moments.emplace(line["time_s"].get<double>(), std::move(line));
  }
  for (const call::AdaptedMoment& moment : result.adaptations) {
    json line = adapted_json(moment);
    moments.emplace(line["time_s"].get<double>(), std::move(line));
  }
  std::string lines;
  for (const auto& [time, line] : moments) lines += line.dump() + "\n";
  return lines;
}

}  // namespace

Result<void> simulate_agent(const call::Scenario& scenario, const std::string& scenario_path,
                            const std::string& folder, const Context& context) {
  Captures captures;
  call::AgentObservers observers;
  observers.capture = [&](const std::string& party, const packet::CapturedDatagram& datagram) {
    captures[party].push_back(datagram);
  };
  SYRINX_ASSIGN(const auto result, call::simulate_agent(scenario, observers, context.stop));
  SYRINX_TRY(make_folder(folder));
  const auto path_of = [&](const std::string& name) {
    return (std::filesystem::path(folder) / name).string();
  };
  SYRINX_TRY(io::write_audio(path_of(result.caller + ".wav"), result.heard_by_caller));
  SYRINX_TRY(io::write_audio(path_of(result.agent + ".wav"), result.program.heard));
  SYRINX_TRY(write_captures(folder, captures));
  json report = report_of(result);
  report["scenario"] = scenario_path;
  report["seed"] = scenario.seed;
  SYRINX_TRY(write_whole(path_of("timeline.ndjson"), timeline_of(result), "the timeline"));
  SYRINX_TRY(write_whole(path_of("report.json"), report.dump(2) + "\n", "the report"));
  if (context.json) {
    print_json(report);
  } else {
    print_interruptions(result.agent, result.caller, result.program);
    for (const call::AdaptedMoment& moment : result.adaptations) print_adapted(moment);
  }
  return {};
}

}  // namespace syrinx::cli
