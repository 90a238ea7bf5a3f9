// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numbers>

#include "media/report_rows.h"
#include "syrinx/engines/call/conference/conference.h"
#include "syrinx/engines/call/conference/simulate_conference.h"
#include "syrinx/engines/call/payload_adapters.h"
#include "syrinx/engines/call/simulate_call.h"

namespace syrinx::bench {
namespace {

using namespace call;

constexpr int kRateHz = 16'000;
constexpr double kPitchesHz[] = {150.0, 230.0, 310.0};
constexpr const char* kNames[] = {"a", "b", "c"};
constexpr const char* kCodecs[] = {"pcmu", "opus", "g722"};

// Voiced sound in syllables, so loud.
AudioBuffer voice(double pitch_hz, double seconds, double level) {
  AudioBuffer sound(1, static_cast<std::size_t>(seconds * kRateHz), kRateHz);
  for (std::size_t i = 0; i < sound.frames(); ++i) {
    const double t = static_cast<double>(i) / kRateHz;
    double sum = 0.0;
    for (int k = 1; k <= 6; ++k) sum += std::sin(2.0 * std::numbers::pi * k * pitch_hz * t) / k;
    sound.channel(0)[i] = static_cast<float>(level * (0.6 + 0.4 * std::sin(18.0 * t)) * sum);
  }
  return sound;
}

// Three who speak for `seconds`, one `apart_s` after another.
Scenario room(double seconds, double apart_s) {
  Scenario scenario;
  scenario.conference = RoomPlan{};
  for (int i = 0; i < 3; ++i) {
    Party party;
    party.name = kNames[i];
    party.codec = kCodecs[i];
    party.spoken = voice(kPitchesHz[i], seconds, 0.2);
    party.starts_at_s = apart_s * i;
    party.to_room.delay.base_ms = 30.0;
    party.from_room.delay.base_ms = 30.0;
    scenario.parties.push_back(std::move(party));
  }
  return scenario;
}

std::span<const float> part(const AudioBuffer& sound, double from_s, double to_s) {
  const double rate = sound.sample_rate_hz();
  const auto from = static_cast<std::size_t>(from_s * rate);
  return sound.channel(0).subspan(from, static_cast<std::size_t>(to_s * rate) - from);
}

double db_of(double power) { return 10.0 * std::log10(power + 1e-12); }

double level_db(std::span<const float> x) {
  double sum = 0.0;
  for (const float v : x) sum += static_cast<double>(v) * v;
  return db_of(sum / static_cast<double>(x.size()));
}

// The power of x at a frequency.
double tone_db(std::span<const float> x, double hz, int rate_hz) {
  double re = 0.0;
  double im = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double angle = 2.0 * std::numbers::pi * hz * static_cast<double>(i) / rate_hz;
    re += x[i] * std::cos(angle);
    im += x[i] * std::sin(angle);
  }
  const auto count = static_cast<double>(x.size());
  return db_of(2.0 * (re * re + im * im) / count / count);
}

template <class... Values>
std::string text(const char* format, Values... values) {
  char out[160];
  std::snprintf(out, sizeof(out), format, values...);
  return out;
}

// Everybody speaks at once: what each hears of themselves, beside the others.
MediaRow others_alone() {
  const auto result = simulate_conference(room(5.0, 0.0)).value();
  double least_other_db = 0.0;
  double most_own_db = -200.0;
  for (std::size_t ear = 0; ear < 3; ++ear) {
    const auto heard = part(result.parties[ear].heard, 2.0, 4.0);
    const int rate_hz = result.parties[ear].sample_rate_hz;
    for (std::size_t k = 0; k < 3; ++k) {
      const double db = tone_db(heard, kPitchesHz[k], rate_hz);
      if (k == ear) {
        most_own_db = std::max(most_own_db, db);
      } else {
        least_other_db = std::min(least_other_db, db);
      }
    }
  }
  return {"room, all speak (N-1): the others at least; oneself at most",
          text("%.0f dB; %.0f dB", least_other_db, most_own_db), "30 dB apart",
          least_other_db - most_own_db >= 30.0};
}

// One after another: how late the floor is theirs.
MediaRow floor_changes() {
  const auto result = simulate_conference(room(2.0, 3.0)).value();
  double latest_ms = 0.0;
  std::size_t found = 0;
  for (int i = 0; i < 3; ++i)
    for (const RoomMoment& moment : result.moments) {
      const double at_s = static_cast<double>(moment.time.count()) * 1e-9;
      if (moment.kind != ConferenceEvent::Kind::kActiveSpeaker || moment.party != kNames[i] ||
          at_s < 3.0 * i)
        continue;
      latest_ms = std::max(latest_ms, 1e3 * (at_s - 3.0 * i));
      ++found;
      break;
    }
  return {"room, one after another: the active speaker is told within",
          text("%.0f ms, %zu of 3", latest_ms, found), "500 ms, 3 of 3",
          found == 3 && latest_ms <= 500.0};
}

// Who is muted, or whispers to one, is not heard by the others; a gain is what it says.
MediaRow gain_mute_and_whisper() {
  const auto plain = simulate_conference(room(5.0, 0.0)).value();
  Scenario scenario = room(5.0, 0.0);
  scenario.parties[0].muted = true;
  scenario.parties[1].whispers_to = {"a"};
  scenario.parties[2].gain_db = -6.0;
  const auto result = simulate_conference(scenario).value();
  const double to_c_db = level_db(part(result.parties[2].heard, 2.0, 4.0));
  const auto of_c_db = [](const ConferenceResult& one) {
    return tone_db(part(one.parties[0].heard, 2.0, 4.0), kPitchesHz[2],
                   one.parties[0].sample_rate_hz);
  };
  const double gain_db = of_c_db(result) - of_c_db(plain);
  return {"room: muted and whispered to another are heard at; a gain of -6 dB is",
          text("%.0f dBFS; %.1f dB", to_c_db, gain_db), "<= -70; -6 +- 0.5",
          to_c_db <= -70.0 && std::abs(gain_db + 6.0) <= 0.5};
}

// Two who are 18 dB apart, one after the other, at a third's ear.
MediaRow levelled() {
  Scenario scenario = room(8.0, 9.0);
  scenario.conference->levelling = true;
  scenario.parties[0].spoken = voice(kPitchesHz[0], 8.0, 0.02);
  scenario.parties[1].spoken = voice(kPitchesHz[1], 8.0, 0.16);
  scenario.duration_s = 18.0;
  const auto heard = simulate_conference(scenario).value().parties[2].heard;
  const double apart_db =
      std::abs(level_db(part(heard, 5.0, 8.0)) - level_db(part(heard, 14.0, 17.0)));
  return {"room with levelling: two who speak 18 dB apart are heard",
          text("%.1f dB apart", apart_db), "<= 4 dB", apart_db <= 4.0};
}

// Ten seconds in which nobody may speak or listen.
MediaRow idle_room() {
  SessionOptions options;
  options.agreement.send = payload_format_of("pcmu").value();
  options.agreement.receive = options.agreement.send;
  options.sample_rate_hz = kRateHz;
  options.seed = 1;
  const auto session = MediaSession::create(options).value();
  const auto conference = Conference::create({}).value();  // Goes before the session in it.
  const bool joined = session->start() && session->hold() && conference->join(*session);
  int ticks = 0;
  for (int i = 1; i <= 500; ++i) {
    const std::chrono::nanoseconds now = std::chrono::milliseconds(20 * i);
    if (conference->wanted_at() > now) continue;
    conference->tick(now);
    ++ticks;
  }
  const auto mixed = conference->statistics().ticks;
  return {"idle room, 10 s: of 500 ticks asked for; of them mixed",
          text("%d; %llu", ticks, static_cast<unsigned long long>(mixed)), "<= 10; 0",
          joined && ticks <= 10 && mixed == 0};
}

// Losses, jitter and clocks of their own: the same scenario, sample by sample.
MediaRow replay() {
  Scenario scenario = room(4.0, 0.5);
  for (Party& party : scenario.parties) {
    party.clock_ppm = 80.0;
    party.from_room.loss.kind = packet::LossKind::kUniform;
    party.from_room.loss.percent = 3.0;
  }
  const auto one = simulate_conference(scenario).value();
  const auto two = simulate_conference(scenario).value();
  std::size_t differing = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    const auto a = one.parties[i].heard.channel(0);
    const auto b = two.parties[i].heard.channel(0);
    differing += a.size() != b.size() ? 1 : 0;
    for (std::size_t k = 0; k < std::min(a.size(), b.size()); ++k) differing += a[k] != b[k];
  }
  return {"room over losses and two clocks, carried through twice: samples that differ",
          text("%zu", differing), "0", differing == 0};
}

