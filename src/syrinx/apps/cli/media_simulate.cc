// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <filesystem>

#include "syrinx/apps/cli/media_agent.h"
#include "syrinx/apps/cli/media_command.h"
#include "syrinx/apps/cli/media_conference.h"
#include "syrinx/apps/cli/media_parts.h"
#include "syrinx/apps/cli/output_folder.h"
#include "syrinx/apps/cli/page_file.h"
#include "syrinx/core/io/audio_file.h"
#include "syrinx/engines/call/conference/simulate_agent.h"
#include "syrinx/engines/call/simulate_call.h"

namespace syrinx::cli {
namespace {

using nlohmann::json;

constexpr const char* kFooter =
    "Examples:\n"
    "  syrinx media simulate call.json -o heard\n"
    "  syrinx media simulate call.json -o heard --json | jq '.ears[0].buffer'\n"
    "\n"
    "A scenario, of which only names and sounds, or texts, are required:\n"
    "  {\"seed\": 7, \"parties\": [\n"
    "     {\"name\": \"alice\", \"sound\": \"alice.wav\", \"codec\": \"opus\", \"fec\": true},\n"
    "     {\"name\": \"bob\", \"says\": \"Good morning.\", \"codec\": \"pcmu\", \"clock_ppm\": "
    "200}],\n"
    "   \"network\": {\"to_bob\": {\"delay_ms\": 40, \"jitter\": {\"kind\": \"uniform\", \"ms\": "
    "50},\n"
    "     \"loss\": {\"kind\": \"bursts\", \"percent\": 5, \"mean_packets\": 3}}}}\n"
    "\n"
    "Time is simulated, so hours take seconds, and the same scenario gives the same bits. Into "
    "the\n"
    "folder go, for each party NAME: NAME.wav (what they heard), NAME.rtpdump (what reached them; "
    "see\n"
    "`syrinx media report`); timeline.ndjson (each packet and each 10 ms) and report.json.\n"
    "\n"
    "With \"conference\": {\"talkers\": 3} up to 64 parties meet in a room, each with networks "
    "to_NAME and\n"
    "from_NAME; NAME.room.wav is what the room heard of them, all in step. With \"listens\": true "
    "a "
    "party\n"
    "is a program that can be interrupted. docs/media.md has every field.";

struct SimulateRequest {
  std::string scenario;
  std::string folder;
};

const char* name_of(packet::LinkEvent::Kind kind) {
  switch (kind) {
    case packet::LinkEvent::Kind::kSent:
      return "sent";
    case packet::LinkEvent::Kind::kLost:
      return "lost";
    case packet::LinkEvent::Kind::kArrived:
      return "arrived";
    case packet::LinkEvent::Kind::kDuplicate:
      return "duplicate";
    case packet::LinkEvent::Kind::kBlock:
      return "block";
  }
  return "";
}

const char* name_of(packet::PlayKind kind) {
  switch (kind) {
    case packet::PlayKind::kNothingYet:
      return "nothing";
    case packet::PlayKind::kSpeech:
      return "speech";
    case packet::PlayKind::kRecovered:
      return "recovered";
    case packet::PlayKind::kConcealed:
      return "concealed";
    case packet::PlayKind::kBackground:
      return "background";
  }
  return "";
}

json buffer_json(const packet::JitterBufferStatistics& s) {
  return {{"packets",
           {{"received", s.packets_received},
            {"decoded", s.packets_decoded},
            {"late", s.packets_late},
            {"duplicate", s.packets_duplicate},
            {"overflow", s.packets_overflow},
            {"refused", s.packets_refused},
            {"stale", s.packets_stale},
            {"reordered", s.packets_reordered},
            {"recovered", s.packets_recovered}}},
          {"frames",
           {{"out", s.frames_out},
            {"decoded", s.frames_decoded},
            {"recovered", s.frames_recovered},
            {"concealed", s.frames_concealed},
            {"background", s.frames_background},
            {"before_first", s.frames_before_first},
            {"removed", s.frames_removed},
            {"inserted", s.frames_inserted}}},
          {"conceal_events", s.conceal_events},
          {"longest_conceal_frames", s.longest_conceal_frames},
          {"source_changes", s.source_changes},
          {"payload_type_changes", s.payload_type_changes},
          {"resets", s.resets},
          {"delay_ms", {{"now", s.delay_ms}, {"mean", s.mean_delay_ms}, {"max", s.max_delay_ms}}},
          {"target_delay_ms", s.target_delay_ms},
          {"clock_skew_ppm", s.clock_skew_ppm}};
}

double percent(std::uint64_t part, std::uint64_t all) {
  return all > 0 ? 100.0 * static_cast<double>(part) / static_cast<double>(all) : 0.0;
}

json ear_json(const call::EarResult& ear) {
  const auto& link = ear.link;
  const auto& heard = link.until_last_sound;
  json adaptations = json::array();
  for (const call::AdaptedMoment& moment : ear.adaptations)
    adaptations.push_back(adapted_json(moment));
  return {{"listener", ear.listener},
          {"speaker", ear.speaker},
          {"codec", ear.codec},
          {"sample_rate_hz", ear.sample_rate_hz},
          {"network",
           {{"packets_sent", link.packets_sent},
            {"packets_lost", link.packets_lost},
            {"packets_duplicated", link.packets_duplicated},
            {"loss_percent", percent(link.packets_lost, link.packets_sent)},
            {"burst_ratio", link.losses.burst_ratio},
            {"longest_loss_packets", link.losses.longest_run},
            {"mean_delay_ms", link.mean_network_delay_ms},
            {"jitter_ms", link.mean_jitter_ms}}},
          {"rtcp",
           {{"fraction_lost", link.report.fraction_lost / 256.0},
            {"cumulative_lost", link.report.cumulative_lost},
            {"highest_sequence", link.report.highest_sequence},
            {"jitter_ticks", link.report.jitter_ticks}}},
          {"concealed_percent",
           percent(heard.frames_concealed, heard.frames_out - heard.frames_before_first)},
          {"buffer", buffer_json(link.buffer)},
          {"adaptations", std::move(adaptations)}};
}

class Simulation {
 public:
  Simulation(const SimulateRequest& request, const Context& context)
      : request_(request), context_(context), folder_(request.folder) {}

