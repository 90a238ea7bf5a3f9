// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>

#include "media/report_rows.h"
#include "syrinx/engines/call/payload_adapters.h"
#include "syrinx/stages/measure/emodel/codec_impairments.h"
#include "syrinx/stages/packet/simulator.h"

namespace syrinx::bench {
namespace {

using packet::LinkEvent;
using packet::LinkOptions;
using packet::PlayKind;

struct Run {
  packet::LinkResult result;
  std::vector<LinkEvent> blocks;
  double cpu_s = 0.0;
};

std::string text(const char* format, double a, double b = 0.0) {
  char out[160];
  std::snprintf(out, sizeof(out), format, a, b);
  return out;
}

double at_s(const LinkEvent& event) { return static_cast<double>(event.time.count()) * 1e-9; }

class Bench {
 public:
  Bench(const std::vector<float>& sound, int sample_rate_hz)
      : sound_(sound), sample_rate_hz_(sample_rate_hz) {}

  // Speech as L16 over this network; a failure ends the program, as it is our own.
  Run run(LinkOptions options, double seconds, const packet::PacketHook& hook = {}) const {
    codec::PayloadFormat format = call::payload_format_of("l16").value();
    format.clock_rate_hz = sample_rate_hz_;
    format.payload_type = 96;
    auto encoder = call::make_packet_encoder(format, {}, 20).value();
    auto decoder = call::make_packet_decoder(format).value();
    options.buffer.sample_rate_hz = sample_rate_hz_;
    options.duration_s = seconds;
    options.tail_s = 0.0;
    Run out;
    packet::LinkObservers observers;
    observers.hook = hook;
    observers.ear = [](std::span<const float>) {};
    observers.event = [&](const LinkEvent& event) {
      if (event.kind == LinkEvent::Kind::kBlock) out.blocks.push_back(event);
    };
    const std::clock_t start = std::clock();
    const auto prepare = [&](packet::JitterBuffer& buffer) -> Result<void> {
      SYRINX_TRY(buffer.add_decoder(97, *decoder));
      return buffer.add_decoder(96, *decoder);
    };
    out.result = packet::simulate_link(options, AudioView(sound_, sample_rate_hz_), *encoder,
                                       prepare, observers)
                     .value();
    out.cpu_s = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    return out;
  }

