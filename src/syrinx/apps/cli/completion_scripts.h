// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

// Shell completion scripts, made from a description of the program's own commands, so that they can
// never offer what the program does not take.
namespace syrinx::cli {

struct CompletionOption {
  std::string long_name;   // "--voice"
  std::string short_name;  // "-V", or "".
  std::string description;
  bool takes_value = false;
  bool takes_file = false;          // The value is a file name.
  std::vector<std::string> values;  // What the value can be, when that is a short list.
};

struct CompletionCommand {
  std::string name;
  std::string description;
  std::vector<CompletionOption> options;
  std::vector<std::string> arguments;  // What positional arguments can be; files when empty.
};

std::string bash_completion(const std::vector<CompletionCommand>& commands);
std::string zsh_completion(const std::vector<CompletionCommand>& commands);
std::string fish_completion(const std::vector<CompletionCommand>& commands);

}  // namespace syrinx::cli
