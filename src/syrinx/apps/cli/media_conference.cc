// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/cli/media_conference.h"

#include <cmath>
#include <cstdio>
#include <filesystem>
#include <map>

#include "syrinx/apps/cli/media_parts.h"
#include "syrinx/apps/cli/optional_json.h"
#include "syrinx/apps/cli/output_folder.h"
#include "syrinx/apps/cli/page_file.h"
#include "syrinx/core/io/audio_file.h"
#include "syrinx/engines/call/conference/conference_recorder.h"
#include "syrinx/engines/call/conference/simulate_conference.h"

namespace syrinx::cli {
namespace {

using nlohmann::json;

json path_json(const call::PathResult& path) {
  return {{"packets_sent", path.packets_sent},
          {"packets_lost", path.packets_lost},
          {"packets_duplicated", path.packets_duplicated}};
}

double seconds_of(std::chrono::nanoseconds time) {
  return static_cast<double>(time.count()) * 1e-9;
}

std::chrono::nanoseconds ns_of(double seconds) {
  return std::chrono::nanoseconds(std::llround(seconds * 1e9));
}

double concealed_percent(const packet::JitterBufferStatistics& buffer) {
  const std::uint64_t heard = buffer.frames_out - buffer.frames_before_first;
  return heard > 0
             ? 100.0 * static_cast<double>(buffer.frames_concealed) / static_cast<double>(heard)
             : 0.0;
}

json session_json(const call::SessionStatistics& s) {
  return {{"packets_sent", s.packets_sent},
          {"packet_ms", s.packet_ms},
          {"packets_received", s.packets_received},
          {"reports_sent", s.reports_sent},
          {"reports_received", s.reports_received},
          {"expected", s.expected},
          {"lost", s.lost},
          {"late", s.buffer.packets_late},
          {"loss_percent", value_or_null(s.loss_percent)},
          {"burst_ratio", s.burst_ratio},
          {"jitter_ms", value_or_null(s.jitter_ms)},
          {"round_trip_ms", value_or_null(s.round_trip_ms)},
          {"mouth_to_ear_ms", value_or_null(s.mouth_to_ear_ms)},
          {"buffer_ms", {{"mean", s.buffer.mean_delay_ms}, {"max", s.buffer.max_delay_ms}}},
          {"concealed_percent", concealed_percent(s.buffer)},
          {"mos",
           {{"listening", value_or_null(s.quality.listening_mos)},
            {"conversation", value_or_null(s.quality.conversational_mos)}}}};
}

json room_json(const call::ConferenceStatistics& room) {
  return {{"ticks", room.ticks},
          {"ticks_idle", room.ticks_idle},
          {"mixes", room.mixes},
          {"encodes_own", room.encodes_own},
          {"encodes_shared", room.encodes_shared},
          {"blocks_sent", room.blocks_sent},
          {"limited_blocks", room.clipped_blocks}};
}

class ConferenceRun {
 public:
  ConferenceRun(const call::Scenario& scenario, std::string path, std::string folder,
                const Context& context)
      : scenario_(scenario),
        path_(std::move(path)),
        folder_(std::move(folder)),
        context_(context) {}

  Result<void> run() {
    SYRINX_TRY(begin_recording());
    SYRINX_ASSIGN(const auto result,
                  call::simulate_conference(scenario_, observers(), context_.stop));
    SYRINX_TRY(recorder_->finish());
    SYRINX_TRY(make_folder(folder_.string()));
    json report = {{"scenario", path_}, {"seed", scenario_.seed}, {"room", room_json(result.room)}};
    for (std::size_t i = 0; i < result.parties.size(); ++i) {
      const call::PartyResult& party = result.parties[i];
      SYRINX_TRY(io::write_audio(path_of(party.name + ".wav"), party.heard));
      report["parties"].push_back(party_json(party));
    }
    SYRINX_TRY(write_captures(folder_.string(), captures_));
    report["adaptations"] = json::array();
    for (const call::AdaptedMoment& moment : result.adaptations)
      report["adaptations"].push_back(adapted_json(moment));
    SYRINX_TRY(write_whole(path_of("timeline.ndjson"), timeline(result), "the timeline"));
    SYRINX_TRY(write_whole(path_of("report.json"), report.dump(2) + "\n", "the report"));
    if (context_.json) {
      print_json(report);
    } else {
      print(result);
    }
    return {};
  }

