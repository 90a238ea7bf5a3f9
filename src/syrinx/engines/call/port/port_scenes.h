// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <random>
#include <span>
#include <vector>

#include "syrinx/engines/call/port/speech_port.h"

// Callers made for tests and benchmarks of speech ports: who says something at a time, in a room
// where what the port says comes back.
namespace syrinx::call::scenes {

using Sound = std::vector<float>;

// The way from the port's mouth to its ear: a direct sound and reflections that fall by 60 dB in
// 300 ms, 128 ms of them.
class EchoPath {
 public:
  EchoPath(int rate_hz, double delay_ms, double loss_db, std::uint32_t seed) {
    std::minstd_rand random(seed);
    std::normal_distribution<double> normal;
    std::uniform_real_distribution<double> when(0.0, 128.0);
    const auto add = [&](double ms, double gain) {
      taps_.push_back({static_cast<std::size_t>((delay_ms + ms) * 1e-3 * rate_hz), gain});
    };
    add(0.0, 4.0);
    for (int i = 0; i < 120; ++i) {
      const double ms = when(random);
      add(ms, normal(random) * std::pow(10.0, -3.0 * ms / 300.0));
    }
    double power = 0.0;
    for (const Tap& tap : taps_) power += tap.gain * tap.gain;
    for (Tap& tap : taps_) tap.gain *= std::pow(10.0, -loss_db / 20.0) / std::sqrt(power);
  }
  // What comes back at the time of sample `at`.
  float operator()(std::span<const float> said, std::size_t at) const {
    double sum = 0.0;
    for (const Tap& tap : taps_) {
      const std::size_t from = at - tap.late;
      if (at >= tap.late && from < said.size()) sum += tap.gain * static_cast<double>(said[from]);
    }
    return static_cast<float>(sum);
  }

 private:
  struct Tap {
    std::size_t late = 0;
    double gain = 0.0;
  };
  std::vector<Tap> taps_;
};

struct Heard {
  Sound said;      // By the port.
  Sound listened;  // To its listen().
  std::vector<PortEvent> events;

  std::optional<PortEvent> first(PortEvent::Kind kind, std::uint64_t from = 0) const {
    for (const PortEvent& event : events)
      if (event.kind == kind && event.at_sample >= from) return event;
    return {};
  }
  std::size_t count(PortEvent::Kind kind) const {
    return static_cast<std::size_t>(std::count_if(
        events.begin(), events.end(), [kind](const PortEvent& e) { return e.kind == kind; }));
  }
};

// Lets the port say `speech` as one utterance, while `caller` is said to it and its echo comes
// back, in blocks of this many samples, for as long as `caller` is.
inline Heard converse(SpeechPort& port, std::span<const float> speech,
                      std::span<const float> caller, const std::optional<EchoPath>& echo,
                      std::size_t block) {
  Heard heard;
  Sound in;
  Sound out;
  Sound listened(2'048);
  const UtteranceId utterance = port.begin().value();
  for (std::size_t at = 0; at < caller.size(); at += block) {
    const std::size_t count = std::min(block, caller.size() - at);
    speech =
        speech.subspan(port.write(utterance, speech.first(std::min(speech.size(), 4 * block))));
    if (speech.empty()) port.finish(utterance);
    in.assign(caller.begin() + static_cast<std::ptrdiff_t>(at),
              caller.begin() + static_cast<std::ptrdiff_t>(at + count));
    for (std::size_t i = 0; echo && i < count; ++i) in[i] += (*echo)(heard.said, at + i);
    out.resize(count);
    port.exchange(in, out);
    heard.said.insert(heard.said.end(), out.begin(), out.end());
    while (const std::size_t n = port.listen(listened))
      heard.listened.insert(heard.listened.end(), listened.begin(),
                            listened.begin() + static_cast<std::ptrdiff_t>(n));
    PortEvent event;
    while (port.next_event(event)) heard.events.push_back(event);
  }
  return heard;
}

// Where somebody begins to speak: the first 10 ms within 30 dB of the loudest.
inline std::size_t onset_of(std::span<const float> x, int rate_hz) {
  const auto hop = static_cast<std::size_t>(rate_hz / 100);
  std::vector<double> power;
  for (std::size_t at = 0; at + hop <= x.size(); at += hop) {
    double sum = 0.0;
    for (const float sample : x.subspan(at, hop)) sum += static_cast<double>(sample) * sample;
    power.push_back(sum);
  }
  if (power.empty()) return 0;
  const double least = 1e-3 * *std::max_element(power.begin(), power.end());
  const auto first =
      std::find_if(power.begin(), power.end(), [least](double p) { return p > least; });
  return hop * static_cast<std::size_t>(first - power.begin());
}

// Silence, then `x` from its onset on, in `samples` in all; `soft` is white noise beneath it all.
inline Sound placed(std::span<const float> x, int rate_hz, double at_s, std::size_t samples,
                    float soft = 1e-4F) {
  std::minstd_rand random(7);
  std::normal_distribution<float> normal(0.0F, soft);
  Sound out(samples);
  for (float& sample : out) sample = normal(random);
  const auto begins = static_cast<std::size_t>(at_s * rate_hz);
  const auto from = x.subspan(onset_of(x, rate_hz));
  for (std::size_t i = 0; i < from.size() && begins + i < out.size(); ++i)
    out[begins + i] += from[i];
  return out;
}

}  // namespace syrinx::call::scenes
