// SPDX-License-Identifier: Apache-2.0
// `syrinx live` as a user meets it: files, loops, devices that are not there, signals.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <csignal>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <random>
#include <thread>

#include "integration/program.h"
#include "support/need_onnx.h"
#include "support/test_data.h"
#include "syrinx/core/io/audio_file.h"
#include "syrinx/engines/conversion/conversion_stream.h"

namespace syrinx {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using support::Finished;
using support::run_syrinx;

// A voice of 120 Hz with harmonics, on some noise.
AudioBuffer voice(double seconds, int rate_hz, float noise = 0.0f) {
  std::mt19937 engine(2);
  std::normal_distribution<float> spread(0.0f, std::max(noise, 1e-9f));
  AudioBuffer audio(1, static_cast<std::size_t>(seconds * rate_hz), rate_hz);
  for (std::size_t i = 0; i < audio.frames(); ++i) {
    const double t = static_cast<double>(i) / rate_hz;
    double sum = 0.0;
    for (int h = 1; h <= 10; ++h) sum += std::sin(6.283185307 * 120.0 * h * t) / h;
    audio.channel(0)[i] = 0.2f * static_cast<float>(sum) + spread(engine);
  }
  return audio;
}

struct Folder {
  fs::path path = support::scratch_dir();
  std::string in = path / "in.wav";
  std::string out = path / "out.wav";
  explicit Folder(const AudioBuffer& sound) { EXPECT_TRUE(io::write_audio(in, sound)); }
};

json live(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"live", "--json", "--quiet"});
  const Finished done = run_syrinx(arguments);
  EXPECT_EQ(done.exit_code, 0) << done.err;
  return done.exit_code == 0 ? json::parse(done.out) : json();
}

double median_f0(const std::string& path) {
  auto reader = io::AudioReader::open(path).value();
  return conversion::summarise_f0(reader).value().median_hz;
}

