// SPDX-License-Identifier: Apache-2.0
#include <cstdio>

#include "syrinx/apps/cli/command.h"
#include "syrinx/engines/tts/voices.h"

namespace syrinx::cli {
namespace {

nlohmann::json to_json(const acoustic::VoiceInfo& voice) {
  return {{"name", voice.name},
          {"engine", voice.engine},
          {"language", voice.language},
          {"gender", voice.gender},
          {"description", voice.description},
          {"licence", voice.licence},
          {"sample_rate_hz", voice.sample_rate_hz},
          {"default", voice.name == tts::kDefaultVoice}};
}

void print_table(const std::vector<acoustic::VoiceInfo>& voices) {
  std::printf("%-8s %-7s %-9s %-7s %-9s %s\n", "NAME", "ENGINE", "LANGUAGE", "GENDER", "RATE",
              "DESCRIPTION");
  for (const auto& voice : voices) {
    const std::string mark = voice.name == tts::kDefaultVoice ? " (default)" : "";
    std::printf("%-8s %-7s %-9s %-7s %-9s %s%s\n", voice.name.c_str(), voice.engine.c_str(),
                voice.language.c_str(), voice.gender.c_str(),
                (std::to_string(voice.sample_rate_hz) + " Hz").c_str(), voice.description.c_str(),
                mark.c_str());
  }
}

}  // namespace

void add_voices_command(CLI::App& app, Context& context) {
  CLI::App* command = app.add_subcommand("voices", "List the voices that can speak");
  add_json_option(*command, context, "{\"voices\": [...]}");
  command->footer(
      "Examples:\n"
      "  syrinx voices                         a table\n"
      "  syrinx voices --json | jq -r '.voices[].name'\n"
      "  syrinx say --voice rms \"Hello.\"       speak with one of them");
  command->callback([&context] {
    const auto voices = tts::available_voices();
    if (!context.json) return print_table(voices);
    nlohmann::json list = nlohmann::json::array();
    for (const auto& voice : voices) list.push_back(to_json(voice));
    print_json({{"voices", list}});
  });
}

}  // namespace syrinx::cli
