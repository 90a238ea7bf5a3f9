// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdio>

#include "syrinx/apps/cli/command.h"
#include "syrinx/apps/cli/voices_manner.h"
#include "syrinx/apps/cli/voices_profiles.h"
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

// Of a model of many speakers, a table names so many.
constexpr std::size_t kMostSpeakers = 4;

std::string model_of(const acoustic::VoiceInfo& voice) {
  return voice.name.substr(0, voice.name.find(':'));
}

void print_row(const acoustic::VoiceInfo& voice, int width) {
  const std::string mark = voice.name == tts::kDefaultVoice ? " (default)" : "";
  std::printf("%-*s %-7s %-9s %-7s %-9s %s%s\n", width, voice.name.c_str(), voice.engine.c_str(),
              voice.language.c_str(), voice.gender.c_str(),
              (std::to_string(voice.sample_rate_hz) + " Hz").c_str(), voice.description.c_str(),
              mark.c_str());
}

void print_table(const std::vector<acoustic::VoiceInfo>& voices) {
  std::size_t width = 8;
  for (const auto& voice : voices) width = std::max(width, voice.name.size());
  const int column = static_cast<int>(std::min<std::size_t>(width, 40));
  std::printf("%-*s %-7s %-9s %-7s %-9s %s\n", column, "NAME", "ENGINE", "LANGUAGE", "GENDER",
              "RATE", "DESCRIPTION");
  for (std::size_t at = 0; at < voices.size();) {
    std::size_t end = at + 1;
    const bool is_speaker = model_of(voices[at]) != voices[at].name;
    while (is_speaker && end < voices.size() && model_of(voices[end]) == model_of(voices[at]))
      ++end;
    const std::size_t shown = end - at > kMostSpeakers + 1 ? kMostSpeakers : end - at;
    for (std::size_t i = at; i < at + shown; ++i) print_row(voices[i], column);
    if (shown < end - at)
      std::printf("  and %zu more speakers of %s (--json lists them)\n", end - at - shown,
                  model_of(voices[at]).c_str());
    at = end;
  }
}

void print_aliases(const std::vector<tts::VoiceAlias>& aliases) {
  std::printf("\nOther names:");
  for (const tts::VoiceAlias& alias : aliases)
    std::printf("%s %s (%s)", &alias == aliases.data() ? "" : ",", alias.name.c_str(),
                alias.voice.c_str());
  std::printf("\n");
}

nlohmann::json to_json(const std::vector<tts::VoiceAlias>& aliases) {
  nlohmann::json list = nlohmann::json::array();
  for (const tts::VoiceAlias& alias : aliases)
    list.push_back({{"name", alias.name}, {"voice", alias.voice}, {"own", alias.own}});
  return list;
}

}  // namespace

void add_voices_command(CLI::App& app, Context& context) {
  CLI::App* command = app.add_subcommand("voices", "List the voices that can speak");
  add_json_option(*command, context, "{\"voices\": [...], \"aliases\": [...]}");
  command->footer(
      "Examples:\n"
      "  syrinx voices                         a table\n"
      "  syrinx voices --json | jq -r '.voices[].name'\n"
      "  SYRINX_MODELS=models syrinx voices     those of the models in another folder\n"
      "  syrinx say --voice rms \"Hello.\"       speak with one of them\n"
      "  syrinx voices learn anna a.wav b.wav --consent \"Anna, by letter\"\n"
      "  syrinx voices compare anna c.wav      how two voices differ\n"
      "  syrinx voices like c.wav --to anna -o like_anna.wav\n"
      "  syrinx voices like c.wav --morph anna:0.7,b.wav:0.3 -o between.wav\n"
      "  syrinx voices manner long.wav         pitch, melody, pace, and where they change\n"
      "  syrinx voices emotion a.wav --neutral b.wav   how excited, by prosody");
  add_profile_commands(*command, context);
  add_manner_commands(*command, context);
  command->callback([&context, command] {
    if (!command->get_subcommands().empty()) return;
    const auto voices = tts::available_voices();
    const auto aliases = tts::voice_aliases();
    if (!context.json) {
      print_table(voices);
      return print_aliases(aliases);
    }
    nlohmann::json list = nlohmann::json::array();
    for (const auto& voice : voices) list.push_back(to_json(voice));
    print_json({{"voices", list}, {"aliases", to_json(aliases)}});
  });
}

}  // namespace syrinx::cli
