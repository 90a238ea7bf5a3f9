// SPDX-License-Identifier: Apache-2.0
// Live conversion measured: syrinx_live_bench streams|batch|soak|latency [options] [FILE.json]
//
//   streams COUNT SECONDS MODE   COUNT streams fed at the pace of their sound by StreamPool:
//   processor
//                                share of a stream, p99 of a block, missed deadlines, memory
//   batch COUNT SECONDS MODE     the same as fast as it goes: hours of sound an hour
//   soak SECONDS MODE            one voice through a loop at its pace: glitches, and whether every
//                                sample is what the same voice gives without devices and threads
//   latency                      what comes back of bursts, for each mode, beside what is stated
//
// MODE is low, balanced or high: 8 semitones up with formants moved. With -like (balanced-like) the
// voice is made like another that was learnt, as `syrinx live --like --source`.
//
// The sound is a sawtooth voice with vibrato and pauses, so that nothing outside is needed. Exit
// code 1 when streams or soak had missed deadlines or glitches beyond 1 %.
#include <malloc.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <nlohmann/json.hpp>
#include <numbers>
#include <string>
#include <thread>
#include <vector>

#include "syrinx/core/io/callback_device.h"
#include "syrinx/engines/conversion/live/latency_probe.h"
#include "syrinx/engines/conversion/live/live_conversion.h"
#include "syrinx/engines/conversion/live/live_likeness.h"
#include "syrinx/engines/conversion/streams/stream_pool.h"

