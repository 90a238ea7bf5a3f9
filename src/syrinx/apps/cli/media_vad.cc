// SPDX-License-Identifier: Apache-2.0
#include <cstdio>

#include "syrinx/apps/cli/measure_files.h"
#include "syrinx/apps/cli/media_command.h"
#include "syrinx/core/dsp/resample.h"
#include "syrinx/stages/enhance/vad/speech_detector.h"

namespace syrinx::cli {
namespace {

constexpr const char* kFooter =
    "Examples:\n"
    "  syrinx media vad call.wav                    from when to when somebody speaks\n"
    "  syrinx media vad call.wav --threshold 0.8    only where it is rather certain\n"
    "  syrinx media vad call.wav --detector silero  by Silero's network, where it is installed "
    "and\n"
    "                                               ONNX Runtime is";

struct VadRequest {
  std::string input;
  std::string detector = "spectral";
  enhance::VoiceActivityOptions options;
};

double spoken_s(const std::vector<enhance::SpeechSegment>& segments) {
  double sum = 0.0;
  for (const auto& segment : segments) sum += segment.end_s - segment.begin_s;
  return sum;
}

void print(const std::vector<enhance::SpeechSegment>& segments, double duration_s,
           const std::string& detector, const Context& context) {
  if (context.json) {
    nlohmann::json list = nlohmann::json::array();
    for (const auto& segment : segments)
      list.push_back({{"begin_s", segment.begin_s}, {"end_s", segment.end_s}});
    return print_json({{"detector", detector},
                       {"segments", list},
                       {"speech_s", spoken_s(segments)},
                       {"duration_s", duration_s}});
  }
  for (const auto& segment : segments)
    std::printf("%9.2f s to %9.2f s\n", segment.begin_s, segment.end_s);
  std::printf("speech for %.2f s of %.2f s\n", spoken_s(segments), duration_s);
}

int rate_for(enhance::DetectorKind kind, int rate_hz) {
  if (kind == enhance::DetectorKind::kSilero) return rate_hz == 8'000 ? 8'000 : 16'000;
  return rate_hz >= 8'000 && rate_hz <= 48'000 && rate_hz % 100 == 0 ? rate_hz : 16'000;
}

Result<void> find(const VadRequest& request, const Context& context) {
  SYRINX_ASSIGN(const auto sound, read_sound(request.input, context.stop));
  for (const std::string& sentence : sound.notes) note(context, request.input + ": " + sentence);
  SYRINX_ASSIGN(const auto kind, enhance::parse_detector_kind(request.detector));
  SYRINX_ASSIGN(const auto audio,
                dsp::resample(sound.audio, rate_for(kind, sound.audio.sample_rate_hz())));
  SYRINX_ASSIGN(const auto detector,
                enhance::make_speech_detector(kind, audio.sample_rate_hz(), request.options));
  const auto segments = enhance::find_speech(audio, *detector, request.options);
  if (detector->failed_hops() > 0)
    return make_error(ErrorCode::kInternal, "Silero's network failed on ", detector->failed_hops(),
                      " blocks of ", request.input);
  print(segments, sound.audio.duration_s(), request.detector, context);
  return {};
}

}  // namespace

void add_media_vad(CLI::App& media, Context& context) {
  auto request = std::make_shared<VadRequest>();
  CLI::App* part = media.add_subcommand("vad", "Find speech: from when to when somebody speaks");
  add_json_option(*part, context, "{detector, segments: [{begin_s, end_s}], speech_s, duration_s}");
  part->add_flag("-q,--quiet", context.quiet, "Print errors only");
  part->callback([request, &context] { run(context, [&] { return find(*request, context); }); });
  part->add_option("input", request->input, "An audio file; - is standard input")
      ->required()
      ->type_name("FILE");
  part->add_option("--detector", request->detector, "spectral (our own) or silero (a network)")
      ->type_name("KIND")
      ->capture_default_str();
  part->add_option("--threshold", request->options.threshold, "How sure it must be, 0 to 1")
      ->capture_default_str();
  part->add_option("--hang-over-ms", request->options.hang_over_ms,
                   "How long speech goes on after its last sound")
      ->capture_default_str();
  part->footer(kFooter);
}

}  // namespace syrinx::cli
