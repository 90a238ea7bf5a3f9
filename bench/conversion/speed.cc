// SPDX-License-Identifier: Apache-2.0
#include "conversion/speed.h"

#include <time.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <memory>
#include <vector>

#include "syrinx/core/base/realtime.h"
#include "syrinx/engines/conversion/conversion.h"

namespace syrinx::bench {
namespace {

using conversion::Mode;

constexpr std::size_t kStreams = 25;

// Of this thread alone: what else the machine does makes no difference.
double cpu_s() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

conversion::TransformOptions usual(Mode mode) {
  conversion::TransformOptions options;
  options.mode = mode;
  options.settings.pitch_ratio = 1.5;
  options.settings.formant_ratio = 1.15;
  return options;
}

// Where an impulse comes out, less where it went in.
Result<double> impulse_latency_ms(Mode mode, int rate_hz) {
  conversion::TransformOptions options;
  options.mode = mode;
  SYRINX_ASSIGN(const auto transform, conversion::make_transform(options, {rate_hz, 1, 1u << 20}));
  AudioBuffer click(1, static_cast<std::size_t>(rate_hz), rate_hz);
  const auto x = click.channel(0);
  std::fill(x.begin(), x.end(), 0.0f);
  const std::size_t at = x.size() / 2;
  x[at] = 0.5f;
  transform->process(click.view());
  const auto top = static_cast<std::size_t>(std::max_element(x.begin(), x.end()) - x.begin());
  return 1e3 * static_cast<double>(top - at) / rate_hz;
}

// Seconds of the processor for each second of all streams' sound, and the slowest block in ms.
Result<std::pair<double, double>> work(Mode mode, AudioView voice, std::size_t streams) {
  const auto block = static_cast<std::size_t>(voice.sample_rate_hz() / 100);
  std::vector<std::unique_ptr<voice::VoiceTransform>> transforms;
  for (std::size_t i = 0; i < streams; ++i) {
    SYRINX_ASSIGN(auto made,
                  conversion::make_transform(usual(mode), {voice.sample_rate_hz(), 1, block}));
    transforms.push_back(std::move(made));
  }
  AudioBuffer part(1, block, voice.sample_rate_hz());
  const RealtimeScope no_denormals;
  double all = 0.0;
  double slowest_ms = 0.0;
  for (std::size_t at = 0; at + block <= voice.frames(); at += block) {
    for (auto& transform : transforms) {
      const auto from = voice.channel(0).subspan(at, block);
      std::copy(from.begin(), from.end(), part.channel(0).begin());
      const double start = cpu_s();
      transform->process(part.view());
      const double took = cpu_s() - start;
      all += took;
      slowest_ms = std::max(slowest_ms, 1e3 * took);
    }
  }
  return std::pair(all / voice.duration_s(), slowest_ms);
}

}  // namespace

Result<nlohmann::json> measure_speed(AudioView voice) {
  nlohmann::json modes;
  std::printf("\n%-10s %12s %14s %18s %16s\n", "mode", "latency ms", "CPU, 1 stream",
              "CPU, 25 streams", "slowest 10 ms");
  for (const Mode mode : {Mode::kLow, Mode::kBalanced, Mode::kHigh}) {
    SYRINX_ASSIGN(const double latency_ms, impulse_latency_ms(mode, voice.sample_rate_hz()));
    SYRINX_ASSIGN(const auto one, work(mode, voice, 1));
    SYRINX_ASSIGN(const auto many, work(mode, voice, kStreams));
    const std::string name(conversion::to_string(mode));
    std::printf("%-10s %12.2f %13.2f%% %17.1f%% %13.2f ms\n", name.c_str(), latency_ms,
                100.0 * one.first, 100.0 * many.first, one.second);
    modes[name] = {{"latency_ms", latency_ms},
                   {"real_time_factor", one.first},
                   {"slowest_block_ms", one.second},
                   {"real_time_factor_of_25", many.first}};
  }
  return modes;
}

}  // namespace syrinx::bench
