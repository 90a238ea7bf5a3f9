// SPDX-License-Identifier: Apache-2.0
#include "media/capacity.h"

#include <opus.h>
#include <time.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "media/far_end.h"
#include "support/realtime_guard.h"
#include "syrinx/core/dsp/resample.h"
#include "syrinx/engines/call/conference/bridge.h"
#include "syrinx/engines/call/conference/conference.h"

namespace syrinx::bench {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

constexpr std::size_t kFirstTicks = 50;  // Buffers fill.

double cpu_ms() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) * 1e-6;
}

double wall_ms() {
  return std::chrono::duration<double, std::milli>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

double percentile(std::vector<double> values, double share) {
  if (values.empty()) return 0.0;
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

// Ticks timed one by one, in real time's scope.
class Stopwatch {
 public:
  template <class Work>
  void time(std::size_t tick, const Work& work) {
    const auto before = support::realtime_violations();
    const double wall = wall_ms();
    const double cpu = cpu_ms();
    {
      const RealtimeScope scope;
      work();
    }
    if (tick < kFirstTicks) return;
    cpu_.push_back(cpu_ms() - cpu);
    wall_.push_back(wall_ms() - wall);
    violations_ += support::realtime_violations() - before;
  }
  void write(TickCost& cost) const {
    cost.p50_ms = percentile(cpu_, 0.5);
    cost.p99_ms = percentile(cpu_, 0.99);
    cost.wall_p99_ms = percentile(wall_, 0.99);
    cost.allocations_per_tick = static_cast<double>(violations_) /
                                static_cast<double>(std::max<std::size_t>(cpu_.size(), 1));
  }

 private:
  std::vector<double> cpu_;
  std::vector<double> wall_;
  std::uint64_t violations_ = 0;
};

Result<std::unique_ptr<call::MediaSession>> leg_of(const std::string& codec, int sample_rate_hz,
                                                   int complexity, std::uint64_t seed) {
  call::SessionOptions options;
  options.agreement = agreement_on(codec);
  options.encoder.complexity = complexity;
  options.sample_rate_hz = sample_rate_hz;
  options.seed = seed;
  SYRINX_ASSIGN(auto session, call::MediaSession::create(options));
  SYRINX_TRY(session->start());
  return session;
}

struct Leg {
  std::unique_ptr<call::MediaSession> session;
  FarEnd far;
};

// What a call has of libopus, without anything of ours around.
class OpusPair {
 public:
  explicit OpusPair(int complexity)
      : encoder_(opus_encoder_create(8'000, 1, OPUS_APPLICATION_VOIP, nullptr)),
        decoder_(opus_decoder_create(8'000, 1, nullptr)) {
    if (!ready()) return;
    opus_encoder_ctl(encoder_.get(), OPUS_SET_COMPLEXITY(complexity));
    opus_encoder_ctl(encoder_.get(), OPUS_SET_SIGNAL(OPUS_SIGNAL_VOICE));
  }
  bool ready() const { return encoder_ != nullptr && decoder_ != nullptr; }
  bool code(std::span<const float> said, std::span<const std::uint8_t> theirs) {
    std::array<std::uint8_t, 1'500> payload;
    std::array<float, 160> heard;
    const int bytes = opus_encode_float(encoder_.get(), said.data(), 160, payload.data(),
                                        static_cast<opus_int32>(payload.size()));
    return bytes > 0 &&
           opus_decode_float(decoder_.get(), theirs.data(), static_cast<opus_int32>(theirs.size()),
                             heard.data(), 160, 0) == 160;
  }

 private:
  struct Destroy {
    void operator()(OpusEncoder* encoder) const { opus_encoder_destroy(encoder); }
    void operator()(OpusDecoder* decoder) const { opus_decoder_destroy(decoder); }
  };
  std::unique_ptr<OpusEncoder, Destroy> encoder_;
  std::unique_ptr<OpusDecoder, Destroy> decoder_;
};

std::uint64_t exchange(std::vector<Leg>& legs, nanoseconds now, std::size_t speaking) {
  std::uint64_t packets = 0;
  for (std::size_t i = 0; i < legs.size(); ++i) {
    if (i < speaking) legs[i].far.send(*legs[i].session, now);
    packets += legs[i].far.take(*legs[i].session);
  }
  return packets;
}

}  // namespace

Result<TickCost> transcode_cost(std::size_t calls, int complexity, std::size_t ticks,
                                const AudioBuffer& speech) {
  SYRINX_ASSIGN(const auto narrow, dsp::resample(speech, 8'000));
  SYRINX_ASSIGN(const auto pcmu, CodedSound::create("pcmu", {}, narrow));
  SYRINX_ASSIGN(const auto opus, CodedSound::create("opus", {}, speech));
  TickCost cost;
  cost.legs = 2 * calls;
  const std::size_t heap = support::heap_bytes();
  std::vector<Leg> legs;
  std::vector<std::unique_ptr<call::Bridge>> bridges;
  for (std::size_t i = 0; i < 2 * calls; ++i) {
    const bool is_opus = i % 2 == 1;
    SYRINX_ASSIGN(auto session, leg_of(is_opus ? "opus" : "pcmu", 8'000, complexity, i + 1));
    legs.push_back(
        {std::move(session), FarEnd(is_opus ? opus : pcmu, static_cast<std::uint32_t>(i))});
  }
  for (std::size_t i = 0; i < calls; ++i) {
    SYRINX_ASSIGN(auto bridge,
                  call::Bridge::create(*legs[2 * i].session, *legs[2 * i + 1].session));
    bridges.push_back(std::move(bridge));
  }
  cost.bytes_per_leg =
      static_cast<double>(support::heap_bytes() - heap) / static_cast<double>(cost.legs);
  Stopwatch watch;
  for (std::size_t tick = 0; tick < kFirstTicks + ticks; ++tick) {
    const nanoseconds now = milliseconds(20 * (tick + 1));
    watch.time(tick, [&] {
      for (const auto& bridge : bridges) bridge->tick(now);
    });
    cost.packets_sent += exchange(legs, now, legs.size());
    cost.packets_due += legs.size();
  }
  watch.write(cost);
  return cost;
}

Result<TickCost> conference_cost(std::size_t legs_count, std::size_t speaking, int complexity,
                                 std::size_t ticks, const AudioBuffer& speech) {
  SYRINX_ASSIGN(const auto narrow, dsp::resample(speech, 8'000));
  SYRINX_ASSIGN(const auto pcmu, CodedSound::create("pcmu", {}, narrow));
  SYRINX_ASSIGN(const auto opus, CodedSound::create("opus", {}, speech));
  TickCost cost;
  cost.legs = legs_count;
  const std::size_t heap = support::heap_bytes();
  std::vector<Leg> legs;
  call::ConferenceOptions options;
  options.max_legs = legs_count;
  SYRINX_ASSIGN(auto room, call::Conference::create(options));
  for (std::size_t i = 0; i < legs_count; ++i) {
    const bool is_opus = i % 2 == 1;
    SYRINX_ASSIGN(auto session, leg_of(is_opus ? "opus" : "pcmu", 16'000, complexity, i + 1));
    legs.push_back(
        {std::move(session), FarEnd(is_opus ? opus : pcmu, static_cast<std::uint32_t>(i))});
    SYRINX_TRY(room->join(*legs.back().session).has_value()
                   ? Result<void>()
                   : make_error(ErrorCode::kInternal, "a leg cannot join its room"));
  }
  cost.bytes_per_leg =
      static_cast<double>(support::heap_bytes() - heap) / static_cast<double>(legs_count);
  Stopwatch watch;
  for (std::size_t tick = 0; tick < kFirstTicks + ticks; ++tick) {
    const nanoseconds now = milliseconds(20 * (tick + 1));
    watch.time(tick, [&] { room->tick(now); });
    cost.packets_sent += exchange(legs, now, speaking);
    cost.packets_due += legs.size();
  }
  watch.write(cost);
  room.reset();  // Before the sessions in it.
  return cost;
}

Result<double> libopus_alone_ms(std::size_t calls, int complexity, std::size_t ticks,
                                const AudioBuffer& speech) {
  SYRINX_ASSIGN(const auto narrow, dsp::resample(speech, 8'000));
  SYRINX_ASSIGN(const auto coded, CodedSound::create("opus", {}, speech));
  std::vector<OpusPair> pairs;
  for (std::size_t i = 0; i < calls; ++i) {
    pairs.emplace_back(complexity);
    if (!pairs.back().ready()) return make_error(ErrorCode::kInternal, "libopus refused");
  }
  const std::size_t blocks = narrow.frames() / 160;
  std::vector<double> times;
  bool coded_all = true;
  for (std::size_t tick = 0; tick < kFirstTicks + ticks; ++tick) {
    const double begin = cpu_ms();
    for (std::size_t i = 0; i < calls; ++i) {
      const std::size_t at = (tick + 37 * i) % blocks * 160;
      coded_all = pairs[i].code(narrow.channel(0).subspan(at, 160), coded.payload(tick + 37 * i)) &&
                  coded_all;
    }
    if (tick >= kFirstTicks) times.push_back(cpu_ms() - begin);
  }
  if (!coded_all) return make_error(ErrorCode::kInternal, "libopus could not code the speech");
  return percentile(times, 0.5);
}

}  // namespace syrinx::bench
