// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "echo/recordings.h"
#include "echo/scenarios.h"

// Echo cancellers beside each other in one run: in rooms made for it, and on real recordings.
namespace {

namespace fs = std::filesystem;
using namespace syrinx::bench;

constexpr std::size_t kOurs = 1;  // Of the contestants.

struct Request {
  fs::path data = "../shared/data";
  fs::path keep;
  int rate_hz = 16'000;
  bool recordings = true;
};

// What a figure is held to, where it is.
struct Bar {
  const char* scene;  // How its name begins,
  const char* part;   // and what else it has.
  double least;
};
constexpr Bar kBars[] = {{"ERLE at 1 s", "", 20.0},
                         {"ERLE at 5 s", "", 40.0},
                         {"delay 500 ms", "at 2.5 s", 20.0},
                         {"both talk", "level", -1.5},
                         {"both talk", "correlation", 0.95}};

const Bar* bar_for(const std::string& scene) {
  for (const Bar& bar : kBars)
    if (scene.rfind(bar.scene, 0) == 0 && scene.find(bar.part) != std::string::npos) return &bar;
  return nullptr;
}

void print_names(const std::vector<Contestant>& contestants) {
  std::printf("%-42s", "");
  for (const Contestant& one : contestants) std::printf("%21s", one.name.c_str());
  std::printf("%9s\n", "bar");
}

int fail(const syrinx::Error& error) {
  std::fprintf(stderr, "syrinx_echo_bench: %s\n", error.message.c_str());
  return 1;
}

// The bars are for our canceller as it is used, not for its filter alone.
int print_scenes(const Request& request, const std::vector<Contestant>& contestants) {
  const auto voices = read_voices(request.data, request.rate_hz);
  if (!voices) return fail(voices.error());
  std::vector<std::vector<Figure>> figures;
  for (const Contestant& one : contestants) figures.push_back(run_scenes(one, *voices));
  std::printf("Rooms of 128 ms, echo 6 dB under the far end, %d Hz (dB unless named)\n",
              request.rate_hz);
  print_names(contestants);
  bool all = true;
  for (std::size_t i = 0; i < figures[0].size(); ++i) {
    const std::string& scene = figures[0][i].scene;
    std::printf("%-42s", scene.c_str());
    for (const auto& column : figures) std::printf("%21.2f", column[i].value);
    const Bar* bar = bar_for(scene);
    if (bar != nullptr) std::printf("  >= %5.2f", bar->least);
    const bool reached = bar == nullptr || figures[kOurs][i].value >= bar->least;
    all = all && reached;
    std::printf("%s\n", reached ? "" : "   NOT REACHED");
  }
  return all ? 0 : 1;
}

int print_opinions(const Request& request, std::vector<Contestant> contestants) {
  contestants.insert(contestants.begin(), Contestant{"microphone", {}});
  std::vector<std::vector<Opinion>> opinions;
  for (const Contestant& one : contestants) {
    auto judged = judge_recordings(one, request.data, request.keep);
    if (!judged) return fail(judged.error());
    opinions.push_back(std::move(*judged));
  }
  std::printf("\nRecordings: AECMOS, echo / degradation (1 to 5)\n");
  print_names(contestants);
  for (std::size_t i = 0; i < opinions[0].size(); ++i) {
    std::printf("%-42s", opinions[0][i].recording.c_str());
    for (const auto& column : opinions)
      std::printf("%14.2f / %4.2f", column[i].echo, column[i].degradation);
    std::printf("\n");
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Echo cancellers beside each other"};
  Request request;
  app.add_option("--data", request.data, "The outside test data")->capture_default_str();
  app.add_option("--rate", request.rate_hz, "Hz, of the rooms")->capture_default_str();
  app.add_option("--keep", request.keep, "A folder for what each makes of the recordings");
  app.add_flag("!--no-recordings", request.recordings, "The rooms alone");
  CLI11_PARSE(app, argc, argv);
  const std::vector<Contestant> contestants{our_filter_alone(),   our_canceller(),
                                            speex_filter_alone(), speex_with_preprocessor(),
                                            webrtc_moderate(),    webrtc_high()};
  const int failed = print_scenes(request, contestants);
  if (!request.recordings) return failed;
  return std::max(failed, print_opinions(request, contestants));
}
