// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <cstdio>
#include <optional>

#include "syrinx/apps/cli/measure_files.h"
#include "syrinx/apps/cli/media_command.h"
#include "syrinx/apps/cli/media_transcode_job.h"
#include "syrinx/apps/cli/page_file.h"
#include "syrinx/core/dsp/resample.h"
#include "syrinx/core/io/audio_file.h"
#include "syrinx/stages/measure/reference/pesq.h"
#include "syrinx/stages/measure/reference/visqol.h"

namespace syrinx::cli {
namespace {

constexpr const char* kFooter =
    "Examples:\n"
    "  syrinx media transcode in.wav -o heard.wav --codec pcmu\n"
    "  syrinx media transcode in.wav -o heard.wav --codec opus --bitrate 16000 --fec --loss 5%\n"
    "  syrinx media transcode in.wav -o heard.wav --codec g722 --loss 10% --burst 3 --plc off\n"
    "  syrinx media transcode keys.wav -o heard.wav --codec pcma --events   digits as RFC 4733\n"
    "\n"
    "The sound is cut into blocks, encoded, put through a network that loses packets (the same "
    "for\n"
    "the same --seed), decoded and concealed: the WAV is what the other side hears. Codecs: opus,\n"
    "g722, pcmu, pcma, g729 (by a plugin), l16 (l16/48000 for another rate). The scores compare "
    "it\n"
    "with the input at the codec's rate; they are null for what is too long, too short or silent.";

constexpr std::size_t kHeaderBytes = 20 + 8 + 12;  // IPv4, UDP and RTP.

struct Request {
  std::string input;
  std::string output;
  std::string loss = "0%";
  std::string plc = "on";
  bool constant = false;
  TranscodeRequest job;
};

Result<double> percent_of(std::string text) {
  while (!text.empty() && (text.back() == '%' || text.back() == ' ')) text.pop_back();
  double value = 0.0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed == std::errc() && end == text.data() + text.size() && !text.empty()) return value;
  return make_error(ErrorCode::kInvalidArgument, "--loss is '", text,
                    "' but must be a percentage, as 5%");
}

// What is heard, against what was said; nothing where that cannot be.
struct Scores {
  std::optional<double> pesq;
  std::optional<double> visqol;
  bool wide = false;
};

// The first channel, at a rate that the scores know.
Result<AudioBuffer> first_channel(const AudioBuffer& audio, int rate_hz) {
  return dsp::resample({audio.channel(0), audio.sample_rate_hz()}, rate_hz);
}

Scores score(const Transcoded& result) {
  Scores scores;
  scores.wide = result.audio.sample_rate_hz() >= 16'000;
  const int rate_hz = scores.wide ? 16'000 : 8'000;
  const auto said = first_channel(result.reference, rate_hz);
  const auto heard = first_channel(result.audio, rate_hz);
  const auto said_16k = first_channel(result.reference, 16'000);
  const auto heard_16k = first_channel(result.audio, 16'000);
  if (!said || !heard || !said_16k || !heard_16k) return scores;
  const auto band = scores.wide ? measure::PesqBand::kWide : measure::PesqBand::kNarrow;
  if (const auto pesq = measure::pesq(*said, *heard, band)) scores.pesq = pesq->mos_lqo;
  if (const auto visqol = measure::visqol_speech(*said_16k, *heard_16k))
    scores.visqol = visqol->mos_lqo;
  return scores;
}

nlohmann::json or_null(const std::optional<double>& value) {
  return value ? nlohmann::json(*value) : nlohmann::json(nullptr);
}

nlohmann::json to_json(const Request& request, const Transcoded& result, const Scores& scores) {
  const double seconds = result.audio.duration_s();
  const auto rate = [&](std::size_t bytes) {
    return seconds > 0 ? 8.0 * static_cast<double>(bytes) / seconds : 0.0;
  };
  return {{"file", request.output},
          {"codec", codec::rtpmap_of(result.format)},
          {"sample_rate_hz", result.audio.sample_rate_hz()},
          {"duration_s", seconds},
          {"packets", result.packets},
          {"unsent", result.unsent},
          {"lost", result.lost},
          {"recovered", result.recovered},
          {"payload_bytes", result.payload_bytes},
          {"bitrate_bps", rate(result.payload_bytes)},
          {"wire_bitrate_bps", rate(result.payload_bytes + kHeaderBytes * result.packets)},
          {"delay_ms", result.delay_ms},
          {"digits", result.digits},
          {"pesq_mos_lqo", or_null(scores.pesq)},
          {"pesq_band", scores.wide ? "wide" : "narrow"},
          {"visqol_mos_lqo", or_null(scores.visqol)}};
}

std::string shown(const std::optional<double>& value) {
  if (!value) return "unknown";
  char text[16];
  std::snprintf(text, sizeof text, "%.2f", *value);
  return text;
}

void print(const Request& request, const Transcoded& result, const Scores& scores,
           const Context& context) {
  const nlohmann::json document = to_json(request, result, scores);
  if (context.json) return print_json(document);
  if (context.quiet) return;
  std::printf("%s, %zu packets, %.1f kbit/s (%.1f on the wire)\n",
              document["codec"].get<std::string>().c_str(), result.packets,
              document["bitrate_bps"].get<double>() / 1e3,
              document["wire_bitrate_bps"].get<double>() / 1e3);
  std::printf("lost %zu, of which %zu came back by FEC; not sent in silence %zu\n", result.lost,
              result.recovered, result.unsent);
  std::printf("delay %.1f ms: the packet and the codec\n", result.delay_ms);
  std::printf("PESQ (%s) %s, ViSQOL %s\n", scores.wide ? "wide" : "narrow",
              shown(scores.pesq).c_str(), shown(scores.visqol).c_str());
  if (!result.digits.empty()) std::printf("digits: %s\n", result.digits.c_str());
}

Result<void> run_transcode(Request request, const Context& context) {
  SYRINX_ASSIGN(request.job.loss_percent, percent_of(request.loss));
  if (request.plc != "on" && request.plc != "off")
    return make_error(ErrorCode::kInvalidArgument, "--plc is '", request.plc,
                      "' but must be on or off");
  request.job.conceal = request.plc == "on";
  request.job.encoder.variable_bitrate = !request.constant;
  // An encoder that is told of no loss puts no copies in.
  if (request.job.encoder.fec)
    request.job.encoder.expected_loss_percent =
        std::clamp(static_cast<int>(request.job.loss_percent + 0.5), 5, 100);
  SYRINX_TRY(check_not_input(request.output, std::vector{request.input}));
  SYRINX_ASSIGN(const auto sound, read_sound(request.input, context.stop));
  for (const std::string& sentence : sound.notes) note(context, request.input + ": " + sentence);
  SYRINX_ASSIGN(const auto result, transcode(sound.audio, request.job));
  SYRINX_TRY(io::write_audio(request.output, result.audio));
  print(request, result, score(result), context);
  return {};
}

void add_codec_options(CLI::App& part, Request& request) {
  codec::EncoderSettings& encoder = request.job.encoder;
  part.add_option("--codec", request.job.codec, "opus, g722, pcmu, pcma, g729 or l16")
      ->capture_default_str()
      ->type_name("NAME");
  part.add_option("--rate", encoder.sample_rate_hz, "Opus: the rate of what it codes, Hz [48000]");
  part.add_option("--bitrate", encoder.bitrate_bps, "Opus: bit/s [as it thinks best]");
  part.add_flag("--cbr", request.constant, "Opus: every packet of the same size");
  part.add_option("--complexity", encoder.complexity, "Opus: 0 (cheapest) to 10")
      ->capture_default_str();
  part.add_flag("--fec", encoder.fec, "Opus: each packet carries a copy of the last");
  part.add_flag("--dtx", encoder.dtx,
                "Silence is not sent; but for Opus and G.729, comfort noise (RFC 3389) is");
  part.add_flag("--music", encoder.music, "Opus: for music rather than speech");
  part.add_option("--ptime", request.job.block_ms, "How much sound a packet carries, ms")
      ->capture_default_str();
}

void add_network_options(CLI::App& part, Request& request) {
  part.add_option("--loss", request.loss, "Lost packets, percent")
      ->capture_default_str()
      ->type_name("PERCENT");
  part.add_option("--burst", request.job.burst_packets, "Packets lost in a row, on the mean")
      ->capture_default_str();
  part.add_option("--seed", request.job.seed, "Which packets are lost: the same for the same seed")
      ->capture_default_str();
  part.add_option("--plc", request.plc, "Conceal losses: on or off")->capture_default_str();
  part.add_flag("--events", request.job.events, "Digits in the sound go as telephone events");
}

}  // namespace

void add_media_transcode(CLI::App& media, Context& context) {
  auto request = std::make_shared<Request>();
  CLI::App* part =
      media.add_subcommand("transcode", "Hear a sound through a codec and lost packets");
  add_json_option(*part, context,
                  "{codec, packets, lost, bitrate_bps, delay_ms, pesq_mos_lqo, ...}");
  part->add_flag("-q,--quiet", context.quiet, "Print errors only");
  part->callback(
      [request, &context] { run(context, [&] { return run_transcode(*request, context); }); });
  part->add_option("input", request->input, "An audio file; - is standard input")
      ->required()
      ->type_name("FILE");
  part->add_option("-o,--output", request->output, "What the other side hears")
      ->required()
      ->type_name("FILE");
  add_codec_options(*part, *request);
  add_network_options(*part, *request);
  part->footer(kFooter);
}

}  // namespace syrinx::cli
