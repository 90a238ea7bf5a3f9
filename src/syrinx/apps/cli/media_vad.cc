// SPDX-License-Identifier: Apache-2.0
#include <cstdio>

#include "syrinx/apps/cli/measure_files.h"
#include "syrinx/apps/cli/media_command.h"
#include "syrinx/core/dsp/resample.h"
#include "syrinx/stages/enhance/vad/voice_activity.h"

namespace syrinx::cli {
namespace {

constexpr const char* kFooter =
    "Examples:\n"
    "  syrinx media vad call.wav                    from when to when somebody speaks\n"
    "  syrinx media vad call.wav --threshold 0.8    only where it is rather certain";

struct VadRequest {
  std::string input;
  enhance::VoiceActivityOptions options;
};

double spoken_s(const std::vector<enhance::SpeechSegment>& segments) {
  double sum = 0.0;
  for (const auto& segment : segments) sum += segment.end_s - segment.begin_s;
  return sum;
}

void print(const std::vector<enhance::SpeechSegment>& segments, double duration_s,
           const Context& context) {
  if (context.json) {
    nlohmann::json list = nlohmann::json::array();
    for (const auto& segment : segments)
      list.push_back({{"begin_s", segment.begin_s}, {"end_s", segment.end_s}});
    return print_json(
        {{"segments", list}, {"speech_s", spoken_s(segments)}, {"duration_s", duration_s}});
  }
  for (const auto& segment : segments)
    std::printf("%9.2f s to %9.2f s\n", segment.begin_s, segment.end_s);
  std::printf("speech for %.2f s of %.2f s\n", spoken_s(segments), duration_s);
}

Result<void> find(const VadRequest& request, const Context& context) {
  SYRINX_ASSIGN(const auto sound, read_sound(request.input, context.stop));
  for (const std::string& sentence : sound.notes) note(context, request.input + ": " + sentence);
  const int rate_hz = sound.audio.sample_rate_hz();
  const bool direct = rate_hz >= 8'000 && rate_hz <= 48'000 && rate_hz % 100 == 0;
  SYRINX_ASSIGN(const auto audio, dsp::resample(sound.audio, direct ? rate_hz : 16'000));
  SYRINX_ASSIGN(const auto segments, enhance::find_speech(audio, request.options));
  print(segments, sound.audio.duration_s(), context);
  return {};
}

}  // namespace

void add_media_vad(CLI::App& media, Context& context) {
  auto request = std::make_shared<VadRequest>();
  CLI::App* part = media.add_subcommand("vad", "Find speech: from when to when somebody speaks");
  add_json_option(*part, context, "{segments: [{begin_s, end_s}], speech_s, duration_s}");
  part->add_flag("-q,--quiet", context.quiet, "Print errors only");
  part->callback([request, &context] { run(context, [&] { return find(*request, context); }); });
  part->add_option("input", request->input, "An audio file; - is standard input")
      ->required()
      ->type_name("FILE");
  part->add_option("--threshold", request->options.threshold, "How sure it must be, 0 to 1")
      ->capture_default_str();
  part->add_option("--hang-over-ms", request->options.hang_over_ms,
                   "How long speech goes on after its last sound")
      ->capture_default_str();
  part->footer(kFooter);
}

}  // namespace syrinx::cli