 private:
  std::string path_of(const std::string& name) const { return (folder_ / name).string(); }

  call::ConferenceObservers observers() {
    call::ConferenceObservers observers;
    observers.room = [this](std::chrono::nanoseconds now, std::size_t party,
                            std::span<const float> said, std::span<const float> given) {
      recorder_->tick(static_cast<call::LegId>(party), now, said, given);
      recorder_->drain();
    };
    observers.capture = [this](const std::string& party, const packet::CapturedDatagram& datagram) {
      captures_[party].push_back(datagram);
    };
    return observers;
  }

  // What the room hears of each goes to disk as it comes.
  Result<void> begin_recording() {
    call::ConferenceOptions room;
    room.sample_rate_hz = scenario_.conference->sample_rate_hz;
    room.tick_ms = scenario_.conference->tick_ms;
    room.talkers = scenario_.conference->talkers;
    call::RecorderOptions options;
    options.folder = folder_;
    options.name_of = [this](call::LegId party) { return scenario_.parties[party].name + ".room"; };
    SYRINX_ASSIGN(recorder_, call::ConferenceRecorder::create(room, std::move(options)));
    return {};
  }

  static json party_json(const call::PartyResult& party) {
    if (party.agent) {
      json program = program_json(*party.agent);
      program["name"] = party.name;
      program["sample_rate_hz"] = party.sample_rate_hz;
      return program;
    }
    return {{"name", party.name},
            {"codec", party.codec},
            {"sample_rate_hz", party.sample_rate_hz},
            {"hears", session_json(party.phone)},
            {"told_talkers_s", party.told_talkers_s},
            {"is_heard", session_json(party.leg)},
            {"to_room", path_json(party.to_room)},
            {"from_room", path_json(party.from_room)}};
  }

  // Who talks and what is adapted, in order of time.
  static std::string timeline(const call::ConferenceResult& result) {
    std::multimap<std::chrono::nanoseconds, json> moments;
    for (const call::RoomMoment& moment : result.moments)
      moments.emplace(moment.time,
                      json{{"time_s", seconds_of(moment.time)},
                           {"event", name_of(moment.kind)},
                           {"party", moment.party.empty() ? json() : json(moment.party)}});
    for (const call::AdaptedMoment& moment : result.adaptations)
      moments.emplace(moment.time, adapted_json(moment));
    for (const call::PartyResult& party : result.parties) {
      if (!party.agent) continue;
      for (const call::PortEvent& event : party.agent->events) {
        json line = port_event_json(event, party.sample_rate_hz);
        line["party"] = party.name;
        moments.emplace(ns_of(line["time_s"].get<double>()), std::move(line));
      }
    }
    std::string lines;
    for (const auto& [time, line] : moments) lines += line.dump() + "\n";
    return lines;
  }

  static void print(const call::ConferenceResult& result) {
    for (const call::PartyResult& party : result.parties) {
      if (party.agent) {
        print_interruptions(party.name, "somebody", *party.agent);
        continue;
      }
      std::printf("%s (%s): %.2f %% of what they heard concealed, delay of the buffer %.0f ms\n",
                  party.name.c_str(), party.codec.c_str(), concealed_percent(party.phone.buffer),
                  party.phone.buffer.mean_delay_ms);
    }
    std::printf(
        "the room: %llu blocks sent, of %llu encoded\n",
        static_cast<unsigned long long>(result.room.blocks_sent),
        static_cast<unsigned long long>(result.room.encodes_own + result.room.encodes_shared));
    for (const call::AdaptedMoment& moment : result.adaptations) print_adapted(moment);
  }

  const call::Scenario& scenario_;
  std::string path_;
  std::filesystem::path folder_;
  const Context& context_;
  std::unique_ptr<call::ConferenceRecorder> recorder_;
  Captures captures_;
};

}  // namespace

Result<void> simulate_conference(const call::Scenario& scenario, const std::string& scenario_path,
                                 const std::string& folder, const Context& context) {
  return ConferenceRun(scenario, scenario_path, folder, context).run();
}

}  // namespace syrinx::cli
