// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/cli/completion_scripts.h"

#include <sstream>

namespace syrinx::cli {
namespace {

std::string join(const std::vector<std::string>& words) {
  std::string joined;
  for (const std::string& word : words) joined += (joined.empty() ? "" : " ") + word;
  return joined;
}

// The text inside single quotes of any of the shells.
std::string quoted(const std::string& text) {
  std::string safe = "'";
  for (const char c : text) safe += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return safe + "'";
}

// The same where zsh would read [ ] : in a description.
std::string zsh_escaped(const std::string& text) {
  std::string safe;
  for (const char c : text) {
    if (c == '[' || c == ']' || c == ':' || c == '\\') safe += '\\';
    safe += c;
  }
  return safe;
}

std::vector<std::string> option_names(const CompletionCommand& command) {
  std::vector<std::string> names;
  for (const CompletionOption& option : command.options) {
    names.push_back(option.long_name);
    if (!option.short_name.empty()) names.push_back(option.short_name);
  }
  return names;
}

std::string bash_value_case(const CompletionOption& option) {
  const std::string pattern =
      option.long_name + (option.short_name.empty() ? "" : "|" + option.short_name);
  const std::string words = option.takes_file ? "COMPREPLY=($(compgen -f -- \"$word\"))"
                                              : "COMPREPLY=($(compgen -W " +
                                                    quoted(join(option.values)) + " -- \"$word\"))";
  return "        " + pattern + ") " + words + "; return ;;\n";
}

std::string zsh_option(const CompletionOption& option) {
  std::string spec = "[" + zsh_escaped(option.description) + "]";
  if (option.takes_file)
    spec += ":file:_files";
  else if (option.takes_value)
    spec += ":value:(" + join(option.values) + ")";
  std::string lines = "        " + quoted(option.long_name + spec) + " \\\n";
  if (!option.short_name.empty()) lines += "        " + quoted(option.short_name + spec) + " \\\n";
  return lines;
}

std::string fish_option(const std::string& command, const CompletionOption& option) {
  std::string line = "complete -c syrinx -n '__fish_seen_subcommand_from " + command + "' -l " +
                     option.long_name.substr(2);
  if (!option.short_name.empty()) line += " -s " + option.short_name.substr(1);
  if (option.takes_file)
    line += " -r -F";
  else if (option.takes_value)
    line += " -x -a " + quoted(join(option.values));
  return line + " -d " + quoted(option.description) + "\n";
}

}  // namespace

std::string bash_completion(const std::vector<CompletionCommand>& commands) {
  std::ostringstream script;
  std::vector<std::string> names;
  for (const auto& command : commands) names.push_back(command.name);
  script << "# Bash completion of syrinx: source <(syrinx completion bash)\n"
         << "_syrinx() {\n"
         << "  local word=\"${COMP_WORDS[COMP_CWORD]}\" before=\"${COMP_WORDS[COMP_CWORD-1]}\"\n"
         << "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
         << "    COMPREPLY=($(compgen -W " << quoted(join(names) + " --help --version --verbose")
         << " -- \"$word\")); return\n  fi\n"
         << "  case \"${COMP_WORDS[1]}\" in\n";
  for (const auto& command : commands) {
    script << "    " << command.name << ")\n      case \"$before\" in\n";
    for (const auto& option : command.options) {
      if (option.takes_value) script << bash_value_case(option);
    }
    script << "      esac\n      case \"$word\" in\n        -*) COMPREPLY=($(compgen -W "
           << quoted(join(option_names(command)))
           << " -- \"$word\")) ;;\n        *) COMPREPLY=($(compgen "
           << (command.arguments.empty() ? "-f" : "-W " + quoted(join(command.arguments)))
           << " -- \"$word\")) ;;\n      esac ;;\n";
  }
  script << "  esac\n}\ncomplete -o filenames -F _syrinx syrinx\n";
  return script.str();
}

std::string zsh_completion(const std::vector<CompletionCommand>& commands) {
  std::ostringstream script;
  script << "#compdef syrinx\n# Zsh completion of syrinx: source <(syrinx completion zsh)\n"
         << "_syrinx() {\n  local -a commands\n  commands=(\n";
  for (const auto& command : commands) {
    script << "    " << quoted(command.name + ":" + zsh_escaped(command.description)) << "\n";
  }
  script << "  )\n  if (( CURRENT == 2 )); then _describe 'command' commands; return; fi\n"
         << "  local chosen=$words[2]\n  shift words; (( CURRENT-- ))\n  case $chosen in\n";
  for (const auto& command : commands) {
    script << "    " << command.name << ")\n      _arguments \\\n";
    for (const auto& option : command.options) script << zsh_option(option);
    const std::string rest = command.arguments.empty()
                                 ? std::string("*:file:_files")
                                 : "*:argument:(" + join(command.arguments) + ")";
    script << "        " << quoted(rest) << " ;;\n";
  }
  script << "  esac\n}\ncompdef _syrinx syrinx\n";
  return script.str();
}

std::string fish_completion(const std::vector<CompletionCommand>& commands) {
  std::ostringstream script;
  script << "# Fish completion of syrinx: syrinx completion fish | source\n";
  for (const auto& command : commands) {
    script << "complete -c syrinx -n __fish_use_subcommand -f -a " << command.name << " -d "
           << quoted(command.description) << "\n";
    for (const auto& option : command.options) script << fish_option(command.name, option);
    if (!command.arguments.empty())
      script << "complete -c syrinx -n '__fish_seen_subcommand_from " << command.name << "' -f -a "
             << quoted(join(command.arguments)) << "\n";
  }
  return script.str();
}

}  // namespace syrinx::cli
