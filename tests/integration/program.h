// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace syrinx::support {

struct Finished {
  int exit_code = -1;  // 128 + signal when one ended it.
  std::string out;
  std::string err;
};

// A running `syrinx`, with pipes to its standard streams. Killed if it outlives this.
class Program {
 public:
  // `terminal`: standard error is a pseudo-terminal, so that the program draws for a person.
  explicit Program(const std::vector<std::string>& arguments, bool terminal = false);
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  void write(const std::string& text);
  void close_input();
  void close_output();
  // The next `bytes` of standard output; fewer only at its end, or after ten seconds.
  std::string read_output(std::size_t bytes);
  void signal(int number);
  // Reads both outputs to their end and waits.
  Finished finish();

 private:
  pid_t pid_ = -1;
  int in_ = -1;
  int out_ = -1;
  int err_ = -1;
};

// Runs `syrinx` with these arguments and this standard input to its end.
Finished run_syrinx(const std::vector<std::string>& arguments, const std::string& input = "");

// One of the built-in voices says something, in a file called after it.
std::string said_by(const std::string& voice, const std::filesystem::path& folder);

}  // namespace syrinx::support