  Result<void> run() {
    SYRINX_ASSIGN(auto scenario, call::read_scenario(request_.scenario));
    SYRINX_TRY(speak_texts(scenario, request_.folder, context_));
    if (scenario.conference)
      return simulate_conference(scenario, request_.scenario, request_.folder, context_);
    if (call::has_agent(scenario))
      return simulate_agent(scenario, request_.scenario, request_.folder, context_);
    SYRINX_ASSIGN(const auto ears, call::simulate_call(scenario, observers(), context_.stop));
    SYRINX_TRY(make_folder(request_.folder));
    json report = {{"scenario", request_.scenario}, {"seed", scenario.seed}};
    for (const call::EarResult& ear : ears) {
      SYRINX_TRY(io::write_audio(path_of(ear.listener + ".wav"), ear.link.heard));
      report["ears"].push_back(ear_json(ear));
      add_adaptations(ear);
    }
    SYRINX_TRY(write_captures(request_.folder, captures_));
    SYRINX_TRY(write_whole(path_of("timeline.ndjson"), timeline_, "the timeline"));
    SYRINX_TRY(write_whole(path_of("report.json"), report.dump(2) + "\n", "the report"));
    if (context_.json) {
      print_json(report);
    } else {
      for (const json& ear : report["ears"]) print(ear);
      for (const call::EarResult& ear : ears)
        for (const call::AdaptedMoment& moment : ear.adaptations) print_adapted(moment);
    }
    return {};
  }

 private:
  std::string path_of(const std::string& name) const { return (folder_ / name).string(); }

  // Behind what happened to the packets of that direction.
  void add_adaptations(const call::EarResult& ear) {
    for (const call::AdaptedMoment& moment : ear.adaptations) {
      json line = adapted_json(moment);
      line["to"] = ear.listener;
      timeline_ += line.dump() + "\n";
    }
  }

  call::CallObservers observers() {
    call::CallObservers observers;
    observers.event = [this](const std::string& listener, const packet::LinkEvent& event) {
      json line = {{"to", listener},
                   {"time_s", static_cast<double>(event.time.count()) * 1e-9},
                   {"event", name_of(event.kind)}};
      if (event.kind == packet::LinkEvent::Kind::kBlock) {
        line["played"] = name_of(event.played);
        line["delay_ms"] = event.delay_ms;
        line["target_ms"] = event.target_ms;
      } else {
        line["packet"] = event.packet;
      }
      timeline_ += line.dump() + "\n";
    };
    observers.capture = [this](const std::string& listener,
                               const packet::CapturedDatagram& datagram) {
      captures_[listener].push_back(datagram);
    };
    return observers;
  }

  static void print(const json& ear) {
    const json& network = ear["network"];
    const json& delay = ear["buffer"]["delay_ms"];
    std::printf(
        "%s heard %s (%s): %.2f %% of packets lost, %.2f %% of the sound concealed, delay of the "
        "buffer %.0f ms (most %.0f)\n",
        ear["listener"].get<std::string>().c_str(), ear["speaker"].get<std::string>().c_str(),
        ear["codec"].get<std::string>().c_str(), network["loss_percent"].get<double>(),
        ear["concealed_percent"].get<double>(), delay["mean"].get<double>(),
        delay["max"].get<double>());
  }

  const SimulateRequest& request_;
  const Context& context_;
  std::filesystem::path folder_;
  std::string timeline_;
  Captures captures_;
};

}  // namespace

void add_media_simulate(CLI::App& media, Context& context) {
  CLI::App* command =
      media.add_subcommand("simulate", "Carry a call through a network that is not there");
  auto request = std::make_shared<SimulateRequest>();
  command->add_option("scenario", request->scenario, "The scenario, JSON")
      ->required()
      ->type_name("FILE");
  command->add_option("-o,--output", request->folder, "The folder for what was heard")
      ->required()
      ->type_name("FOLDER");
  add_json_option(
      *command, context,
      "the report: {ears: [{network, rtcp, buffer}, ...]}, or of a conference {parties, room}, or "
      "with an agent {agent, caller}");
  command->footer(kFooter);
  command->callback(
      [request, &context] { run(context, [&] { return Simulation(*request, context).run(); }); });
}

}  // namespace syrinx::cli
