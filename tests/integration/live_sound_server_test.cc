// SPDX-License-Identifier: Apache-2.0
// `syrinx live` with a PulseAudio of its own, whose null sink needs no sound card.
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "integration/program.h"
#include "support/need_sound_server.h"
#include "support/test_data.h"
#include "syrinx/core/io/audio_file.h"

namespace syrinx {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using support::Finished;

std::string output_of(const std::string& command) {
  std::string out;
  FILE* pipe = ::popen((command + " 2>/dev/null").c_str(), "r");
  std::array<char, 4'096> bytes{};
  while (pipe != nullptr && std::fgets(bytes.data(), bytes.size(), pipe) != nullptr)
    out += bytes.data();
  if (pipe != nullptr) ::pclose(pipe);
  return out;
}

void pause_ms(int ms) { std::this_thread::sleep_for(std::chrono::milliseconds(ms)); }

// A PulseAudio that nobody else sees, and ALSA's devices that lead to it: syrinx_sink to play to,
// syrinx_monitor to hear what is played there.
class SoundServer {
 public:
  SoundServer() : folder_(support::scratch_dir()) {
    set("XDG_RUNTIME_DIR", folder_ / "run");
    set("PULSE_RUNTIME_PATH", folder_ / "run/pulse");
    set("XDG_CONFIG_HOME", folder_ / "home");
    fs::create_directories(folder_ / "run");
    fs::create_directories(folder_ / "home");
    std::ofstream(folder_ / "asound.conf")
        << "pcm.syrinx_sink { type pulse device \"syrinx_test\" hint { show on description \"s\" } "
           "}\npcm.syrinx_monitor { type pulse device \"syrinx_test.monitor\" hint { show on "
           "description \"m\" } }\n";
    set("ALSA_CONFIG_PATH", "/usr/share/alsa/alsa.conf:" + (folder_ / "asound.conf").string());
    start();
  }
  ~SoundServer() {
    if (pid_ > 0) {
      ::kill(pid_, SIGTERM);
      ::waitpid(pid_, nullptr, 0);
    }
    for (const auto& name : names_) ::unsetenv(name.c_str());
  }

  // Whether it answers, which may take a while.
  bool answers() const {
    for (int i = 0; i < 100; ++i) {
      if (!output_of("pactl info").empty()) return true;
      pause_ms(100);
    }
    return false;
  }

 private:
  void set(const std::string& name, const std::string& value) {
    ::setenv(name.c_str(), value.c_str(), 1);
    names_.push_back(name);
  }
  void start() {
    std::vector<std::string> words = {"pulseaudio",
                                      "-n",
                                      "--daemonize=no",
                                      "--exit-idle-time=-1",
                                      "--disable-shm",
                                      "--log-target=file:" + (folder_ / "log").string(),
                                      "-L",
                                      "module-null-sink sink_name=syrinx_test rate=48000",
                                      "-L",
                                      "module-native-protocol-unix"};
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    if (::posix_spawnp(&pid_, "pulseaudio", nullptr, nullptr, argv.data(), ::environ) != 0)
      pid_ = -1;
  }

  fs::path folder_;
  std::vector<std::string> names_;
  pid_t pid_ = -1;
};

TEST(LiveWithASoundServer, TheDelayThroughItIsMeasured) {
  SYRINX_NEED_SOUND_SERVER();
  const SoundServer server;
  ASSERT_TRUE(server.answers());
  const Finished done =
      support::run_syrinx({"live", "--json", "--quiet", "--latency-test", "--mode", "low",
                           "--input-device", "syrinx_monitor", "--output-device", "syrinx_sink"});
  ASSERT_EQ(done.exit_code, 0) << done.err;
  const json report = json::parse(done.out);
  EXPECT_GE(report["latency"]["bursts_found"], 3);
  EXPECT_GT(report["latency"]["measured_ms"], report["latency"]["algorithm_ms"]);
  EXPECT_EQ(report["ends"]["input"]["device"], "syrinx_monitor");
}

TEST(LiveWithASoundServer, ItsDevicesAreListed) {
  SYRINX_NEED_SOUND_SERVER();
  const SoundServer server;
  ASSERT_TRUE(server.answers());
  const Finished done = support::run_syrinx({"live", "--list-devices"});
  EXPECT_EQ(done.exit_code, 0) << done.err;
  EXPECT_NE(done.out.find("syrinx_sink"), std::string::npos) << done.out;
}

// What another program hears of a source for two seconds.
float loudest_of(const std::string& source, const std::string& scratch) {
  output_of("timeout 2 parec -d " + source + " --format=float32le --channels=1 > " + scratch);
  std::ifstream file(scratch, std::ios::binary);
  float loudest = 0.0f;
  for (float x = 0.0f; file.read(reinterpret_cast<char*>(&x), sizeof x);)
    loudest = std::max(loudest, std::abs(x));
  return loudest;
}

TEST(LiveWithASoundServer, OtherProgramsHearTheVirtualMicrophoneWhichGoesAway) {
  SYRINX_NEED_SOUND_SERVER();
  const SoundServer server;
  ASSERT_TRUE(server.answers());
  const fs::path folder = support::scratch_dir();
  AudioBuffer sound(1, 48'000 * 40, 48'000);
  for (std::size_t i = 0; i < sound.frames(); ++i)
    sound.channel(0)[i] = 0.4f * static_cast<float>(std::sin(0.03 * static_cast<double>(i)));
  ASSERT_TRUE(io::write_audio(folder / "in.wav", sound));
  support::Program program(
      {"live", "--quiet", "--input", folder / "in.wav", "--virtual-microphone"});
  std::string sources;
  for (int i = 0; i < 100 && sources.find("syrinx_microphone") == std::string::npos; ++i) {
    pause_ms(50);
    sources = output_of("pactl list short sources");
  }
  EXPECT_NE(sources.find("syrinx_microphone"), std::string::npos) << sources;
  // The source is there before the first sound: on a busy machine, seconds before.
  float loudest = 0.0f;
  for (int i = 0; i < 8 && loudest <= 0.1f; ++i)
    loudest = loudest_of("syrinx_microphone", folder / "heard.raw");
  const auto second = support::run_syrinx({"live", "--virtual-microphone", "--duration", "1"});
  EXPECT_EQ(second.exit_code, 2) << "one at a time";
  program.signal(SIGINT);
  const Finished done = program.finish();
  EXPECT_EQ(done.exit_code, 0) << done.err;
  EXPECT_GT(loudest, 0.1f);
  sources = output_of("pactl list short sources");
  EXPECT_EQ(sources.find("syrinx_microphone"), std::string::npos) << sources;
  EXPECT_EQ(output_of("pactl list short sinks").find("syrinx_live"), std::string::npos);
}

TEST(LiveWithASoundServer, WithoutOneAVirtualMicrophoneIsRefused) {
  ::setenv("PULSE_SERVER", "unix:/nonexistent", 1);
  const Finished done = support::run_syrinx(
      {"live", "--virtual-microphone", "--input-device", "null-realtime", "--duration", "1"});
  ::unsetenv("PULSE_SERVER");
  EXPECT_EQ(done.exit_code, 5);
  EXPECT_NE(done.err.find("pulseaudio-utils"), std::string::npos) << done.err;
}

}  // namespace
}  // namespace syrinx
