// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdio>
#include <optional>

#include "syrinx/apps/cli/media_call_report.h"
#include "syrinx/apps/cli/media_command.h"
#include "syrinx/stages/measure/emodel/codec_impairments.h"
#include "syrinx/stages/packet/stream_analysis.h"

namespace syrinx::cli {
namespace {

using nlohmann::json;

constexpr const char* kFooter =
    "Examples:\n"
    "  syrinx media report call.pcap                    per stream: loss, jitter, bursts, MOS\n"
    "  syrinx media report call.rtpdump --json\n"
    "  syrinx media report call.pcap --clock 111=48000  the clock of a dynamic payload type\n"
    "  syrinx media report call.pcap --delay-ms 120     with the delay from mouth to ear\n"
    "  syrinx media report heard/report.json            what each cause took from a simulated "
    "call\n"
    "  syrinx media report heard/report.json --page call.html   the same as a page, to see and "
    "hear\n"
    "\n"
    "The report.json of `syrinx media simulate` is explained with what lies beside it: what "
    "codec,\n"
    "loss, late packets, delay, drift, echo and level each took from the score, when, and how that "
    "is\n"
    "known.\n"
    "\n"
    "Of captures, pcap, pcapng and rtpdump are read. Loss is exact, by sequence numbers; jitter is "
    "RFC 3550's;\n"
    "bursts are RFC 3611's (16 packets received in a row end one). The score is the E-model's "
    "(ITU-T\n"
    "G.107) for codecs that G.113 states: with and without concealment of losses, as a capture "
    "does\n"
    "not say which there was; late packets that a receiver threw away are not in it. What a "
    "capture\n"
    "does not say is unknown, and said to be.";

struct ReportRequest {
  std::string file;
  std::vector<std::string> clocks;
  std::optional<double> delay_ms;
  CallReportOutput call;
};

Result<packet::AnalysisOptions> analysis_options(const ReportRequest& request) {
  packet::AnalysisOptions options;
  for (const std::string& clock : request.clocks) {
    int type = -1;
    int rate = 0;
    char rest = 0;
    if (std::sscanf(clock.c_str(), "%d=%d%c", &type, &rate, &rest) != 2 || type < 0 || type > 127 ||
        rate < 1'000 || rate > 192'000)
      return make_error(ErrorCode::kInvalidArgument, "--clock ", clock,
                        ": it is a payload type and a rate in Hz, as 111=48000");
    options.clock_rates_hz[type] = rate;
  }
  return options;
}

// G.113's names of a stream's codec: without and with concealment.
struct ModelCodec {
  const char* plain = nullptr;
  const char* concealed = nullptr;
};
std::optional<ModelCodec> model_codec(const packet::StreamReport& stream) {
  std::uint64_t most = 0;
  int type = -1;
  for (const auto& [payload_type, packets] : stream.payload_types) {
    if (packets > most) type = payload_type;
    most = std::max(most, packets);
  }
  if (type == 0 || type == 8) return ModelCodec{"g711", "g711-plc"};
  if (type == 18) return ModelCodec{nullptr, "g729a"};
  if (type == 4) return ModelCodec{nullptr, "g723.1"};
  return std::nullopt;
}

double loss_percent(const packet::StreamReport& stream) {
  return stream.expected > 0
             ? 100.0 * static_cast<double>(stream.lost) / static_cast<double>(stream.expected)
             : 0.0;
}

json score(const packet::StreamReport& stream, const char* codec, double delay_ms) {
  if (codec == nullptr) return nullptr;
  const auto input =
      measure::call_over(codec, delay_ms, loss_percent(stream), stream.bursts.burst_ratio);
  if (!input) return nullptr;
  const auto rating = measure::rate(*input);
  if (!rating) return nullptr;
  return {{"rating", rating->rating}, {"mos", rating->mos}};
}

// Listening alone needs no delay; a conversation's score is unknown without it.
json quality_json(const packet::StreamReport& stream, std::optional<double> delay_ms) {
  const auto codec = model_codec(stream);
  json quality = {
      {"listening", {{"with_concealment", nullptr}, {"without_concealment", nullptr}}},
      {"conversation", {{"with_concealment", nullptr}, {"without_concealment", nullptr}}},
      {"unknown", json::array()}};
  if (!codec) {
    quality["unknown"].push_back("codec: the E-model has no numbers for this payload type");
    return quality;
  }
  quality["listening"] = {{"with_concealment", score(stream, codec->concealed, 0.0)},
                          {"without_concealment", score(stream, codec->plain, 0.0)}};
  if (!delay_ms) {
    quality["unknown"].push_back("delay: a capture does not say it; give --delay-ms");
    return quality;
  }
  quality["conversation"] = {{"with_concealment", score(stream, codec->concealed, *delay_ms)},
                             {"without_concealment", score(stream, codec->plain, *delay_ms)}};
  return quality;
}

json or_null(const auto& value) { return value ? json(*value) : json(nullptr); }

json bursts_json(const packet::StreamReport& stream) {
  const auto& bursts = stream.bursts;
  return {{"bursts", bursts.bursts},
          {"burst_density", bursts.burst_density},
          {"mean_burst_packets", bursts.mean_burst_packets},
          {"mean_burst_ms",
           stream.packet_ms ? json(bursts.mean_burst_packets * *stream.packet_ms) : json(nullptr)},
          {"gap_density", bursts.gap_density},
          {"longest_loss_packets", bursts.longest_run},
          {"burst_ratio", bursts.burst_ratio}};
}

json receiver_json(const packet::StreamReport& stream) {
  json receiver = {{"last_report", nullptr}, {"voip_metrics", nullptr}};
  if (const auto& block = stream.last_report) {
    receiver["last_report"] = {{"fraction_lost", block->fraction_lost / 256.0},
                               {"cumulative_lost", block->cumulative_lost},
                               {"jitter_ticks", block->jitter_ticks}};
  }
  if (const auto& metrics = stream.voip_metrics) {
    const auto known = [](int value) {
      return value == packet::VoipMetrics::kUnavailable ? json(nullptr) : json(value);
    };
    receiver["voip_metrics"] = {{"loss_rate", metrics->loss_rate / 256.0},
                                {"discard_rate", metrics->discard_rate / 256.0},
                                {"round_trip_ms", metrics->round_trip_ms},
                                {"end_system_delay_ms", metrics->end_system_delay_ms},
                                {"rating", known(metrics->rating)},
                                {"listening_mos_tenths", known(metrics->listening_mos_tenths)}};
  }
  return receiver;
}

json stream_json(const packet::StreamReport& stream, std::optional<double> delay_ms) {
  json types = json::array();
  for (const auto& [type, packets] : stream.payload_types) {
    const auto known = packet::static_payload(type);
    types.push_back({{"payload_type", type},
                     {"name", known ? json(known->name) : json(nullptr)},
                     {"packets", packets}});
  }
  return {{"ssrc", stream.ssrc},
          {"source", stream.source},
          {"destination", stream.destination},
          {"first_s", stream.first_s},
          {"duration_s", stream.duration_s},
          {"packets", stream.packets},
          {"payload_bytes", stream.payload_bytes},
          {"payload_types", types},
          {"expected", stream.expected},
          {"lost", stream.lost},
          {"loss_percent", loss_percent(stream)},
          {"duplicates", stream.duplicates},
          {"out_of_order", stream.out_of_order},
          {"restarts", stream.restarts},
          {"talkspurts", stream.talkspurts},
          {"clock_rate_hz", or_null(stream.clock_rate_hz)},
          {"clock_was_measured", stream.clock_was_measured},
          {"jitter_ms", or_null(stream.jitter_ms)},
          {"max_jitter_ms", or_null(stream.max_jitter_ms)},
          {"packet_ms", or_null(stream.packet_ms)},
          {"longest_gap_ms", stream.longest_gap_ms},
          {"longest_gap_at_s", stream.longest_gap_at_s},
          {"loss", bursts_json(stream)},
          {"sender_reports", stream.sender_reports},
          {"receiver", receiver_json(stream)},
          {"quality", quality_json(stream, delay_ms)}};
}

json capture_json(const std::string& file, const packet::Capture& capture,
                  const packet::CaptureReport& report, std::optional<double> delay_ms) {
  json streams = json::array();
  for (const auto& stream : report.streams) streams.push_back(stream_json(stream, delay_ms));
  return {{"file", file},
          {"format", capture.format},
          {"frames", capture.frames},
          {"skipped_frames", capture.skipped_frames},
          {"ends_early", capture.ends_early},
          {"rtcp_datagrams", report.rtcp_datagrams},
          {"broken_rtcp", report.broken_rtcp},
          {"other_datagrams", report.other_datagrams},
          {"streams", std::move(streams)}};
}

std::string number_or_unknown(const json& value, const char* unit) {
  if (value.is_null()) return "unknown";
  char text[64];
  std::snprintf(text, sizeof(text), "%.1f%s", value.get<double>(), unit);
  return text;
}

std::string scores(const json& quality) {
  const auto mos = [](const json& rating) {
    if (rating.is_null()) return std::string("unknown");
    char text[32];
    std::snprintf(text, sizeof(text), "%.2f", rating["mos"].get<double>());
    return std::string(text);
  };
  return mos(quality["with_concealment"]) + " with concealment of losses, " +
         mos(quality["without_concealment"]) + " without";
}

void print_stream(const json& stream) {
  std::printf("stream %08x  %s%s%s\n", stream["ssrc"].get<std::uint32_t>(),
              stream["source"].get<std::string>().c_str(),
              stream["destination"].get<std::string>().empty() ? "" : " -> ",
              stream["destination"].get<std::string>().c_str());
  for (const json& type : stream["payload_types"])
    std::printf("  payload type  %d (%s), %llu packets\n", type["payload_type"].get<int>(),
                type["name"].is_null() ? "dynamic" : type["name"].get<std::string>().c_str(),
                static_cast<unsigned long long>(type["packets"].get<std::uint64_t>()));
  std::printf("  duration      %.2f s, packets of %s\n", stream["duration_s"].get<double>(),
              number_or_unknown(stream["packet_ms"], " ms").c_str());
  std::printf(
      "  lost          %llu of %llu (%.2f %%), %llu at most in a row, %llu bursts\n",
      static_cast<unsigned long long>(stream["lost"].get<std::uint64_t>()),
      static_cast<unsigned long long>(stream["expected"].get<std::uint64_t>()),
      stream["loss_percent"].get<double>(),
      static_cast<unsigned long long>(stream["loss"]["longest_loss_packets"].get<std::uint64_t>()),
      static_cast<unsigned long long>(stream["loss"]["bursts"].get<std::uint64_t>()));
  std::printf("  out of order  %llu, twice %llu, restarts %llu\n",
              static_cast<unsigned long long>(stream["out_of_order"].get<std::uint64_t>()),
              static_cast<unsigned long long>(stream["duplicates"].get<std::uint64_t>()),
              static_cast<unsigned long long>(stream["restarts"].get<std::uint64_t>()));
  std::printf("  jitter        %s, at most %s; longest gap %.0f ms, at %.2f s\n",
              number_or_unknown(stream["jitter_ms"], " ms").c_str(),
              number_or_unknown(stream["max_jitter_ms"], " ms").c_str(),
              stream["longest_gap_ms"].get<double>(), stream["longest_gap_at_s"].get<double>());
  const json& quality = stream["quality"];
  std::printf("  MOS listening %s\n", scores(quality["listening"]).c_str());
  std::printf("  MOS talking   %s\n", scores(quality["conversation"]).c_str());
  for (const json& reason : quality["unknown"])
    std::printf("  unknown       %s\n", reason.get<std::string>().c_str());
}

Result<void> run_report(const ReportRequest& request, const Context& context) {
  if (is_call_report(request.file)) return report_call(request.file, request.call, context);
  if (!request.call.page.empty())
    return make_error(ErrorCode::kInvalidArgument,
                      "--page explains the report.json of `syrinx media "
                      "simulate`; '",
                      request.file, "' is none, and a capture has no sounds");
  SYRINX_ASSIGN(const auto options, analysis_options(request));
  SYRINX_ASSIGN(const auto capture, packet::read_capture(request.file));
  SYRINX_ASSIGN(const auto report, packet::analyse_streams(capture, options));
  const json document = capture_json(request.file, capture, report, request.delay_ms);
  if (context.json) {
    print_json(document);
    return {};
  }
  std::printf("%s: %s, %llu frames, %llu without a datagram; %zu streams of RTP, %llu of RTCP\n",
              request.file.c_str(), capture.format.c_str(),
              static_cast<unsigned long long>(capture.frames),
              static_cast<unsigned long long>(capture.skipped_frames), report.streams.size(),
              static_cast<unsigned long long>(report.rtcp_datagrams));
  for (const json& stream : document["streams"]) print_stream(stream);
  if (capture.ends_early)
    note(context, "the capture ends within a record; what stood before is in");
  return {};
}

}  // namespace

void add_media_report(CLI::App& media, Context& context) {
  CLI::App* command =
      media.add_subcommand("report", "Why a call sounded bad: by its packets, or cause by cause");
  auto request = std::make_shared<ReportRequest>();
  command
      ->add_option("file", request->file,
                   "A pcap, pcapng or rtpdump file, or the report.json of `media simulate`")
      ->required()
      ->type_name("FILE");
  command->add_option("--clock", request->clocks, "The clock of a payload type, in Hz: 111=48000")
      ->type_name("TYPE=HZ");
  command->add_option("--delay-ms", request->delay_ms, "The delay from mouth to ear, for the score")
      ->type_name("MS")
      ->check(CLI::Range(0.0, 5'000.0));
  command->add_option("--page", request->call.page, "Write a page, as call.html; - is stdout")
      ->type_name("FILE");
  command->add_flag("--no-sound", request->call.no_sound, "Leave the clips out of the page");
  add_json_option(
      *command, context,
      "{file, format, streams: [...]} or {file, ears: [{mos, causes: [...]}]}; null for "
      "what is unknown");
  command->footer(kFooter);
  command->callback(
      [request, &context] { run(context, [&] { return run_report(*request, context); }); });
}

}  // namespace syrinx::cli