 private:
  const std::vector<float>& sound_;
  int sample_rate_hz_;
};

double concealed_percent(const Run& run) {
  const auto& s = run.result.buffer;
  return 100.0 * static_cast<double>(s.frames_concealed) /
         static_cast<double>(s.frames_out - s.frames_before_first);
}

double longest_gap_ms(const Run& run, double from_s, double to_s) {
  int longest = 0;
  int now = 0;
  for (const LinkEvent& block : run.blocks) {
    if (at_s(block) < from_s || at_s(block) > to_s) continue;
    now = block.played == PlayKind::kSpeech ? 0 : now + 1;
    longest = std::max(longest, now);
  }
  return 10.0 * longest;
}

MediaRow clean(const Bench& bench) {
  const Run run = bench.run({}, 60);
  const auto& s = run.result.buffer;
  return {"clean: added delay, mean (most); concealed",
          text("%.1f (%.1f) ms; ", s.mean_delay_ms, s.max_delay_ms) +
              std::to_string(s.frames_concealed),
          "<= 60 ms; 0", s.max_delay_ms <= 61.0 && s.frames_concealed == 0};
}

MediaRow loss_and_jitter(const Bench& bench) {
  LinkOptions options;
  options.network.loss.kind = packet::LossKind::kUniform;
  options.network.loss.percent = 2;
  options.network.delay.jitter = packet::JitterKind::kUniform;
  options.network.delay.jitter_ms = 100;
  const Run run = bench.run(options, 300);
  double most = 0.0;
  for (const LinkEvent& block : run.blocks) most = std::max(most, block.target_ms);
  return {"2 % loss, +-50 ms jitter: concealed; target at most",
          text("%.2f %%; %.0f ms", concealed_percent(run), most), "<= 3 %; <= 120 ms",
          concealed_percent(run) <= 3.0 && most <= 120.0};
}

MediaRow delay_step(const Bench& bench) {
  LinkOptions options;
  options.network.delay.base_ms = 30;
  options.network.steps = {{10.0, 230.0}, {25.0, 30.0}};
  const Run run = bench.run(options, 45);
  double recovered_s = 10.0;
  double back_s = 25.0;
  for (const LinkEvent& block : run.blocks) {
    if (at_s(block) >= 10.0 && at_s(block) < 25.0 && block.played != PlayKind::kSpeech)
      recovered_s = at_s(block);
    if (at_s(block) > 25.1 && block.delay_ms > 60.0) back_s = at_s(block);
  }
  return {"200 ms step: speech again after; delay back after",
          text("%.2f s; %.2f s", recovered_s - 10.0, back_s - 25.0), "<= 1 s; <= 10 s",
          recovered_s <= 11.0 && back_s <= 35.0};
}

MediaRow drift(const Bench& bench, double ppm, double seconds) {
  LinkOptions options;
  options.sender_ppm = ppm;
  options.network.delay.jitter = packet::JitterKind::kUniform;
  options.network.delay.jitter_ms = 10;
  const Run run = bench.run(options, seconds);
  const double end_s = seconds / (1.0 + std::max(ppm, 0.0) * 1e-6);
  double sum = 0.0;
  int count = 0;
  for (const LinkEvent& block : run.blocks) {
    if (at_s(block) < 15.0 || at_s(block) > end_s) continue;
    sum += block.delay_ms;
    ++count;
  }
  double furthest = 0.0;
  for (const LinkEvent& block : run.blocks)
    if (at_s(block) >= 15.0 && at_s(block) <= end_s)
      furthest = std::max(furthest, std::abs(block.delay_ms - sum / count));
  return {text("drift of %+.0f ppm over %.0f s: delay stays within; resets", ppm, seconds),
          text("+-%.1f ms; %.0f", furthest, static_cast<double>(run.result.buffer.resets)),
          "+-20 ms; 0", furthest <= 20.0 && run.result.buffer.resets == 0};
}

MediaRow changes(const Bench& bench) {
  LinkOptions options;
  options.first_sequence = 65'300;
  options.first_timestamp = 0xFFFFFFFFu - 16'000u * 5u;
  const Run run = bench.run(options, 30, [](std::int64_t number, Packet& packet) {
    packet.payload_type = number / 100 % 2 == 0 ? 96 : 97;
    if (number < 700) return;
    packet.ssrc = 77;
    packet.timestamp += 123'456'789;
  });
  const double gap_ms = longest_gap_ms(run, 1.0, 29.5);
  return {"another SSRC, wraps, other payload types: longest gap", text("%.0f ms", gap_ms),
          "<= 60 ms", gap_ms <= 60.0};
}

// What the E-model says of G.711 with concealment over this burst, by what the receiver measured.
MediaRow burst_loss(const Bench& bench) {
  LinkOptions options;
  options.network.loss = packet::bursty_loss(5, 3).value();
  const Run run = bench.run(options, 300);
  const double loss = 100.0 * static_cast<double>(run.result.packets_lost) /
                      static_cast<double>(run.result.packets_sent);
  const auto at_random = measure::rate(measure::call_over("g711-plc", 0.0, loss).value()).value();
  const auto bursty =
      measure::rate(
          measure::call_over("g711-plc", 0.0, loss, run.result.losses.burst_ratio).value())
          .value();
  return {text("5 %% in bursts of 60 ms: MOS of G.711 by the E-model (BurstR %.1f; at random %.2f)",
               run.result.losses.burst_ratio, at_random.mos),
          text("%.2f", bursty.mos), ">= 3.7", bursty.mos >= 3.7};
}

MediaRow cost(const Bench& bench) {
  LinkOptions options;
  options.network.delay.jitter = packet::JitterKind::kUniform;
  options.network.delay.jitter_ms = 40;
  const Run run = bench.run(options, 600);
  return {"simulated call, one direction with L16: CPU per second of sound",
          text("%.5f", run.cpu_s / 600.0), "-", true};
}

}  // namespace

std::vector<MediaRow> packet_rows(const std::vector<float>& sound, int sample_rate_hz) {
  const Bench bench(sound, sample_rate_hz);
  return {clean(bench),
          loss_and_jitter(bench),
          burst_loss(bench),
          delay_step(bench),
          drift(bench, 500, 3'600),
          drift(bench, -500, 3'600),
          drift(bench, 25'000, 300),
          drift(bench, -25'000, 300),
          changes(bench),
          cost(bench)};
}

}  // namespace syrinx::bench
