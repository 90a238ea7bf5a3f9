// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/cli/virtual_microphone.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

namespace syrinx::cli {
namespace {

struct Answer {
  int exit_code = -1;
  std::string out;
};

// Runs pactl to its end, its complaints unseen.
Answer pactl(const std::vector<std::string>& arguments) {
  std::vector<std::string> words = {"pactl"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  std::array<int, 2> ends{};
  Answer answer;
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return answer;
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  pid_t pid = -1;
  const int started = ::posix_spawnp(&pid, "pactl", &actions, nullptr, argv.data(), ::environ);
  ::posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  std::array<char, 512> bytes{};
  for (ssize_t got = 0; started == 0 && (got = ::read(ends[0], bytes.data(), bytes.size())) > 0;)
    answer.out.append(bytes.data(), static_cast<std::size_t>(got));
  ::close(ends[0]);
  int status = 0;
  if (started == 0 && ::waitpid(pid, &status, 0) == pid && WIFEXITED(status))
    answer.exit_code = WEXITSTATUS(status);
  return answer;
}

Error no_server() {
  return make_error(ErrorCode::kUnavailable,
                    "no virtual microphone can be made: `pactl info` does not answer; install "
                    "pulseaudio-utils, and have PulseAudio or PipeWire's pulse server running");
}

std::string first_word(const std::string& text) {
  return text.substr(0, text.find_first_of(" \n"));
}

}  // namespace

Result<std::unique_ptr<VirtualMicrophone>> VirtualMicrophone::create() {
  if (pactl({"info"}).exit_code != 0) return no_server();
  for (const char* kind : {"sinks", "sources"})
    if (pactl({"list", "short", kind}).out.find(std::string("\t") + sink() + "\t") !=
        std::string::npos)
      return make_error(ErrorCode::kInvalidArgument, "there is a sink '", sink(),
                        "' already; another `syrinx live --virtual-microphone` seems to run");
  const std::vector<std::vector<std::string>> loads = {
      {"load-module", "module-null-sink", std::string("sink_name=") + sink(),
       "sink_properties=device.description=Syrinx_Live"},
      {"load-module", "module-remap-source", std::string("master=") + sink() + ".monitor",
       "source_name=syrinx_microphone",
       std::string("source_properties=device.description=") + shown_as()}};
  std::unique_ptr<VirtualMicrophone> made(new VirtualMicrophone);
  for (const auto& load : loads) {
    const Answer answer = pactl(load);
    if (answer.exit_code != 0)
      return make_error(ErrorCode::kUnavailable, "the sound server refused `pactl load-module ",
                        load[1], "`; see docs/live.md for doing it by hand");
    made->modules_.push_back(first_word(answer.out));
  }
  return made;
}

VirtualMicrophone::~VirtualMicrophone() {
  for (auto module = modules_.rbegin(); module != modules_.rend(); ++module)
    pactl({"unload-module", *module});
}

PulseSink::PulseSink(const char* sink) {
  if (const char* former = std::getenv("PULSE_SINK")) {
    was_set_ = true;
    former_ = former;
  }
  ::setenv("PULSE_SINK", sink, 1);
}
PulseSink::~PulseSink() {
  if (was_set_) {
    ::setenv("PULSE_SINK", former_.c_str(), 1);
  } else {
    ::unsetenv("PULSE_SINK");
  }
}

}  // namespace syrinx::cli
