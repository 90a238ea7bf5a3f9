// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <deque>

#include "media/capacity.h"
#include "media/far_end.h"
#include "support/realtime_guard.h"
#include "syrinx/core/dsp/resample.h"
#include "syrinx/engines/call/conference/bridge.h"
#include "syrinx/engines/call/conference/media_engine.h"
#include "syrinx/stages/packet/random.h"

namespace syrinx::bench {
namespace {

using std::chrono::nanoseconds;

constexpr double kDelayMs = 40.0;
constexpr double kJitterMs = 10.0;
constexpr double kPpm = 60.0;

// A far end with a clock of its own behind a network that delays.
class Sender {
 public:
  Sender(const CodedSound& sound, std::uint32_t number, double ppm)
      : far_(sound, number), pace_(1.0 + ppm * 1e-6), random_(number) {}

  // All that arrives until `now`. Packets do not overtake each other.
  void send_until(call::MediaSession& session, nanoseconds now) {
    while (true) {
      if (!next_) {
        const double sent_ms = 20.0 * static_cast<double>(number_++) / pace_;
        const double arrives_ms = sent_ms + kDelayMs + kJitterMs * random_.uniform();
        next_ = nanoseconds(std::llround(arrives_ms * 1e6));
      }
      if (*next_ > now) return;
      far_.send(session, *next_);
      next_.reset();
    }
  }
  void take(call::MediaSession& session) { far_.take(session); }

 private:
  FarEnd far_;
  double pace_;
  packet::Random random_;
  std::uint64_t number_ = 0;
  std::optional<nanoseconds> next_;
};

struct Hour {
  double delay_ms[2] = {};  // Of the last block.
  std::uint64_t concealed[2] = {};
  std::uint64_t late[2] = {};
  std::uint64_t resets[2] = {};
  std::size_t heap = 0;
};

}  // namespace

Result<bool> long_call(double hours, const AudioBuffer& speech) {
  SYRINX_ASSIGN(const auto narrow, dsp::resample(speech, 8'000));
  SYRINX_ASSIGN(const auto pcmu, CodedSound::create("pcmu", {}, narrow));
  SYRINX_ASSIGN(const auto opus, CodedSound::create("opus", {}, speech));
  SYRINX_ASSIGN(auto engine, call::MediaEngine::create({}));
  std::unique_ptr<call::MediaSession> sessions[2];
  for (int i = 0; i < 2; ++i) {
    call::SessionOptions options;
    options.agreement = agreement_on(i == 0 ? "pcmu" : "opus");
    options.encoder.complexity = 0;
    options.sample_rate_hz = 8'000;
    options.seed = static_cast<std::uint64_t>(i) + 1;
    SYRINX_ASSIGN(sessions[i], engine->create_session(options));
    SYRINX_TRY(sessions[i]->start());
  }
  SYRINX_ASSIGN(auto bridge, call::Bridge::create(*sessions[0], *sessions[1]));
  SYRINX_TRY(engine->add(*bridge));
  Sender senders[2] = {Sender(pcmu, 1, kPpm), Sender(opus, 2, -kPpm)};
  const auto violations = support::realtime_violations();
  std::vector<Hour> past;
  std::printf(
      "hour   delay ms (PCMU, Opus)   concealed frames   late packets   resets   heap KiB\n");
  const auto ticks = static_cast<std::int64_t>(hours * 3'600.0 * 50.0);
  // Each hour, and ten times at least.
  const std::int64_t ticks_a_row = std::clamp<std::int64_t>(ticks / 10, 1, 180'000);
  double sums[2] = {};
  for (std::int64_t tick = 1; tick <= ticks; ++tick) {
    const nanoseconds now = std::chrono::milliseconds(20 * tick);
    for (int i = 0; i < 2; ++i) senders[i].send_until(*sessions[i], now);
    engine->advance_to(now);
    for (int i = 0; i < 2; ++i) senders[i].take(*sessions[i]);
    call::SessionEvent event;
    for (const auto& session : sessions)
      while (session->next_event(event)) {
      }
    if (tick % 50 == 0)
      for (int i = 0; i < 2; ++i) sums[i] += sessions[i]->statistics().buffer.delay_ms;
    if (tick % ticks_a_row != 0) continue;
    Hour hour;
    for (int i = 0; i < 2; ++i) {
      const auto buffer = sessions[i]->current_statistics().buffer;
      hour.delay_ms[i] = sums[i] / (static_cast<double>(ticks_a_row) / 50.0);
      sums[i] = 0.0;
      hour.concealed[i] = buffer.frames_concealed;
      hour.late[i] = buffer.packets_late;
      hour.resets[i] = buffer.resets;
    }
    past.reserve(static_cast<std::size_t>(hours) + 12);
    hour.heap = support::heap_bytes();
    past.push_back(hour);
    std::printf("%4.2f   %8.1f %8.1f     %8llu %8llu   %5llu %5llu   %3llu %3llu   %8.1f\n",
                static_cast<double>(tick) / 180'000.0, hour.delay_ms[0], hour.delay_ms[1],
                static_cast<unsigned long long>(hour.concealed[0]),
                static_cast<unsigned long long>(hour.concealed[1]),
                static_cast<unsigned long long>(hour.late[0]),
                static_cast<unsigned long long>(hour.late[1]),
                static_cast<unsigned long long>(hour.resets[0]),
                static_cast<unsigned long long>(hour.resets[1]),
                static_cast<double>(hour.heap) / 1024.0);
    std::fflush(stdout);
  }
  if (past.empty()) return make_error(ErrorCode::kInvalidArgument, "a call of less than a tick");
  const Hour& first = past.front();
  const Hour& last = past.back();
  bool stayed = support::realtime_violations() == violations && last.heap <= first.heap + 1'024;
  for (int i = 0; i < 2; ++i)
    stayed = stayed && std::abs(last.delay_ms[i] - first.delay_ms[i]) <= 20.0 &&
             last.late[i] == 0 && last.resets[i] == 0;
  const auto statistics = engine->statistics();
  return stayed && statistics.ticks_late == 0;
}

}  // namespace syrinx::bench