// 48 kbit/s for one who sends 64 and headers.
MediaRow adaptation() {
  Scenario scenario;
  scenario.duration_s = 120.0;
  for (int i = 0; i < 2; ++i) {
    Party party;
    party.name = kNames[i];
    party.spoken = voice(kPitchesHz[i], 4.0, 0.2);
    scenario.parties.push_back(std::move(party));
  }
  scenario.to_second.bottleneck.bandwidth_bps = 48'000.0;
  scenario.to_second.bottleneck.queue_ms = 100.0;
  const auto percent = [&] {
    const auto& link = simulate_call(scenario).value()[0].link;
    return 100.0 * static_cast<double>(link.packets_lost) / static_cast<double>(link.packets_sent);
  };
  const double fixed = percent();
  scenario.parties[0].adaptation.strategy = AdaptationStrategy::kSaveNetwork;
  scenario.parties[0].fallback_codec = "opus";
  const double adapted = percent();
  return {"G.711 through 48 kbit/s for 120 s: lost; where the sender may change to Opus",
          text("%.0f %%; %.0f %%", fixed, adapted), "a third", adapted <= fixed / 3.0};
}

}  // namespace

std::vector<MediaRow> room_rows() {
  return {others_alone(), floor_changes(), gain_mute_and_whisper(), levelled(), idle_room(),
          replay(),       adaptation()};
}

}  // namespace syrinx::bench
