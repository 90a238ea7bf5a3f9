// SPDX-License-Identifier: Apache-2.0
// The published WaveGlow's shape (random weights): 12 flows, 8 layers of 256 channels. "rtf" is
// seconds of work a second of sound; "cpu" the processor time of all threads in the same measure.
#include <benchmark/benchmark.h>

#include <ctime>

#include "syrinx/core/base/thread_pool.h"
#include "syrinx/stages/vocoder/random_weights_test_support.h"
#include "syrinx/stages/vocoder/waveglow/waveglow_model.h"

namespace syrinx::vocoder {
namespace {

double cpu_s() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

void published(benchmark::State& state, nn::RowLevel level, nn::Precision precision) {
  const nn::RowKernels* kernels = nn::row_kernels_for(level);
  if (kernels == nullptr) return state.SkipWithError("not on this processor");
  testing::RandomWeights weights;
  MelSpec spec;
  const WaveGlowConfig config{spec.bands, 12, 8, 4, 2, 8, 256, 3, false};
  const auto model =
      WaveGlowModel::create(
          WaveGlowNetwork::build(config, weights.source(0.5), *kernels, precision).value(), spec)
          .value();
  weights.values.clear();
  const Mel mel = testing::random_mel(spec, 430, -5, 2);  // 5 s.
  ThreadPool pool(static_cast<std::size_t>(state.range(0)));
  SynthesisOptions options;
  options.pool = &pool;
  double seconds = 0;
  const double before = cpu_s();
  for (auto _ : state) seconds += model->synthesise(mel.view(), options).value().duration_s();
  state.counters["cpu"] = (cpu_s() - before) / seconds;
  state.counters["rtf"] =
      benchmark::Counter(seconds, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

BENCHMARK_CAPTURE(published, amx_fp32, nn::RowLevel::kAmx, nn::Precision::kFloat32)
    ->Arg(1)
    ->Arg(2)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(published, amx_bf16, nn::RowLevel::kAmx, nn::Precision::kBf16)
    ->Arg(1)
    ->Arg(2)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(published, avx512_fp32, nn::RowLevel::kAvx512, nn::Precision::kFloat32)
    ->Arg(2)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace syrinx::vocoder
