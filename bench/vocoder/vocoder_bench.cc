// SPDX-License-Identifier: Apache-2.0
// syrinx_vocoder_bench FOLDER [ROUNDS] [THREADS]
// syrinx_vocoder_bench FOLDER reference
//
// Times generator.pt on mel.npy of FOLDER, with and without ONNX Runtime on model.onnx beside it,
// in turns within one process, and prints JSON: per engine the real-time factors of all rounds, of
// work under way and of the first pass after a rest, how far its samples are from expected.npy, and
// the memory that it added. The second form writes our own float32 samples as expected.npy, for
// what draws noise. bench/vocoder.py calls both.
#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>

#include "syrinx/core/io/npy/npy_file.h"
#include "syrinx/core/nn/onnx/onnx_session.h"
#include "syrinx/engines/vocoding/load_vocoder.h"
#include "syrinx/engines/vocoding/vocode.h"

namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using namespace syrinx;  // NOLINT: a program of one file.

struct Engine {
  std::string name;
  std::function<std::vector<float>()> run;
  std::vector<double> seconds;        // Of a pass, the median of each turn.
  std::vector<double> first_seconds;  // Of each turn's first pass.
  double memory_mib = 0;
};

// A turn times passes until they fill so many seconds.
constexpr double kTurnSeconds = 0.25;

[[noreturn]] void fail(const std::string& message) {
  std::fprintf(stderr, "syrinx_vocoder_bench: %s\n", message.c_str());
  std::exit(1);
}

// Resident memory of this process, from /proc/self/statm (pages).
double resident_mib() {
  std::ifstream file("/proc/self/statm");
  double total = 0;
  double resident = 0;
  file >> total >> resident;
  return resident * 4096.0 / 1048576.0;
}

double snr_db(const std::vector<float>& expected, const std::vector<float>& given) {
  double signal = 0;
  double error = 1e-30;
  for (std::size_t i = 0; i < std::min(expected.size(), given.size()); ++i) {
    signal += double{expected[i]} * double{expected[i]};
    error += std::pow(double{expected[i]} - double{given[i]}, 2);
  }
  return 10 * std::log10(signal / error);
}

Mel read_mel(const fs::path& path, const MelSpec& spec) {
  const auto array = io::read_array<float>(path);
  if (!array) fail(array.error().message);
  const std::size_t frames = array->values.size() / spec.bands;
  Mel mel(spec, frames);
  for (std::size_t t = 0; t < frames; ++t)
    for (std::size_t b = 0; b < spec.bands; ++b) mel.frame(t)[b] = array->values[b * frames + t];
  return mel;
}

// Ours in one precision; nothing where this processor has it not.
void add_ours(const fs::path& folder, nn::Precision precision, ThreadPool* pool,
              std::vector<Engine>& engines, double& seconds_of_sound) {
  const double before = resident_mib();
  vocoder::VocoderOptions options;
  options.precision = precision;
  auto loaded = vocoding::load_vocoder(folder / "generator.pt", options);
  if (!loaded && loaded.error().code == ErrorCode::kUnsupported) return;
  if (!loaded) fail(loaded.error().message);
  const std::shared_ptr<vocoder::VocoderModel> model = std::move(*loaded);
  const auto mel = std::make_shared<Mel>(read_mel(folder / "mel.npy", model->info().mel));
  seconds_of_sound = static_cast<double>(mel->frames() * model->info().mel.hop_samples) /
                     model->info().mel.sample_rate_hz;
  Engine engine;
  engine.name = "syrinx " + model->info().precision;
  const auto streams = std::make_shared<vocoding::StreamCache>(*model);
  engine.run = [model, mel, pool, streams] {
    vocoding::VocodeOptions how;
    how.streams = streams.get();
    how.pool = pool;
    const auto audio = vocoding::vocode(*model, mel->view(), how);
    if (!audio) fail(audio.error().message);
    return std::vector<float>(audio->channel(0).begin(), audio->channel(0).end());
  };
  engine.run();
  engine.memory_mib = resident_mib() - before;
  engines.push_back(std::move(engine));
}

