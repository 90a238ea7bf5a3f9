// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>
#include <fftw3.h>

#include <complex>
#include <string>
#include <vector>

#include "syrinx/core/dsp/fft.h"
#include "syrinx/core/dsp/kernels.h"

// Our real FFT at each SIMD level beside FFTW (single precision, one thread, FFTW_MEASURE) in the
// same run.
namespace syrinx::dsp {
namespace {

constexpr int kSizes[] = {256, 320, 400, 480, 512, 960, 1024, 2048, 4096};

std::vector<float> signal(std::size_t n) {
  std::vector<float> x(n);
  for (std::size_t i = 0; i < n; ++i) x[i] = static_cast<float>((i * 7919) % 1000) * 0.001f - 0.5f;
  return x;
}

void ours_forward(benchmark::State& state, SimdLevel level) {
  const auto n = static_cast<std::size_t>(state.range(0));
  auto fft = RealFft::create(n, level).value();
  const auto x = signal(n);
  std::vector<std::complex<float>> spectrum(fft.bins());
  for (auto _ : state) {
    fft.forward(x, spectrum);
    benchmark::ClobberMemory();
  }
}

void ours_inverse(benchmark::State& state, SimdLevel level) {
  const auto n = static_cast<std::size_t>(state.range(0));
  auto fft = RealFft::create(n, level).value();
  auto x = signal(n);
  std::vector<std::complex<float>> spectrum(fft.bins());
  fft.forward(x, spectrum);
  for (auto _ : state) {
    fft.inverse(spectrum, x);
    benchmark::ClobberMemory();
  }
}

void fftw(benchmark::State& state, bool inverse) {
  const auto n = static_cast<std::size_t>(state.range(0));
  float* time = fftwf_alloc_real(n);
  fftwf_complex* bins = fftwf_alloc_complex(n / 2 + 1);
  const int size = static_cast<int>(n);
  const fftwf_plan plan = inverse ? fftwf_plan_dft_c2r_1d(size, bins, time, FFTW_MEASURE)
                                  : fftwf_plan_dft_r2c_1d(size, time, bins, FFTW_MEASURE);
  const auto x = signal(n);
  std::copy(x.begin(), x.end(), time);
  std::fill_n(&bins[0][0], n + 2, 0.25f);
  for (auto _ : state) {
    fftwf_execute(plan);
    benchmark::ClobberMemory();
  }
  fftwf_destroy_plan(plan);
  fftwf_free(time);
  fftwf_free(bins);
}

const int kRegistered = [] {
  for (const int size : kSizes) {
    benchmark::RegisterBenchmark("forward/fftw", fftw, false)->Arg(size);
    benchmark::RegisterBenchmark("inverse/fftw", fftw, true)->Arg(size);
    for (const auto level :
         {SimdLevel::kAvx512, SimdLevel::kAvx2, SimdLevel::kNeon, SimdLevel::kGeneric}) {
      if (kernels_for(level) == nullptr) continue;
      const std::string name(to_string(level));
      benchmark::RegisterBenchmark(("forward/" + name).c_str(), ours_forward, level)->Arg(size);
      benchmark::RegisterBenchmark(("inverse/" + name).c_str(), ours_inverse, level)->Arg(size);
    }
  }
  return 0;
}();

}  // namespace
}  // namespace syrinx::dsp
