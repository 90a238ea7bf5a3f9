// SPDX-License-Identifier: Apache-2.0
#include "intelligibility/child_process.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

extern char** environ;

namespace syrinx::bench {
namespace {

Error spawn_error(const std::string& program, int number) {
  return make_error(number == ENOENT ? ErrorCode::kNotFound : ErrorCode::kIo, "cannot run '",
                    program, "': ", std::generic_category().message(number));
}

std::string read_to_end(int fd) {
  std::string text;
  std::array<char, 4'096> chunk{};
  for (;;) {
    const auto got = ::read(fd, chunk.data(), chunk.size());
    if (got > 0) text.append(chunk.data(), static_cast<std::size_t>(got));
    if (got == 0 || (got < 0 && errno != EINTR)) return text;
  }
}

int spawn_with_stdout(const std::vector<std::string>& command, int out, bool hushed, pid_t& child) {
  std::vector<char*> arguments;
  for (const auto& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
  if (hushed) ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  const int status =
      ::posix_spawnp(&child, arguments[0], &actions, nullptr, arguments.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  return status;
}

Result<void> wait_for(pid_t child, const std::string& program) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
  return make_error(ErrorCode::kIo, "'", program, "' ended with ",
                    WIFEXITED(status) ? "exit status " : "signal ",
                    WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status));
}

}  // namespace

Result<std::string> run_program(const std::vector<std::string>& command, bool hushed) {
  if (command.empty()) return make_error(ErrorCode::kInvalidArgument, "no program to run");
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return spawn_error(command[0], errno);
  pid_t child = 0;
  const int failed = spawn_with_stdout(command, ends[1], hushed, child);
  ::close(ends[1]);
  std::string text = failed == 0 ? read_to_end(ends[0]) : std::string();
  ::close(ends[0]);
  if (failed != 0) return spawn_error(command[0], failed);
  SYRINX_TRY(wait_for(child, command[0]));
  return text;
}

}  // namespace syrinx::bench
