// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>

#include <cmath>
#include <numbers>
#include <random>

#include "syrinx/stages/measure/report/sound_report.h"

namespace syrinx::measure {
namespace {

constexpr int kRateHz = 48'000;
constexpr int kSeconds = 10;

// Something with syllables, a pitch that moves, and noise: what measures have to work on.
AudioBuffer speech_like() {
  AudioBuffer audio(1, std::size_t{kSeconds} * kRateHz, kRateHz);
  std::mt19937 random(1);
  std::normal_distribution<double> noise(0.0, 0.003);
  double turns = 0.0;
  for (std::size_t i = 0; i < audio.frames(); ++i) {
    const double t = static_cast<double>(i) / kRateHz;
    turns += (120.0 + 20.0 * std::sin(3.0 * t)) / kRateHz;
    double voice = 0.0;
    for (int h = 1; h <= 30; ++h) voice += std::sin(2.0 * std::numbers::pi * h * turns) / h;
    const double syllable = std::max(0.0, std::sin(2.0 * std::numbers::pi * 3.0 * t));
    audio.channel(0)[i] = static_cast<float>(0.2 * voice * syllable + noise(random));
  }
  return audio;
}

void report(benchmark::State& state, const char* group) {
  const AudioBuffer audio = speech_like();
  SoundReportOptions options;
  options.groups = report_groups(group).value();
  for (auto _ : state) benchmark::DoNotOptimize(report_sound(audio, options));
  state.counters["real_time_factor"] =
      benchmark::Counter(static_cast<double>(state.iterations()) * kSeconds,
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void reference(benchmark::State& state) {
  const AudioBuffer clean = speech_like();
  AudioBuffer other(clean);
  for (float& sample : other.channel(0)) sample = std::round(sample * 64.0f) / 64.0f;
  SoundReportOptions options;
  options.groups = report_groups("level").value();
  for (auto _ : state) benchmark::DoNotOptimize(report_sound(other, clean, options));
  state.counters["real_time_factor"] =
      benchmark::Counter(static_cast<double>(state.iterations()) * kSeconds,
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

// Seconds of work per second of sound.
BENCHMARK_CAPTURE(report, level, "level")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(report, loudness, "loudness")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(report, speech, "speech")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(report, spectrum, "spectrum")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(report, voice, "voice")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(report, psychoacoustics, "psychoacoustics")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(report, opinion, "opinion")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(report, artifacts, "artifacts")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(report, all, "all")->Unit(benchmark::kMillisecond);
BENCHMARK(reference)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace syrinx::measure
