// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/cli/media_agent.h"

#include <cstdio>
#include <filesystem>
#include <map>
#include <vector>

#include "syrinx/apps/cli/optional_json.h"
#include "syrinx/apps/cli/page_file.h"
#include "syrinx/core/io/audio_file.h"
#include "syrinx/engines/call/conference/simulate_agent.h"

namespace syrinx::cli {
namespace {

using nlohmann::json;

json barge_in_json(const call::BargeIn& barge_in) {
  return {{"at_s", barge_in.at_s},
          {"speech_since_s", barge_in.since_s},
          {"trigger_ms", 1e3 * (barge_in.at_s - barge_in.since_s)},
          {"stop_ms", value_or_null(barge_in.stopped_ms)},
          {"utterance", barge_in.utterance},
          {"said_s", barge_in.said_s}};
}

json session_json(const call::SessionStatistics& s) {
  return {{"packets_sent", s.packets_sent},
          {"packets_received", s.packets_received},
          {"loss_percent", value_or_null(s.loss_percent)},
          {"round_trip_ms", value_or_null(s.round_trip_ms)},
          {"buffer_ms", {{"mean", s.buffer.mean_delay_ms}, {"max", s.buffer.max_delay_ms}}},
          {"mos_listening", value_or_null(s.quality.listening_mos)}};
}

json report_of(const call::AgentCallResult& result) {
  json barge_ins = json::array();
  for (const call::BargeIn& barge_in : result.barge_ins)
    barge_ins.push_back(barge_in_json(barge_in));
  const auto& echo = result.port.echo;
  return {{"agent",
           {{"name", result.agent},
            {"speech_s", result.speech_s},
            {"said_s", result.said_s},
            {"barge_ins", barge_ins},
            {"speech_begins", result.port.speech_begins},
            {"echo",
             {{"delay_ms", echo.delay_found ? json(echo.delay_ms) : json()},
              {"erle_db", echo.erle_db}}},
            {"session", session_json(result.agent_session)}}},
          {"caller", {{"name", result.caller}, {"session", session_json(result.caller_session)}}}};
}

std::string timeline_of(const call::AgentCallResult& result) {
  std::string lines;
  const double rate = result.heard_by_agent.sample_rate_hz();
  for (const call::PortEvent& event : result.events) {
    const json line = {{"time_s", static_cast<double>(event.at_sample) / rate},
                       {"event", name_of(event.kind)},
                       {"since_s", static_cast<double>(event.since_sample) / rate},
                       {"utterance", event.utterance},
                       {"said_s", static_cast<double>(event.said_samples) / rate}};
    lines += line.dump() + "\n";
  }
  return lines;
}

void print(const call::AgentCallResult& result) {
  for (const call::BargeIn& barge_in : result.barge_ins)
    std::printf("%7.2f s  %s interrupts %s, who had said %.2f s, and is silent after %.0f ms\n",
                barge_in.at_s, result.caller.c_str(), result.agent.c_str(), barge_in.said_s,
                barge_in.stopped_ms.value_or(0.0));
  std::printf("%s said %.2f s of %.2f s\n", result.agent.c_str(), result.said_s, result.speech_s);
}

}  // namespace

Result<void> simulate_agent(const call::Scenario& scenario, const std::string& scenario_path,
                            const std::string& folder, const Context& context) {
  std::map<std::string, std::vector<packet::CapturedDatagram>> captures;
  call::AgentObservers observers;
  observers.capture = [&](const std::string& party, const packet::CapturedDatagram& datagram) {
    captures[party].push_back(datagram);
  };
  SYRINX_ASSIGN(const auto result, call::simulate_agent(scenario, observers, context.stop));
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error)
    return make_error(ErrorCode::kIo, "cannot make the folder '", folder, "': ", error.message());
  const auto path_of = [&](const std::string& name) {
    return (std::filesystem::path(folder) / name).string();
  };
  SYRINX_TRY(io::write_audio(path_of(result.caller + ".wav"), result.heard_by_caller));
  SYRINX_TRY(io::write_audio(path_of(result.agent + ".wav"), result.heard_by_agent));
  for (const auto& [party, datagrams] : captures) {
    SYRINX_ASSIGN(const auto dump, packet::rtpdump_bytes(datagrams));
    SYRINX_TRY(write_whole(path_of(party + ".rtpdump"), std::string(dump.begin(), dump.end()),
                           "the capture"));
  }
  json report = report_of(result);
  report["scenario"] = scenario_path;
  report["seed"] = scenario.seed;
  SYRINX_TRY(write_whole(path_of("timeline.ndjson"), timeline_of(result), "the timeline"));
  SYRINX_TRY(write_whole(path_of("report.json"), report.dump(2) + "\n", "the report"));
  if (context.json) {
    print_json(report);
  } else {
    print(result);
  }
  return {};
}

}  // namespace syrinx::cli
