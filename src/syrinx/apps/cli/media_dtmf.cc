// SPDX-License-Identifier: Apache-2.0
#include <cstdio>

#include "syrinx/apps/cli/measure_files.h"
#include "syrinx/apps/cli/media_command.h"
#include "syrinx/core/dsp/resample.h"
#include "syrinx/core/io/audio_file.h"
#include "syrinx/stages/enhance/dtmf/dtmf_detector.h"
#include "syrinx/stages/enhance/dtmf/dtmf_tones.h"

namespace syrinx::cli {
namespace {

constexpr const char* kFooter =
    "Examples:\n"
    "  syrinx media dtmf call.wav                      the digits that were pressed, and when\n"
    "  syrinx media dtmf --make '0123#' -o keys.wav    the digits as sound";

struct DtmfRequest {
  std::string input;
  std::string digits;
  std::string output;
  int sample_rate_hz = 8'000;
};

std::string digits_of(const std::vector<enhance::DtmfEvent>& events) {
  std::string digits;
  for (const auto& event : events) digits += event.digit;
  return digits;
}

void print(const std::vector<enhance::DtmfEvent>& events, int rate_hz, const Context& context) {
  const auto seconds = [&](std::uint64_t frame) { return static_cast<double>(frame) / rate_hz; };
  if (context.json) {
    nlohmann::json list = nlohmann::json::array();
    for (const auto& event : events)
      list.push_back({{"digit", std::string(1, event.digit)},
                      {"begin_s", seconds(event.begin_frame)},
                      {"end_s", seconds(event.end_frame)},
                      {"level_dbov", event.level_dbov}});
    return print_json({{"digits", digits_of(events)}, {"events", list}});
  }
  for (const auto& event : events)
    std::printf("%c   %9.3f s to %9.3f s   %6.1f dBov\n", event.digit, seconds(event.begin_frame),
                seconds(event.end_frame), event.level_dbov);
  std::printf("%zu digits%s%s\n", events.size(), events.empty() ? "" : ": ",
              digits_of(events).c_str());
}

Result<void> listen(const DtmfRequest& request, const Context& context) {
  SYRINX_ASSIGN(const auto sound, read_sound(request.input, context.stop));
  for (const std::string& sentence : sound.notes) note(context, request.input + ": " + sentence);
  const int rate_hz = sound.audio.sample_rate_hz();
  const bool direct = rate_hz >= 8'000 && rate_hz <= 48'000;
  SYRINX_ASSIGN(const auto audio, dsp::resample(sound.audio, direct ? rate_hz : 8'000));
  SYRINX_ASSIGN(const auto events, enhance::find_digits(audio));
  print(events, audio.sample_rate_hz(), context);
  return {};
}

Result<void> make(const DtmfRequest& request, const Context& context) {
  if (request.output.empty())
    return make_error(ErrorCode::kInvalidArgument, "--make needs -o, the file to write");
  SYRINX_ASSIGN(const auto audio, enhance::make_dtmf(request.digits, request.sample_rate_hz));
  SYRINX_TRY(io::write_audio(request.output, audio));
  if (context.json)
    print_json(
        {{"file", request.output}, {"digits", request.digits}, {"duration_s", audio.duration_s()}});
  return {};
}

Result<void> find_or_make(const DtmfRequest& request, const Context& context) {
  if (request.input.empty() == request.digits.empty())
    return make_error(ErrorCode::kInvalidArgument,
                      "give a file to listen to, or --make and the digits to make, and not both");
  return request.digits.empty() ? listen(request, context) : make(request, context);
}

}  // namespace

void add_media_dtmf(CLI::App& media, Context& context) {
  auto request = std::make_shared<DtmfRequest>();
  CLI::App* part = media.add_subcommand("dtmf", "Find the digits that were pressed, or make them");
  add_json_option(*part, context, "{digits, events: [{digit, begin_s, end_s, level_dbov}]}");
  part->add_flag("-q,--quiet", context.quiet, "Print errors only");
  part->callback(
      [request, &context] { run(context, [&] { return find_or_make(*request, context); }); });
  part->add_option("input", request->input, "An audio file; - is standard input")
      ->type_name("FILE");
  part->add_option("--make", request->digits, "Make these digits instead: 0 to 9, *, #, A to D")
      ->type_name("DIGITS");
  part->add_option("-o,--output", request->output, "Where to, for --make")->type_name("FILE");
  part->add_option("--rate", request->sample_rate_hz, "The sample rate, for --make, Hz")
      ->capture_default_str();
  part->footer(kFooter);
}

}  // namespace syrinx::cli