TEST(Live, AFileComesOutHigherInTimeAndAsLong) {
  const Folder folder(voice(2.0, 16'000));
  const json report = live({"--input", folder.in, "--output", folder.out, "--pitch", "7"});
  const auto out = io::read_audio(folder.out).value();
  EXPECT_EQ(out.frames(), 32'000u);
  EXPECT_NEAR(median_f0(folder.out), 120.0 * std::exp2(7.0 / 12.0), 2.0);
  EXPECT_GT(report["latency"]["algorithm_ms"], 5.0);
  EXPECT_LT(report["latency"]["algorithm_ms"], 50.0);
}

TEST(Live, ATargetIsReachedFromTheVoiceThatTheFileHas) {
  const Folder folder(voice(2.0, 16'000));
  const json report = live({"--input", folder.in, "--output", folder.out, "--to", "female"});
  EXPECT_NEAR(report["source_f0_hz"].get<double>(), 120.0, 2.0);
  EXPECT_NEAR(median_f0(folder.out), 210.0, 8.0);
}

TEST(Live, BypassGivesTheFileBack) {
  const Folder folder(voice(1.0, 44'100));
  live({"--input", folder.in, "--output", folder.out, "--pitch", "7", "--bypass", "--mode", "low"});
  const auto in = io::read_audio(folder.in).value();
  const auto out = io::read_audio(folder.out).value();
  ASSERT_EQ(out.frames(), in.frames());
  for (std::size_t i = 4'410; i < in.frames(); ++i)  // Once the bypass has faded in.
    ASSERT_NEAR(out.channel(0)[i], in.channel(0)[i], 1e-4f) << i;
}

TEST(Live, DenoisersAreReachedByTheirNames) {
  const Folder folder(voice(2.0, 48'000, 0.05f));
  std::vector<std::string> kinds = {"statistical"};
  const bool networks = nn::OnnxRuntime::load() && fs::exists(support::data_path("models/dtln"));
  if (networks) kinds.insert(kinds.end(), {"gtcrn", "dtln"});
  const double off =
      live({"--input", folder.in, "--output", folder.out})["latency"]["algorithm_ms"];
  for (const std::string& kind : kinds) {
    const json report = live({"--input", folder.in, "--output", folder.out, "--denoise", kind,
                              "--models", support::data_path("models")});
    const double more_ms = report["latency"]["algorithm_ms"].get<double>() - off;
    EXPECT_GT(more_ms, 19.0) << kind;
    EXPECT_LT(more_ms, 40.0) << kind;
  }
}

TEST(Live, AFileAtTheDevicesPaceTakesAsLongAsItLastsAndLosesNothing) {
  const Folder folder(voice(1.5, 16'000));
  const auto begin = std::chrono::steady_clock::now();
  const json report =
      live({"--input", folder.in, "--output", folder.out, "--real-time", "--pitch", "4"});
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  EXPECT_GE(took.count(), 1.4);
  EXPECT_EQ(report["overruns"], 0);
  EXPECT_GE(io::read_audio(folder.out).value().frames(), 24'000u);
}

TEST(Live, TheDelayThroughALoopIsMeasuredAndIsWhatItsPartsSay) {
  const json report = live({"--input-device", "loopback", "--output-device", "loopback",
                            "--latency-test", "--mode", "low"});
  const double own_ms = report["latency"]["algorithm_ms"];
  const double least_ms = report["latency"]["measured_least_ms"];
  EXPECT_LT(own_ms, 25.0);
  EXPECT_GE(report["latency"]["bursts_found"], 3);
  // The voice's own, the loop's 20 ms, a block on the way in and the queue; not less.
  EXPECT_GE(least_ms, own_ms + 20.0);
  EXPECT_LT(least_ms, own_ms + 20.0 + 60.0);
}

// Five seconds of what `syrinx_live_bench soak` does for ten minutes.
TEST(Live, ASoakThroughALoopCountsItsGlitches) {
  const json report = live({"--input-device", "loopback", "--output-device", "loopback", "--to",
                            "female", "--source-f0", "110", "--duration", "5"});
  EXPECT_GE(report["frames"], 48'000 * 4);
  ASSERT_TRUE(report["glitches"].is_number());
  // Where the machine is busy with other things there may be some; each is a gap that was heard.
  EXPECT_LT(report["underrun_frames"], 48'000);
  EXPECT_EQ(report["steps"][0]["level"], "balanced");
}

TEST(Live, ControlCEndsItInOrderAndTheFileIsWhole) {
  const fs::path folder = support::scratch_dir();
  const std::string out = folder / "out.wav";
  support::Program program({"live", "--json", "--input-device", "null-realtime", "--output", out});
  std::this_thread::sleep_for(std::chrono::milliseconds(800));
  program.signal(SIGINT);
  const Finished done = program.finish();
  EXPECT_EQ(done.exit_code, 0) << done.err;
  EXPECT_TRUE(json::parse(done.out).contains("glitches"));
  EXPECT_TRUE(io::read_audio(out));
}

TEST(Live, MetersAreDrawnOnATerminal) {
  support::Program program({"live", "--input-device", "null-realtime", "--output-device",
                            "null-realtime", "--duration", "1"},
                           true);
  const Finished done = program.finish();
  EXPECT_EQ(done.exit_code, 0);
  EXPECT_NE(done.err.find("load"), std::string::npos) << done.err;
  EXPECT_NE(done.out.find("stepped down"), std::string::npos);
}

TEST(Live, RefusesWithASentenceAndAnExitCode) {
  const Folder folder(voice(0.2, 16'000));
  struct Refusal {
    std::vector<std::string> arguments;
    int exit_code;
    std::string says;
  };
  const std::vector<Refusal> refusals = {
      {{"--to", "giant", "--duration", "1"}, 2, "female"},
      {{"--to", "male", "--age", "70"}, 2, "two targets"},
      {{"--age", "200", "--input", folder.in, "-o", folder.out}, 2, "95"},
      {{"--mode", "fast", "--input", folder.in, "-o", folder.out}, 2, "balanced"},
      {{"--denoise", "loud", "--input", folder.in, "-o", folder.out}, 2, "gtcrn"},
      {{"--denoise", "gtcrn", "--models", "/nonexistent", "--input", folder.in, "-o", folder.out},
       3,
       "statistical"},
      {{"--formant", "9", "--input", folder.in, "-o", folder.out}, 2, "formant"},
      {{"--input", "/nonexistent.wav", "-o", folder.out}, 3, "nonexistent"},
      {{"--input-device", "no such device", "--output-device", "null-realtime"}, 3, "device"},
      {{"--input-device", "loopback", "--output-device", "null-realtime"}, 2, "both"},
      {{"--latency-test", "--input", folder.in}, 2, "devices"},
      {{"--virtual-microphone", "-o", folder.out}, 2, "output"},
      {{"--channels", "2", "--input", folder.in, "-o", folder.out}, 2, "channels"},
  };
  for (const Refusal& refusal : refusals) {
    std::vector<std::string> arguments = {"live"};
    arguments.insert(arguments.end(), refusal.arguments.begin(), refusal.arguments.end());
    const Finished done = run_syrinx(arguments);
    EXPECT_EQ(done.exit_code, refusal.exit_code) << refusal.arguments[0] << ": " << done.err;
    EXPECT_NE(done.err.find(refusal.says), std::string::npos) << done.err;
    EXPECT_FALSE(fs::exists(folder.out)) << refusal.arguments[0];
  }
}

}  // namespace
}  // namespace syrinx
