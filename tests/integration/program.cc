// SPDX-License-Identifier: Apache-2.0
#include "integration/program.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <sstream>
#include <utility>

namespace syrinx::support {
namespace {

struct Pipe {
  int read_end = -1;
  int write_end = -1;
};

Pipe make_pipe() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) std::abort();
  return {ends[0], ends[1]};
}

Pipe make_terminal() {
  Pipe terminal;
  if (openpty(&terminal.read_end, &terminal.write_end, nullptr, nullptr, nullptr) != 0)
    std::abort();
  fcntl(terminal.read_end, F_SETFD, FD_CLOEXEC);
  fcntl(terminal.write_end, F_SETFD, FD_CLOEXEC);
  return terminal;
}

void close_once(int& fd) {
  if (fd >= 0) close(std::exchange(fd, -1));
}

// The words that come before the program when it was built for another machine: qemu and its
// options.
std::vector<std::string> emulator() {
  std::istringstream joined(SYRINX_EMULATOR);
  std::vector<std::string> words;
  for (std::string word; std::getline(joined, word, '|');) words.push_back(word);
  return words;
}

[[noreturn]] void become_syrinx(const std::vector<std::string>& arguments, int in, int out,
                                int err) {
  dup2(in, STDIN_FILENO);
  dup2(out, STDOUT_FILENO);
  dup2(err, STDERR_FILENO);
  std::vector<std::string> words = emulator();
  words.push_back(SYRINX_PROGRAM);
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (auto& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  execvp(argv[0], argv.data());
  _exit(127);
}

// Appends what is ready; false at the end (a terminal's end is an error, EIO).
bool read_some(int fd, std::string& into, std::size_t most = 65'536) {
  std::array<char, 65'536> bytes;
  const ssize_t got = read(fd, bytes.data(), std::min(most, bytes.size()));
  if (got > 0) into.append(bytes.data(), static_cast<std::size_t>(got));
  return got > 0;
}

}  // namespace

Program::Program(const std::vector<std::string>& arguments, bool terminal) {
  ::signal(SIGPIPE, SIG_IGN);  // A program that reads no more is an error of write().
  const Pipe in = make_pipe(), out = make_pipe(), err = terminal ? make_terminal() : make_pipe();
  pid_ = fork();
  if (pid_ == 0) become_syrinx(arguments, in.read_end, out.write_end, err.write_end);
  close(in.read_end);
  close(out.write_end);
  close(err.write_end);
  in_ = in.write_end;
  out_ = out.read_end;
  err_ = err.read_end;
}

Program::~Program() {
  close_once(in_);
  close_once(out_);
  close_once(err_);
  if (pid_ <= 0) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

void Program::write(const std::string& text) {
  for (std::size_t at = 0; at < text.size();) {
    const ssize_t done = ::write(in_, text.data() + at, text.size() - at);
    if (done <= 0) return;
    at += static_cast<std::size_t>(done);
  }
}

void Program::close_input() { close_once(in_); }
void Program::close_output() { close_once(out_); }
void Program::signal(int number) { kill(pid_, number); }

std::string Program::read_output(std::size_t bytes) {
  std::string text;
  pollfd ready{out_, POLLIN, 0};
  while (text.size() < bytes && poll(&ready, 1, 10'000) > 0) {
    if (!read_some(out_, text, bytes - text.size())) break;
  }
  return text;
}

Finished Program::finish() {
  Finished finished;
  bool out_open = out_ >= 0, err_open = true;
  while (out_open || err_open) {
    std::array<pollfd, 2> ready{
        {{out_open ? out_ : -1, POLLIN, 0}, {err_open ? err_ : -1, POLLIN, 0}}};
    if (poll(ready.data(), ready.size(), 120'000) <= 0) break;
    if (ready[0].revents != 0) out_open = read_some(out_, finished.out);
    if (ready[1].revents != 0) err_open = read_some(err_, finished.err);
  }
  int status = 0;
  waitpid(std::exchange(pid_, -1), &status, 0);
  finished.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return finished;
}

Finished run_syrinx(const std::vector<std::string>& arguments, const std::string& input) {
  Program program(arguments);
  program.write(input);
  program.close_input();
  return program.finish();
}

std::string said_by(const std::string& voice, const std::filesystem::path& folder) {
  std::string file = folder / (voice + ".wav");
  const auto done = run_syrinx({"say", "-q", "--voice", voice, "-o", file,
                                "The old man walked along the river, and a boat came by."});
  EXPECT_EQ(done.exit_code, 0) << done.err;
  return file;
}

}  // namespace syrinx::support
