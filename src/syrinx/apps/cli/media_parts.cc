// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/cli/media_parts.h"

#include <cstdio>
#include <filesystem>

#include "syrinx/apps/cli/optional_json.h"
#include "syrinx/apps/cli/output_folder.h"
#include "syrinx/apps/cli/page_file.h"
#include "syrinx/core/io/audio_file.h"
#include "syrinx/engines/tts/speech_stream.h"
#include "syrinx/engines/tts/text_source.h"

namespace syrinx::cli {
namespace {

using nlohmann::json;

double seconds_of(std::chrono::nanoseconds time) {
  return static_cast<double>(time.count()) * 1e-9;
}

Result<AudioBuffer> spoken(const call::Party& party, const std::stop_token& stop) {
  tts::SpeakOptions options;
  if (!party.voice.empty()) options.voice = party.voice;
  options.voice_options.seed = 1;  // The same scenario gives the same sound.
  SYRINX_ASSIGN(auto stream,
                tts::SpeechStream::create(tts::text_from_string(party.says), options, stop));
  AudioBuffer whole;
  AudioBuffer block;
  while (true) {
    SYRINX_ASSIGN(const bool more, stream.next(block, stop));
    if (!more) return whole;
    whole.append(block);
  }
}

json barge_in_json(const call::BargeIn& barge_in) {
  return {{"at_s", barge_in.at_s},
          {"speech_since_s", barge_in.since_s},
          {"trigger_ms", 1e3 * (barge_in.at_s - barge_in.since_s)},
          {"stop_ms", value_or_null(barge_in.stopped_ms)},
          {"utterance", barge_in.utterance},
          {"said_s", barge_in.said_s}};
}

json plan_json(const call::AdaptedMoment& moment) {
  const call::SendPlan& plan = moment.plan;
  return {{"codec", moment.codec},
          {"packet_ms", plan.packet_ms},
          {"bitrate_bps", plan.codec.bitrate_bps > 0 ? json(plan.codec.bitrate_bps) : json()},
          {"fec", plan.codec.fec},
          {"expected_loss_percent", plan.codec.expected_loss_percent}};
}

}  // namespace

Result<void> speak_texts(call::Scenario& scenario, const std::string& folder,
                         const Context& context) {
  for (call::Party& party : scenario.parties) {
    if (party.says.empty()) continue;
    auto sound = spoken(party, context.stop);
    if (!sound)
      return make_error(sound.error().code, "what ", party.name, " says: ", sound.error().message);
    party.spoken = std::move(*sound);
    SYRINX_TRY(make_folder(folder));
    const auto file = std::filesystem::path(folder) / (party.name + ".said.wav");
    SYRINX_TRY(io::write_audio(file.string(), party.spoken));
  }
  return {};
}

Result<void> write_captures(const std::string& folder, const Captures& captures) {
  for (const auto& [party, datagrams] : captures) {
    SYRINX_ASSIGN(const auto dump, packet::rtpdump_bytes(datagrams));
    SYRINX_TRY(write_whole((std::filesystem::path(folder) / (party + ".rtpdump")).string(),
                           std::string(dump.begin(), dump.end()), "the capture"));
  }
  return {};
}

json adapted_json(const call::AdaptedMoment& moment) {
  return {{"time_s", seconds_of(moment.time)},
          {"event", "adapted"},
          {"party", moment.party},
          {"sender", moment.by_room ? "room" : moment.party},
          {"sends", plan_json(moment)}};
}

void print_adapted(const call::AdaptedMoment& moment) {
  const call::SendPlan& plan = moment.plan;
  const std::string rate = plan.codec.bitrate_bps > 0
                               ? std::to_string(plan.codec.bitrate_bps) + " bit/s"
                               : "its one bit rate";
  std::printf("%7.2f s  %s sends %s in packets of %d ms, %s%s\n", seconds_of(moment.time),
              moment.by_room ? ("the room to " + moment.party).c_str() : moment.party.c_str(),
              moment.codec.c_str(), plan.packet_ms, rate.c_str(),
              plan.codec.fec ? " with FEC" : "");
}

json program_json(const call::AgentResult& program) {
  json barge_ins = json::array();
  for (const call::BargeIn& barge_in : program.barge_ins)
    barge_ins.push_back(barge_in_json(barge_in));
  const auto& echo = program.port.echo;
  return {
      {"speech_s", program.speech_s},
      {"said_s", program.said_s},
      {"barge_ins", barge_ins},
      {"speech_begins", program.port.speech_begins},
      {"echo",
       {{"delay_ms", echo.delay_found ? json(echo.delay_ms) : json()}, {"erle_db", echo.erle_db}}}};
}

json port_event_json(const call::PortEvent& event, double sample_rate_hz) {
  return {{"time_s", static_cast<double>(event.at_sample) / sample_rate_hz},
          {"event", name_of(event.kind)},
          {"since_s", static_cast<double>(event.since_sample) / sample_rate_hz},
          {"utterance", event.utterance},
          {"said_s", static_cast<double>(event.said_samples) / sample_rate_hz}};
}

void print_interruptions(const std::string& name, const std::string& by,
                         const call::AgentResult& program) {
  for (const call::BargeIn& barge_in : program.barge_ins)
    std::printf("%7.2f s  %s interrupts %s, who had said %.2f s, and is silent after %.0f ms\n",
                barge_in.at_s, by.c_str(), name.c_str(), barge_in.said_s,
                barge_in.stopped_ms.value_or(0.0));
  std::printf("%s said %.2f s of %.2f s\n", name.c_str(), program.said_s, program.speech_s);
}

}  // namespace syrinx::cli