int write_reference(const fs::path& folder) {
  std::vector<Engine> engines;
  double seconds_of_sound = 0;
  add_ours(folder, nn::Precision::kFloat32, nullptr, engines, seconds_of_sound);
  const std::vector<float> samples = engines.front().run();
  const std::array<std::size_t, 1> shape{samples.size()};
  const auto written = io::write_npy<float>(folder / "expected.npy", shape, samples);
  if (!written) fail(written.error().message);
  return 0;
}

void add_onnx(const fs::path& folder, int threads, std::vector<Engine>& engines) {
  if (!fs::exists(folder / "model.onnx")) return;
  const double before = resident_mib();
  nn::OnnxOptions options;
  options.threads = threads;
  const auto session = nn::OnnxSession::load(folder / "model.onnx", options);
  if (!session) {
    std::fprintf(stderr, "ONNX Runtime does not take part: %s\n", session.error().message.c_str());
    return;
  }
  const auto array = io::read_array<float>(folder / "mel.npy");
  if (!array) fail(array.error().message);
  nn::OnnxShape shape(array->shape.begin(), array->shape.end());
  const auto tensor = std::make_shared<nn::OnnxTensor>(shape, array->values);
  Engine engine;
  engine.name = "ONNX Runtime";
  engine.run = [session = *session, tensor] {
    const nn::NamedTensor input{"mel", *tensor};
    const auto outputs = session.run({&input, 1});
    if (!outputs) fail(outputs.error().message);
    const auto values = (*outputs)[0].values<float>();
    return std::vector<float>(values.begin(), values.end());
  };
  engine.run();
  engine.memory_mib = resident_mib() - before;
  engines.push_back(std::move(engine));
}

double seconds_of(const Engine& engine) {
  const auto begin = std::chrono::steady_clock::now();
  engine.run();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

// The first pass after a rest finds caches and clocks cold: it counts by itself, and as the turn's
// only where it fills the turn.
void take_turn(Engine& engine) {
  // Others' threads spin for a while after their work, waiting for more: nobody pays for that.
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  const double first = seconds_of(engine);
  engine.first_seconds.push_back(first);
  std::vector<double> passes;
  for (double spent = first; spent < kTurnSeconds; spent += passes.back())
    passes.push_back(seconds_of(engine));
  if (passes.empty()) passes.push_back(first);
  const auto middle = passes.begin() + static_cast<std::ptrdiff_t>(passes.size() / 2);
  std::nth_element(passes.begin(), middle, passes.end());
  engine.seconds.push_back(*middle);
}

json factors_of(const std::vector<double>& seconds, double seconds_of_sound) {
  json factors = json::array();
  for (const double s : seconds) factors.push_back(s / seconds_of_sound);
  return factors;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) fail("give the folder with generator.pt and mel.npy");
  const fs::path folder = argv[1];
  if (argc > 2 && std::string(argv[2]) == "reference") return write_reference(folder);
  const int rounds = argc > 2 ? std::atoi(argv[2]) : 7;
  const int threads = argc > 3 ? std::atoi(argv[3]) : 2;
  ThreadPool pool(static_cast<std::size_t>(threads));
  ThreadPool* workers = threads > 1 ? &pool : nullptr;
  std::vector<Engine> engines;
  double seconds_of_sound = 1;
  add_ours(folder, nn::Precision::kFloat32, workers, engines, seconds_of_sound);
  add_ours(folder, nn::Precision::kBf16, workers, engines, seconds_of_sound);
  add_ours(folder, nn::Precision::kInt8, workers, engines, seconds_of_sound);
  add_onnx(folder, threads, engines);
  for (int round = 0; round < rounds; ++round)
    for (Engine& engine : engines) take_turn(engine);
  const auto expected = io::read_array<float>(folder / "expected.npy");
  json report = json::array();
  for (Engine& engine : engines) {
    json one = {{"engine", engine.name},
                {"real_time_factors", factors_of(engine.seconds, seconds_of_sound)},
                {"after_rest", factors_of(engine.first_seconds, seconds_of_sound)},
                {"memory_mib", engine.memory_mib}};
    if (expected) one["snr_db"] = snr_db(expected->values, engine.run());
    report.push_back(one);
  }
  std::printf("%s\n", report.dump().c_str());
}
