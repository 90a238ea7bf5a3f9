// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <map>

#include "syrinx/apps/cli/command.h"
#include "syrinx/apps/cli/completion_scripts.h"
#include "syrinx/engines/tts/voices.h"

namespace syrinx::cli {
namespace {

// What an option's value can be, by the type name that --help shows.
std::vector<std::string> values_of(const std::string& type_name) {
  if (type_name == "FORMAT") return {"wav", "flac", "ogg", "opus", "mp3", "aiff", "raw"};
  if (type_name == "ENCODING") return {"int16", "int24", "int32", "float32"};
  if (type_name == "TARGET") return {"female", "male", "child", "senior"};
  if (type_name == "EMOTION") return {"happy", "angry", "sad", "fearful", "calm", "bored"};
  if (type_name == "MODE") return {"low", "balanced", "high"};
  if (type_name == "LINK") return {"linked", "independent", "mid-side"};
  if (type_name != "NAME") return {};
  std::vector<std::string> names;
  for (const auto& voice : tts::available_voices()) names.push_back(voice.name);
  return names;
}

CompletionOption describe_option(const CLI::Option& option) {
  CompletionOption described;
  described.long_name = "--" + option.get_lnames().front();
  if (!option.get_snames().empty()) described.short_name = "-" + option.get_snames().front();
  described.description = option.get_description();
  described.takes_value = option.get_expected_max() > 0 && option.get_type_size_max() > 0;
  described.takes_file = described.takes_value && option.get_type_name() == "FILE";
  if (described.long_name != "--device") described.values = values_of(option.get_type_name());
  return described;
}

std::vector<CompletionCommand> describe_program(const CLI::App& app) {
  std::vector<CompletionCommand> commands;
  for (const CLI::App* sub : app.get_subcommands([](const CLI::App*) { return true; })) {
    CompletionCommand command;
    command.name = sub->get_name();
    command.description = sub->get_description();
    for (const CLI::Option* option : sub->get_options()) {
      if (!option->get_lnames().empty()) command.options.push_back(describe_option(*option));
    }
    if (command.name == "completion") command.arguments = {"bash", "zsh", "fish"};
    commands.push_back(std::move(command));
  }
  return commands;
}

}  // namespace

void add_completion_command(CLI::App& app, Context& context) {
  CLI::App* command = app.add_subcommand("completion", "Print a shell's completion script");
  auto shell = std::make_shared<std::string>();
  command->add_option("shell", *shell, "bash, zsh or fish")
      ->required()
      ->type_name("SHELL")
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  command->footer(
      "Examples:\n"
      "  source <(syrinx completion bash)      now; add the line to ~/.bashrc for good\n"
      "  syrinx completion zsh > \"${fpath[1]}/_syrinx\"\n"
      "  syrinx completion fish > ~/.config/fish/completions/syrinx.fish");
  command->callback([shell, &app, &context] {
    using Script = std::string (*)(const std::vector<CompletionCommand>&);
    const std::map<std::string, Script> scripts = {
        {"bash", bash_completion}, {"zsh", zsh_completion}, {"fish", fish_completion}};
    std::printf("%s", scripts.at(*shell)(describe_program(app)).c_str());
    context.exit_code = 0;
  });
}

}  // namespace syrinx::cli