namespace syrinx::bench {
namespace {

using conversion::LiveLevel;
using nlohmann::json;
using Clock = std::chrono::steady_clock;

constexpr int kRateHz = 48'000;
constexpr std::size_t kBlock = 480;

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

// A voice: vibrato, harmonics falling by 12 dB an octave, half a second of pause in two.
AudioBuffer voice(double seconds, double f0_hz = 120.0) {
  AudioBuffer audio(1, static_cast<std::size_t>(seconds * kRateHz), kRateHz);
  double phase = 0.0;
  for (std::size_t i = 0; i < audio.frames(); ++i) {
    const double t = static_cast<double>(i) / kRateHz;
    phase += f0_hz * (1.0 + 0.05 * std::sin(2.0 * std::numbers::pi * 5.0 * t)) / kRateHz;
    double sum = 0.0;
    for (int h = 1; h <= 12; ++h) sum += std::sin(2.0 * std::numbers::pi * h * phase) / (h * h);
    audio.channel(0)[i] = std::fmod(t, 2.0) < 1.5 ? static_cast<float>(0.3 * sum) : 0.0f;
  }
  return audio;
}

LiveLevel level_of(const std::string& mode) {
  if (mode.starts_with("low")) return LiveLevel::kLow;
  return mode.starts_with("high") ? LiveLevel::kHigh : LiveLevel::kBalanced;
}

[[noreturn]] void fail(const Error& error) {
  std::fprintf(stderr, "syrinx_live_bench: %s\n", error.message.c_str());
  std::exit(2);
}

template <class T>
T need(Result<T> result) {
  if (!result) fail(result.error());
  return std::move(*result);
}

// One likeness for all streams: the voice that speaks is given.
const std::shared_ptr<conversion::LiveLikeness>& likeness() {
  static const auto made = [] {
    conversion::LiveLikenessOptions options;
    options.source = need(syrinx::voice::learn_profile(voice(8.0)));
    options.target = need(syrinx::voice::learn_profile(voice(8.0, 190.0)));
    options.sample_rate_hz = kRateHz;
    return need(conversion::LiveLikeness::create(std::move(options)));
  }();
  return made;
}

void choose_voice(const std::string& mode, conversion::LiveChainOptions& chain) {
  chain.best = level_of(mode);
  if (mode.ends_with("-like")) {
    chain.transforms = likeness()->transforms();
    return;
  }
  chain.voice.pitch_ratio = 1.6;
  chain.voice.formant_ratio = 1.15;
}

conversion::StreamOptions stream_options(const std::string& mode) {
  conversion::StreamOptions options;
  choose_voice(mode, options.chain);
  return options;
}

std::vector<conversion::PooledStream> open_streams(conversion::StreamPool& pool, std::size_t count,
                                                   const std::string& mode, json& report) {
  const std::size_t before = ::mallinfo2().uordblks + ::mallinfo2().hblkhd;
  std::vector<conversion::PooledStream> streams;
  for (std::size_t i = 0; i < count; ++i) streams.push_back(need(pool.open(stream_options(mode))));
  const std::size_t after = ::mallinfo2().uordblks + ::mallinfo2().hblkhd;
  report["memory_per_stream_mb"] =
      static_cast<double>(after - before) / static_cast<double>(count) / 1e6;
  return streams;
}

json summed(const conversion::StreamPool& pool,
            const std::vector<conversion::PooledStream>& streams, double sound_s) {
  double work_s = 0.0;
  double p99_ms = 0.0;
  double p99_wait_ms = 0.0;
  for (const auto& stream : streams) {
    const auto one = stream.report();
    work_s += one.work_s;
    p99_ms = std::max(p99_ms, one.p99_block_ms);
    p99_wait_ms = std::max(p99_wait_ms, one.p99_wait_ms);
  }
  const auto all = pool.report();
  const double count = static_cast<double>(streams.size());
  return {{"streams", streams.size()},
          {"threads", all.threads},
          {"cpu_share_per_stream", work_s / sound_s / count},
          {"p99_block_ms", p99_ms},
          {"p99_wait_ms", p99_wait_ms},
          {"blocks", all.blocks},
          {"missed_deadlines", all.missed_deadlines},
          {"step_downs", all.step_downs}};
}

// All streams fed a block every 10 ms, each from its own place in the voice.
json run_streams(std::size_t count, double seconds, const std::string& mode) {
  auto pool = need(conversion::StreamPool::create({}));
  json report;
  auto streams = open_streams(*pool, count, mode, report);
  const AudioBuffer sound = voice(4.0);
  AudioBuffer out(1, 4 * kBlock, kRateHz);
  const auto blocks = static_cast<std::size_t>(seconds * kRateHz / kBlock);
  const auto begin = Clock::now();
  for (std::size_t b = 0; b < blocks; ++b) {
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t at = (b * kBlock + i * 7'680) % (sound.frames() - kBlock);
      streams[i].push(sound.view().slice(at, kBlock));
      streams[i].pull(out.view());
    }
    const std::chrono::duration<double> due(static_cast<double>((b + 1) * kBlock) / kRateHz);
    std::this_thread::sleep_until(begin + std::chrono::duration_cast<Clock::duration>(due));
  }
  report.update(summed(*pool, streams, seconds));
  return report;
}

json run_batch(std::size_t count, double seconds, const std::string& mode) {
  auto pool = need(conversion::StreamPool::create({.step_down = false}));
  json report;
  auto streams = open_streams(*pool, count, mode, report);
  const AudioBuffer sound = voice(1.0);
  AudioBuffer out(1, kRateHz, kRateHz);
  const auto wanted = static_cast<std::size_t>(seconds * kRateHz);
  std::vector<std::size_t> pushed(count);
  std::vector<std::size_t> pulled(count);
  const auto begin = Clock::now();
  const std::clock_t processor_began = std::clock();
  for (bool more = true; more;) {
    more = false;
    bool moved = false;
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t at = pushed[i] % sound.frames();
      const std::size_t frames = std::min(sound.frames() - at, wanted - pushed[i]);
      const std::size_t in = frames > 0 ? streams[i].push(sound.view().slice(at, frames)) : 0;
      const std::size_t got = streams[i].pull(out.view());
      pushed[i] += in;
      pulled[i] += got;
      moved = moved || in + got > 0;
      more = more || pulled[i] + kBlock <= wanted;
    }
    if (!moved) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  const double took_s = seconds_since(begin);
  report.update(summed(*pool, streams, seconds));
  report.erase("missed_deadlines");
  report.erase("p99_wait_ms");
  const double processor_s = static_cast<double>(std::clock() - processor_began) / CLOCKS_PER_SEC;
  // The second does not depend on what else the machine does.
  report["hours_of_sound_per_processor_hour"] = seconds * static_cast<double>(count) / processor_s;
  report["hours_of_sound_per_hour"] = seconds * static_cast<double>(count) / took_s;
  return report;
}

// The sound that is spoken into the loop, and all that came out.
struct Soak {
  Soak(double seconds, const conversion::LiveChainOptions& of)
      : chain(of), sound(voice(4.0)), played(static_cast<std::size_t>((seconds + 1.0) * kRateHz)) {}
  float next() { return sound.channel(0)[spoken++ % sound.frames()]; }
  void keep(std::span<const float> block) {
    const std::size_t fits = std::min(block.size(), played.size() - kept);
    std::copy_n(block.begin(), fits, played.begin() + static_cast<std::ptrdiff_t>(kept));
    kept += fits;
  }
  json compare() const;

