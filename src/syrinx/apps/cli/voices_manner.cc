// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/cli/voices_manner.h"

#include <cstdio>
#include <memory>

#include "syrinx/apps/cli/convert_report.h"
#include "syrinx/core/io/audio_file.h"
#include "syrinx/engines/conversion/style/emotion_guess.h"

namespace syrinx::cli {
namespace {

using nlohmann::json;

struct MannerRequest {
  std::string file;
  std::string neutral;
};

Result<std::vector<conversion::ProsodyFrame>> hear(const std::string& path,
                                                   const Context& context) {
  SYRINX_ASSIGN(auto reader, io::AudioReader::open(path));
  return conversion::hear_prosody(reader, context.stop);
}

void print(const conversion::Prosody& prosody) {
  std::printf("pitch      %.0f Hz, melody over %.1f semitones\n", prosody.f0_median_hz,
              prosody.f0_range_semitones);
  std::printf("pace       %.2f syllables a second, %.0f %% pauses\n", prosody.syllables_per_s,
              100.0 * prosody.pause_share);
  std::printf("level      %.1f dB, dynamics of %.1f dB, tilt %.1f dB\n", prosody.level_db,
              prosody.dynamics_db, prosody.tilt_db);
}

void print(const conversion::StyleConsistency& consistency) {
  std::printf("evenness   %zu stretches of %.0f s, %zu deviations\n", consistency.stretches,
              consistency.stretch_s, consistency.deviations.size());
  for (const conversion::StyleDeviation& one : consistency.deviations)
    std::printf("  %8.1f to %.1f s: %s is %.2f, usual %.2f %s\n", one.begin_s, one.end_s,
                std::string(one.what).c_str(), one.value, one.usual, std::string(one.unit).c_str());
}

Result<void> show_manner(const MannerRequest& request, const Context& context) {
  SYRINX_ASSIGN(const auto frames, hear(request.file, context));
  const conversion::Prosody prosody = conversion::summarise(frames);
  const conversion::StyleConsistency consistency = conversion::style_consistency(frames);
  if (prosody.voiced_s < conversion::kLeastVoicedS)
    return make_error(ErrorCode::kInvalidArgument, request.file, " has ", prosody.voiced_s,
                      " s of voice; it takes ", conversion::kLeastVoicedS,
                      " s and more to tell how somebody speaks");
  if (context.json) {
    print_json({{"file", request.file},
                {"prosody", prosody_json(prosody)},
                {"consistency", consistency_json(consistency)}});
    return {};
  }
  print(prosody);
  print(consistency);
  return {};
}

json guess_json(const conversion::EmotionGuess& guess) {
  json cues = json::array();
  for (const conversion::EmotionCue& cue : guess.cues)
    cues.push_back(
        {{"name", cue.name}, {"change", cue.change}, {"unit", cue.unit}, {"arousal", cue.arousal}});
  // Pleasant or not cannot be told from prosody.
  return {{"arousal", guess.arousal},
          {"valence", nullptr},
          {"confidence", guess.confidence},
          {"cues", cues}};
}

Result<void> show_emotion(const MannerRequest& request, const Context& context) {
  SYRINX_ASSIGN(const auto heard, hear(request.file, context));
  SYRINX_ASSIGN(const auto neutral, hear(request.neutral, context));
  SYRINX_ASSIGN(const auto guess, conversion::guess_emotion(conversion::summarise(heard),
                                                            conversion::summarise(neutral)));
  if (context.json) {
    json document = guess_json(guess);
    document["file"] = request.file;
    document["neutral"] = request.neutral;
    print_json(document);
    return {};
  }
  std::printf("arousal    %+.2f of 1, confidence %.2f of 1\n", guess.arousal, guess.confidence);
  for (const conversion::EmotionCue& cue : guess.cues)
    std::printf("  %-8s %+.2f (%.2f %s)\n", cue.name.c_str(), cue.arousal, cue.change,
                cue.unit.c_str());
  std::printf("pleasant or not cannot be told from these\n");
  return {};
}

}  // namespace

void add_manner_commands(CLI::App& voices, Context& context) {
  auto request = std::make_shared<MannerRequest>();
  CLI::App* manner =
      add_part(voices, context, "manner", "How somebody speaks, and how evenly over a long sound",
               request, show_manner);
  manner->add_option("file", request->file, "A recording")->required();
  CLI::App* emotion = add_part(
      voices, context, "emotion",
      "How excited somebody sounds beside their neutral voice: by prosody alone, with confidence",
      request, show_emotion);
  emotion->add_option("file", request->file, "A recording")->required();
  emotion->add_option("--neutral", request->neutral, "The same person speaking as always")
      ->type_name("FILE")
      ->required();
}

}  // namespace syrinx::cli
