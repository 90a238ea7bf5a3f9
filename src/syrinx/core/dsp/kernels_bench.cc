// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>

#include <cstdint>
#include <string>
#include <vector>

#include "syrinx/core/dsp/kernels.h"

// The sample kernels at each SIMD level on blocks of 10 ms (480 samples at 48 kHz) and of 16 Ki
// samples. items_per_second counts samples.
namespace syrinx::dsp {
namespace {

struct Buffers {
  explicit Buffers(std::size_t n) : x(n, 0.25f), y(n, 0.5f), shorts(n, 1234), bytes(3 * n, 42) {}
  std::vector<float> x;
  std::vector<float> y;
  std::vector<std::int16_t> shorts;
  std::vector<std::uint8_t> bytes;
  Dither dither;
};

using Body = void (*)(const Kernels&, Buffers&, std::size_t);

struct Case {
  const char* name;
  Body body;
};

const Case kCases[] = {
    {"gain", [](const Kernels& k, Buffers& b, std::size_t n) { k.gain(b.x.data(), n, 1.0f); }},
    {"mix",
     [](const Kernels& k, Buffers& b, std::size_t n) { k.mix(b.x.data(), b.y.data(), n, 1e-9f); }},
    {"complex_multiply",
     [](const Kernels& k, Buffers& b, std::size_t n) {
       k.complex_multiply(b.x.data(), b.y.data(), b.y.data(), n / 2);
     }},
    {"dot", [](const Kernels& k, Buffers& b,
               std::size_t n) { benchmark::DoNotOptimize(k.dot(b.x.data(), b.y.data(), n)); }},
    {"peak", [](const Kernels& k, Buffers& b,
                std::size_t n) { benchmark::DoNotOptimize(k.peak(b.x.data(), n)); }},
    {"convolve_between",
     [](const Kernels& k, Buffers& b, std::size_t n) {
       // A kernel of eight units; every place has what it needs around it.
       static const std::vector<float> entries(8 * 256 + 2, 0.0f);
       const double step = static_cast<double>(n - 20) / static_cast<double>(n);
       k.convolve_between(b.y.data(), n, b.x.data(), 9.5, step, 1.0, {entries.data(), 8, 256});
     }},
    {"int16_to_float", [](const Kernels& k, Buffers& b,
                          std::size_t n) { k.int16_to_float(b.x.data(), b.shorts.data(), n); }},
    {"int24_to_float", [](const Kernels& k, Buffers& b,
                          std::size_t n) { k.int24_to_float(b.x.data(), b.bytes.data(), n); }},
    {"float_to_int16",
     [](const Kernels& k, Buffers& b, std::size_t n) {
       k.float_to_int16(b.shorts.data(), b.x.data(), n, nullptr);
     }},
    {"float_to_int16_dithered",
     [](const Kernels& k, Buffers& b, std::size_t n) {
       k.float_to_int16(b.shorts.data(), b.x.data(), n, &b.dither);
     }},
    {"float_to_int24",
     [](const Kernels& k, Buffers& b, std::size_t n) {
       k.float_to_int24(b.bytes.data(), b.x.data(), n, nullptr);
     }},
};

void run(benchmark::State& state, const Kernels* kernels, Body body) {
  const auto n = static_cast<std::size_t>(state.range(0));
  Buffers buffers(n);
  for (auto _ : state) {
    body(*kernels, buffers, n);
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

const int kRegistered = [] {
  for (const Case& each : kCases) {
    for (const auto level : {SimdLevel::kGeneric, SimdLevel::kAvx2, SimdLevel::kAvx512}) {
      const Kernels* kernels = kernels_for(level);
      if (kernels == nullptr) continue;
      const std::string name =
          std::string("kernel/") + each.name + "/" + std::string(to_string(kernels->level));
      benchmark::RegisterBenchmark(name.c_str(), run, kernels, each.body)->Arg(480)->Arg(16'384);
    }
  }
  return 0;
}();

}  // namespace
}  // namespace syrinx::dsp
