// SPDX-License-Identifier: Apache-2.0
// The published DiffWave (random weights) in its six fast steps. "rtf" is seconds of work a second
// of sound; "cpu" the processor time of all threads in the same measure.
#include <benchmark/benchmark.h>

#include <ctime>

#include "syrinx/core/base/thread_pool.h"
#include "syrinx/stages/vocoder/diffwave/diffwave_model.h"
#include "syrinx/stages/vocoder/random_weights_test_support.h"

namespace syrinx::vocoder {
namespace {

double cpu_s() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

void six_steps(benchmark::State& state, nn::RowLevel level, nn::Precision precision) {
  const nn::RowKernels* kernels = nn::row_kernels_for(level);
  if (kernels == nullptr) return state.SkipWithError("not on this processor");
  testing::RandomWeights weights;
  MelSpec spec;
  const auto model =
      DiffWaveModel::create(
          DiffWaveNetwork::build({spec.bands, 30, 64, 10}, weights.source(), *kernels, precision)
              .value(),
          spec)
          .value();
  const Mel mel = testing::random_mel(spec, 430, 0.5F, 0.2F);  // 5 s.
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

BENCHMARK_CAPTURE(six_steps, amx_fp32, nn::RowLevel::kAmx, nn::Precision::kFloat32)
    ->Arg(1)
    ->Arg(2)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(six_steps, amx_bf16, nn::RowLevel::kAmx, nn::Precision::kBf16)
    ->Arg(1)
    ->Arg(2)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(six_steps, avx512_fp32, nn::RowLevel::kAvx512, nn::Precision::kFloat32)
    ->Arg(1)
    ->Arg(2)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace syrinx::vocoder
