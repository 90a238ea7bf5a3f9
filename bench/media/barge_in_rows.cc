// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "media/report_rows.h"
#include "syrinx/engines/call/port/port_scenes.h"

namespace syrinx::bench {
namespace {

using namespace call;
using scenes::Sound;

constexpr double kEchoMs = 300.0;
constexpr double kEchoLossDb = 6.0;
constexpr double kInterruptedAtS = 6.0;
constexpr double kSeconds = 9.0;
constexpr int kInterruptions = 8;

struct Figures {
  double trigger_ms = 0.0;  // The most of all, as are
  double stop_ms = 0.0;
  std::size_t missed = 0;
  std::size_t by_echo = 0;  // Interruptions while nobody else spoke.
};

// As long as it takes, again and again.
Sound repeated(const std::vector<float>& sound, std::size_t samples) {
  Sound out(samples);
  for (std::size_t i = 0; i < samples; ++i) out[i] = sound[i % sound.size()];
  return out;
}

class Bench {
 public:
  Bench(const std::vector<float>& sound, int rate_hz)
      : sound_(sound),
        rate_hz_(rate_hz),
        samples_(static_cast<std::size_t>(kSeconds * rate_hz)),
        agent_(repeated(sound, 2 * samples_)) {}

  Figures run() {
    Figures figures;
    for (int i = 0; i < kInterruptions; ++i) interrupt(i, figures);
    const auto heard = converse(Sound(samples_), 11);
    figures.by_echo += heard.count(PortEvent::Kind::kBargeIn);
    return figures;
  }

 private:
  scenes::Heard converse(const Sound& caller, std::uint32_t seed) {
    SpeechPortOptions options;
    options.sample_rate_hz = rate_hz_;
    const auto port = SpeechPort::create(options).value();
    const scenes::EchoPath echo(rate_hz_, kEchoMs, kEchoLossDb, seed);
    return scenes::converse(*port, agent_, caller, echo, port->max_block_frames());
  }

  // The next place from which on the sound is a voice and no pause: 20 ms within 15 dB of the
  // whole, and the next four times as long not below it.
  std::size_t onset(std::size_t from) const {
    const auto level = [&](std::size_t at, std::size_t count) {
      double sum = 1e-12;
      for (std::size_t i = at; i < std::min(at + count, sound_.size()); ++i)
        sum += static_cast<double>(sound_[i]) * sound_[i];
      return 10.0 * std::log10(sum / static_cast<double>(count));
    };
    const double whole_db = level(0, sound_.size());
    const auto step = static_cast<std::size_t>(rate_hz_) / 50;
    for (std::size_t at = from; at + 5 * step < sound_.size(); at += step / 2)
      if (level(at, step) > whole_db - 15.0 && level(at + step, 4 * step) > whole_db - 10.0)
        return at;
    return from;
  }

  // Somebody speaks, each time from another place of the sound on.
  void interrupt(int number, Figures& figures) {
    const auto from = onset(static_cast<std::size_t>(number) * sound_.size() / kInterruptions);
    const Sound rest(sound_.begin() + static_cast<std::ptrdiff_t>(from), sound_.end());
    const Sound caller = scenes::placed(rest, rate_hz_, kInterruptedAtS, samples_);
    const auto heard = converse(caller, static_cast<std::uint32_t>(number + 1));
    const auto begin = static_cast<std::uint64_t>(kInterruptedAtS * rate_hz_);
    const auto trigger = heard.first(PortEvent::Kind::kBargeIn);
    const auto stop = heard.first(PortEvent::Kind::kStopped);
    if (trigger && trigger->at_sample < begin) ++figures.by_echo;
    if (!trigger || !stop || trigger->at_sample < begin) {
      ++figures.missed;
      return;
    }
    figures.trigger_ms = std::max(figures.trigger_ms, ms(trigger->at_sample - begin));
    figures.stop_ms = std::max(figures.stop_ms, ms(stop->at_sample - trigger->at_sample));
  }

  double ms(std::uint64_t samples) const { return 1e3 * static_cast<double>(samples) / rate_hz_; }

  const std::vector<float>& sound_;
  int rate_hz_;
  std::size_t samples_;
  Sound agent_;
};

}  // namespace

std::vector<MediaRow> barge_in_rows(const std::vector<float>& sound, int sample_rate_hz) {
  const Figures figures = Bench(sound, sample_rate_hz).run();
  char figure[80];
  std::snprintf(figure, sizeof(figure), "%.0f ms; %.0f ms; %zu; %zu", figures.trigger_ms,
                figures.stop_ms, figures.missed, figures.by_echo);
  return {{"barge-in, echo of 300 ms, 6 dB: trigger; silence after it; missed; by the echo", figure,
           "<= 200 ms; <= 40 ms; 0; 0",
           figures.trigger_ms <= 200.0 && figures.stop_ms <= 40.0 && figures.missed == 0 &&
               figures.by_echo == 0}};
}

}  // namespace syrinx::bench
