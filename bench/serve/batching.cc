// SPDX-License-Identifier: Apache-2.0
// syrinx_batching_bench DATA [ROUNDS]
//
// What several sentences at once would save: a Piper graph in ONNX Runtime, given 1, 2 and 4
// sentences a run, of one length, and of lengths as prose has them, where the shorter ones are
// padded; and a HiFi-GAN V2 in our own layers, given the frames of 1, 2 and 4 sentences a block.
// The figures are processor time, as that is what a busy server has too little of: the least of
// ROUNDS (30).
#include <time.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "syrinx/core/nn/onnx/onnx_session.h"
#include "syrinx/engines/vocoding/load_vocoder.h"

namespace {

namespace fs = std::filesystem;
using namespace syrinx;  // NOLINT: a program of one file.

constexpr std::size_t kSentences[] = {1, 2, 4};

[[noreturn]] void fail(const std::string& message) {
  std::fprintf(stderr, "syrinx_batching_bench: %s\n", message.c_str());
  std::exit(1);
}

template <typename T>
T must(Result<T> result) {
  if (!result) fail(result.error().message);
  return std::move(result).value();
}

double now_s(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

struct Cost {
  double work_s = std::numeric_limits<double>::infinity();  // Of all threads.
  double wall_s = std::numeric_limits<double>::infinity();
};

Cost least(int rounds, const std::function<void()>& run) {
  Cost cost;
  run();  // The first allocates.
  for (int i = 0; i < rounds; ++i) {
    const double wall_s = now_s(CLOCK_MONOTONIC);
    const double work_s = now_s(CLOCK_PROCESS_CPUTIME_ID);
    run();
    cost.work_s = std::min(cost.work_s, now_s(CLOCK_PROCESS_CPUTIME_ID) - work_s);
    cost.wall_s = std::min(cost.wall_s, now_s(CLOCK_MONOTONIC) - wall_s);
  }
  return cost;
}

void tell(const std::string& what, std::size_t sentences, const Cost& cost, double one_s) {
  const double each_s = cost.work_s / static_cast<double>(sentences);
  std::printf("%-34s %zu at once: %8.2f ms of work each (%+.0f %%), %8.2f ms until all are there\n",
              what.c_str(), sentences, each_s * 1e3, (each_s / one_s - 1) * 100, cost.wall_s * 1e3);
}

// Sentences of so many phonemes, as Piper's graphs take them: each with a pad behind it, filled up
// to the longest.
Cost cost_of(const nn::OnnxSession& session, const std::vector<std::int64_t>& phonemes,
             int rounds) {
  const auto count = static_cast<std::int64_t>(phonemes.size());
  const std::int64_t longest = 2 * *std::max_element(phonemes.begin(), phonemes.end()) + 3;
  std::vector<std::int64_t> ids, lengths;
  for (const std::int64_t of : phonemes) {
    lengths.push_back(2 * of + 3);
    for (std::int64_t i = 0; i < longest; ++i)
      ids.push_back(i < lengths.back() && i % 2 == 0 ? 14 + i % 40 : 0);
  }
  const nn::OnnxTensor input({count, longest}, std::move(ids));
  const nn::OnnxTensor length({count}, std::move(lengths));
  const nn::OnnxTensor scale({3}, std::vector<float>{0.0F, 1.0F, 0.0F});
  const nn::NamedTensor given[] = {{"input", input}, {"input_lengths", length}, {"scales", scale}};
  return least(rounds, [&] { (void)must(session.run(given)); });
}

void bench_piper(const fs::path& model, int threads, int rounds) {
  const auto session = must(nn::OnnxSession::load(model, {threads}));
  const std::string with = "Piper, " + std::to_string(threads) + " thread(s), ";
  double one_s = 0;
  for (const std::size_t sentences : kSentences) {
    const Cost cost = cost_of(session, std::vector<std::int64_t>(sentences, 74), rounds);
    if (sentences == 1) one_s = cost.work_s;
    tell(with + "equal", sentences, cost, one_s);
  }
  // Characters of a sentence of prose at the quartiles, and in the middle of each quarter.
  const std::vector<std::int64_t> mixed[] = {{53, 134}, {37, 74, 108, 174}};
  for (const auto& lengths : mixed) {
    double apart_s = 0;
    for (const std::int64_t phonemes : lengths)
      apart_s += cost_of(session, {phonemes}, rounds).work_s;
    tell(with + "as in prose", lengths.size(), cost_of(session, lengths, rounds),
         apart_s / static_cast<double>(lengths.size()));
  }
}

void bench_vocoder(const fs::path& weights, int rounds) {
  constexpr std::size_t kFrames = 64;  // A block of engines/tts.
  const auto model = must(vocoding::load_vocoder(weights, {}));
  double one_s = 0;
  for (const std::size_t sentences : kSentences) {
    const std::size_t frames = sentences * kFrames;
    const auto stream = must(model->open_stream(frames));
    const Mel mel(model->info().mel, frames);
    std::vector<float> sound(frames * model->info().mel.hop_samples);
    const int rate_hz = model->info().mel.sample_rate_hz;
    const Cost cost = least(rounds, [&] { stream->process(mel.view(), {sound, rate_hz}); });
    if (sentences == 1) one_s = cost.work_s;
    tell("HiFi-GAN V2, 64 frames of each", sentences, cost, one_s);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2 || argc > 3) fail("give the folder of the test data, and the rounds if you like");
  const fs::path models = fs::path(argv[1]) / "models";
  const int rounds = argc > 2 ? std::max(1, std::atoi(argv[2])) : 30;
  for (const int threads : {1, 2})
    bench_piper(models / "piper_small/en_US-small-test.onnx", threads, rounds);
  bench_vocoder(models / "hifigan_lj_v2/generator_v2", rounds);
  return 0;
}