  conversion::LiveChainOptions chain;
  AudioBuffer sound;
  std::vector<float> played;
  std::size_t spoken = 0;
  std::size_t kept = 0;
};

// Played again through the chain alone: after the silence at the beginning each sample must be that
// one.
json Soak::compare() const {
  conversion::LiveChainOptions options = chain;
  options.max_block_frames = kBlock;
  const auto alone = need(conversion::LiveChain::create(options));
  AudioBuffer whole(1, kept, kRateHz);
  for (std::size_t i = 0; i < kept; ++i) whole.channel(0)[i] = sound.channel(0)[i % sound.frames()];
  for (std::size_t at = 0; at < kept; at += kBlock)
    alone->process(whole.view().slice(at, std::min(kBlock, kept - at)));
  const auto first = [](std::span<const float> x) {
    return static_cast<std::size_t>(
        std::find_if(x.begin(), x.end(), [](float v) { return v != 0.0f; }) - x.begin());
  };
  const std::size_t played_from = first(std::span(played).first(kept));
  const std::size_t whole_from = first(whole.channel(0));
  const std::size_t frames = kept - std::max(played_from, whole_from);
  std::size_t others = 0;
  for (std::size_t i = 0; i < frames; ++i)
    if (played[played_from + i] != whole.channel(0)[whole_from + i]) ++others;
  return {{"samples_compared", frames}, {"samples_other_than_without_threads", others}};
}

// One voice through the loop of that kind, and what became of it.
json run_loop(double seconds, const std::string& mode, conversion::LatencyProbe* probe) {
  conversion::LiveOptions options;
  options.chain.best = level_of(mode);
  if (probe == nullptr) choose_voice(mode, options.chain);
  const auto live = need(conversion::LiveConversion::create(options));
  Soak soak(probe == nullptr ? seconds : 0.0, options.chain);
  std::vector<float> given(16'384);
  const io::CallbackFormat format{kRateHz, 1, live->block_frames()};
  const auto capture = [&](std::span<const float> heard) {
    const auto block = std::span(given).first(heard.size());
    std::copy(heard.begin(), heard.end(), block.begin());
    if (probe != nullptr) probe->exchange(block);
    if (probe == nullptr) std::generate(block.begin(), block.end(), [&] { return soak.next(); });
    live->capture(block);
  };
  const auto render = [&](std::span<float> block) {
    live->render(block);
    soak.keep(block);
  };
  const auto device = need(io::open_loopback(format, capture, render));
  live->start();
  if (const auto started = device->start(); !started) fail(started.error());
  const auto begin = Clock::now();
  while (seconds_since(begin) < seconds && (probe == nullptr || !probe->finished()))
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  if (const auto stopped = device->stop(); !stopped) fail(stopped.error());
  live->stop();
  const auto shot = live->snapshot();
  json report = {{"mode", mode},
                 {"seconds", seconds_since(begin)},
                 {"priority", live->has_priority()},
                 {"frames", shot.frames},
                 {"glitches", shot.glitches()},
                 {"device_gaps", device->gaps()},
                 {"underrun_ms", 1e3 * static_cast<double>(shot.underrun_frames) / kRateHz},
                 {"caught_up_ms", 1e3 * static_cast<double>(shot.caught_up_frames) / kRateHz},
                 {"late_blocks", shot.late_blocks},
                 {"step_downs", shot.step_downs},
                 {"load", shot.load},
                 {"algorithm_ms", shot.algorithm_ms},
                 {"delay_ms", shot.latency_ms}};
  if (probe == nullptr) report.update(soak.compare());
  return report;
}

json run_latency() {
  json list = json::array();
  for (const std::string mode : {"low", "balanced", "high"}) {
    auto probe = need(conversion::LatencyProbe::create(kRateHz, 1, 5));
    json one = run_loop(7.0, mode, &probe);
    const auto measure = need(probe.measure());
    one["loop_ms"] = io::kLoopbackMs;
    one["measured_ms"] = measure.median_ms;
    one["measured_without_loop_ms"] = measure.median_ms - io::kLoopbackMs;
    list.push_back(one);
  }
  return list;
}

int usage() {
  std::fprintf(stderr,
               "usage: syrinx_live_bench streams|batch COUNT SECONDS MODE [FILE.json]\n"
               "       syrinx_live_bench soak SECONDS MODE [FILE.json]\n"
               "       syrinx_live_bench latency [FILE.json]\n");
  return 2;
}

int finish(const json& report, const std::string& file) {
  std::printf("%s\n", report.dump(2).c_str());
  if (!file.empty()) std::ofstream(file) << report.dump(2) << "\n";
  if (!report.is_object()) return 0;
  const double blocks = report.value("blocks", report.value("frames", 0.0) / kBlock);
  const double bad = report.value("missed_deadlines", 0.0) + report.value("glitches", 0.0);
  return bad > 0.01 * blocks ? 1 : 0;
}

int run(const std::vector<std::string>& words) {
  if (words.empty()) return usage();
  const auto word = [&](std::size_t i) { return i < words.size() ? words[i] : std::string(); };
  const std::string& kind = words[0];
  if (kind == "latency") return finish(run_latency(), word(1));
  if (kind == "soak" && words.size() >= 3)
    return finish(run_loop(std::stod(words[1]), words[2], nullptr), word(3));
  if ((kind != "streams" && kind != "batch") || words.size() < 4) return usage();
  const std::size_t count = std::stoul(words[1]);
  const double seconds = std::stod(words[2]);
  if (count < 1) return usage();
  return finish(kind == "streams" ? run_streams(count, seconds, words[3])
                                  : run_batch(count, seconds, words[3]),
                word(4));
}

}  // namespace
}  // namespace syrinx::bench

int main(int argc, char** argv) {
  try {
    return syrinx::bench::run({argv + 1, argv + argc});
  } catch (const std::exception& wrong) {
    std::fprintf(stderr, "syrinx_live_bench: %s\n", wrong.what());
    return 2;
  }
}
