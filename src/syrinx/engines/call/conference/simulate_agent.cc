// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/call/conference/simulate_agent.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <queue>

#include "syrinx/engines/call/conference/simulated_time.h"
#include "syrinx/engines/call/conference/speech_leg.h"
#include "syrinx/engines/call/party_sound.h"
#include "syrinx/engines/call/payload_adapters.h"
#include "syrinx/stages/packet/rtp.h"

namespace syrinx::call {
namespace {

using std::chrono::nanoseconds;

constexpr double kTailS = 0.5;     // What is heard after the end of the call's time.
constexpr double kCallerS = 0.01;  // Of the caller's ticks.
constexpr nanoseconds kAgentTick = std::chrono::milliseconds(20);

struct Arrival {
  nanoseconds time{0};
  std::uint64_t number = 0;  // Of its sending, so that equal times have an order.
  bool at_agent = false;
  std::vector<std::uint8_t> bytes;

  bool operator>(const Arrival& other) const noexcept {
    return time != other.time ? time > other.time : number > other.number;
  }
};

// Each party sends their own codec and takes the other's.
Result<SessionOptions> session_options(const Party& party, const Party& other, std::uint64_t seed) {
  SessionOptions options;
  SYRINX_ASSIGN(options.agreement.send, payload_format_of(party.codec));
  SYRINX_ASSIGN(options.agreement.receive, payload_format_of(other.codec));
  options.agreement.send_block_us = party.packet_ms * 1'000;
  codec::PayloadFormat noise;
  noise.name = "CN";
  noise.payload_type = 13;
  options.agreement.comfort_noise = noise;
  options.encoder = party.encoder;
  options.delay_strategy = party.buffer.strategy;
  options.start_delay_ms = party.buffer.start_delay_ms;
  options.min_delay_ms = party.buffer.min_delay_ms;
  options.max_delay_ms = party.buffer.max_delay_ms;
  options.cname = party.name;
  options.seed = seed;
  return options;
}

// The agent's leg runs at what both codecs have, 16 kHz at most.
Result<int> leg_rate_hz(const Party& one, const Party& other) {
  int rate_hz = 16'000;
  bool narrow = true;
  for (const Party* party : {&one, &other}) {
    SYRINX_ASSIGN(const auto format, payload_format_of(party->codec));
    SYRINX_ASSIGN(const auto decoder, make_packet_decoder(format));
    narrow = narrow && decoder->sample_rate_hz() == 8'000;
  }
  if (narrow) rate_hz = 8'000;
  return rate_hz;
}

class Simulation {
 public:
  Simulation(const Scenario& scenario, const AgentObservers& observers)
      : scenario_(scenario),
        observers_(observers),
        agent_number_(scenario.parties[0].listens ? 0 : 1),
        agent_(scenario.parties[agent_number_]),
        caller_(scenario.parties[1 - agent_number_]),
        paths_{packet::ImpairedPath(scenario.to_first, scenario.seed * 4),
               packet::ImpairedPath(scenario.to_second, scenario.seed * 4 + 1)},
        bases_{ns_of_s(scenario.to_first.delay.base_ms * 1e-3),
               ns_of_s(scenario.to_second.delay.base_ms * 1e-3)},
        pace_(1.0 + caller_.clock_ppm * 1e-6),
        datagram_(MediaSession::kMaxDatagram) {}

  Result<AgentCallResult> run(const std::stop_token& stop) {
    SYRINX_TRY(prepare_agent());
    SYRINX_TRY(prepare_caller());
    const double agent_s = agent_.starts_at_s + agent_sound_.duration_s();
    const double caller_s = caller_.starts_at_s + caller_sound_.duration_s();
    duration_s_ = scenario_.duration_s > 0.0 ? scenario_.duration_s : std::max(agent_s, caller_s);
    const nanoseconds end = ns_of_s(duration_s_ + kTailS);
    nanoseconds agent_at = kAgentTick;
    for (std::uint64_t step = 0;; ++step) {
      if (step % 1'024 == 0 && stop.stop_requested())
        return make_error(ErrorCode::kCancelled, "the simulation was stopped");
      const nanoseconds caller_at = caller_time(caller_ticks_ + 1);
      const nanoseconds time = std::min(caller_at, agent_at);
      if (time > end) break;
      deliver_until(time);
      if (agent_at <= caller_at) {
        tick_agent(agent_at);
        agent_at += kAgentTick;
      } else {
        tick_caller(caller_at);
      }
    }
    return finish();
  }

 private:
  Result<void> prepare_agent() {
    SYRINX_ASSIGN(auto options, session_options(agent_, caller_, scenario_.seed * 1'000 + 1));
    SpeechPortOptions port;
    SYRINX_ASSIGN(port.sample_rate_hz, leg_rate_hz(agent_, caller_));
    options.sample_rate_hz = port.sample_rate_hz;
    SYRINX_ASSIGN(session_, MediaSession::create(options));
    SYRINX_TRY(session_->start());
    SYRINX_ASSIGN(port_, SpeechPort::create(port));
    SYRINX_ASSIGN(leg_, SpeechLeg::create(*session_, *port_));
    SYRINX_ASSIGN(agent_sound_, read_party_sound(agent_.sound, port.sample_rate_hz));
    return {};
  }

  Result<void> prepare_caller() {
    SYRINX_ASSIGN(const auto options, session_options(caller_, agent_, scenario_.seed * 1'000 + 2));
    SYRINX_ASSIGN(phone_, MediaSession::create(options));
    SYRINX_TRY(phone_->start());
    SYRINX_ASSIGN(caller_sound_, read_party_sound(caller_.sound, phone_->sample_rate_hz()));
    block_.resize(phone_->block_frames());
    return {};
  }

  nanoseconds caller_time(std::int64_t ticks) const noexcept {
    return ns_of_s(static_cast<double>(ticks) * kCallerS / pace_);
  }

  // What the phone's microphone takes: the caller, and what its loudspeaker gave a while ago.
  void fill_microphone() {
    const double rate = phone_->sample_rate_hz();
    const auto start = static_cast<std::int64_t>(std::llround(caller_.starts_at_s * rate));
    const std::span<const float> all = caller_sound_.channel(0);
    const std::size_t first = heard_.size() - block_.size();
    const bool echoes = caller_.echo.has_value();
    const auto late =
        echoes ? static_cast<std::size_t>(caller_.echo->delay_ms * 1e-3 * rate) : std::size_t{0};
    const auto gain =
        echoes ? static_cast<float>(std::pow(10.0, -caller_.echo->loss_db / 20.0)) : 0.0F;
    for (std::size_t i = 0; i < block_.size(); ++i) {
      const std::int64_t at = static_cast<std::int64_t>(first + i) - start;
      block_[i] = at >= 0 && at < static_cast<std::int64_t>(all.size())
                      ? all[static_cast<std::size_t>(at)]
                      : 0.0F;
      if (echoes && first + i >= late) block_[i] += gain * heard_[first + i - late];
    }
  }

  void tick_caller(nanoseconds time) {
    ++caller_ticks_;
    const nanoseconds own = ns_of_s(static_cast<double>(caller_ticks_) * kCallerS);
    phone_->pull(own, block_);
    heard_.insert(heard_.end(), block_.begin(), block_.end());
    fill_microphone();
    phone_->push(own, block_);
    send_all(*phone_, true, time);
  }

  // Hands over as much as there is room for, as a program would.
  void write_speech(nanoseconds time) {
    if (s_of_ns(time) < agent_.starts_at_s) return;
    if (utterance_ == 0) {
      const auto begun = port_->begin();
      if (!begun) return;
      utterance_ = *begun;
    }
    written_ += port_->write(utterance_, agent_sound_.channel(0).subspan(written_));
    if (written_ == agent_sound_.frames()) port_->finish(utterance_);
  }

  void tick_agent(nanoseconds time) {
    write_speech(time);
    leg_->tick(time);
    send_all(*session_, false, time);
    std::array<float, 1'024> part{};
    while (const std::size_t count = port_->listen(part))
      listened_.insert(listened_.end(), part.begin(),
                       part.begin() + static_cast<std::ptrdiff_t>(count));
    PortEvent event;
    while (port_->next_event(event)) note(event);
  }

  double seconds_of(std::uint64_t samples) const noexcept {
    return static_cast<double>(samples) / port_->sample_rate_hz();
  }

  void note(const PortEvent& event) {
    result_.events.push_back(event);
    if (event.kind == PortEvent::Kind::kBargeIn)
      result_.barge_ins.push_back({seconds_of(event.at_sample), seconds_of(event.since_sample),
                                   event.utterance, std::nullopt, seconds_of(event.said_samples)});
    const bool ends =
        event.kind == PortEvent::Kind::kStopped || event.kind == PortEvent::Kind::kFinished;
    for (BargeIn& barge_in : result_.barge_ins) {
      if (!ends || barge_in.utterance != event.utterance) continue;
      barge_in.said_s = seconds_of(event.said_samples);
      if (event.kind == PortEvent::Kind::kStopped)
        barge_in.stopped_ms = 1e3 * (seconds_of(event.at_sample) - barge_in.at_s);
    }
  }

  void deliver_until(nanoseconds time) {
    while (!arrivals_.empty() && arrivals_.top().time <= time) {
      const Arrival& arrival = arrivals_.top();
      if (arrival.at_agent) {
        session_->receive(arrival.bytes, arrival.time);
      } else {
        phone_->receive(arrival.bytes, ns_of_s(s_of_ns(arrival.time) * pace_));
      }
      if (observers_.capture)
        observers_.capture(arrival.at_agent ? agent_.name : caller_.name, captured(arrival));
      arrivals_.pop();
    }
  }

  packet::CapturedDatagram captured(const Arrival& arrival) const {
    packet::CapturedDatagram datagram;
    datagram.time = arrival.time;
    datagram.source = arrival.at_agent ? caller_.name : agent_.name;
    datagram.rtcp = packet::looks_like_rtcp(arrival.bytes);
    datagram.payload_bytes = arrival.bytes.size();
    datagram.bytes = arrival.bytes;
    return datagram;
  }

  // Reports are delayed, never lost.
  void send_all(MediaSession& session, bool to_agent, nanoseconds time) {
    const std::size_t way = to_agent ? agent_number_ : 1 - agent_number_;
    while (true) {
      const OutgoingDatagram out = session.take(datagram_);
      if (out.bytes == 0) return;
      packet::ImpairedPath::Fate fate;
      if (out.rtcp) {
        fate.arrival = time + bases_[way];
      } else {
        fate = paths_[way].send(time, out.bytes);
      }
      for (const auto& when : {fate.arrival, fate.duplicate})
        if (when)
          arrivals_.push(
              {*when,
               sent_++,
               to_agent,
               {datagram_.begin(), datagram_.begin() + static_cast<std::ptrdiff_t>(out.bytes)}});
    }
  }

  Result<AgentCallResult> finish() {
    result_.agent = agent_.name;
    result_.caller = caller_.name;
    result_.heard_by_caller = AudioBuffer(AudioView(heard_, phone_->sample_rate_hz()));
    result_.heard_by_agent = AudioBuffer(AudioView(listened_, port_->listen_rate_hz()));
    result_.agent_session = session_->current_statistics();
    result_.caller_session = phone_->current_statistics();
    result_.port = port_->statistics();
    result_.speech_s = agent_sound_.duration_s();
    result_.said_s = seconds_of(result_.port.said_samples);
    return std::move(result_);
  }

  const Scenario& scenario_;
  const AgentObservers& observers_;
  std::size_t agent_number_;
  const Party& agent_;
  const Party& caller_;
  std::array<packet::ImpairedPath, 2> paths_;  // To the first party and to the second.
  std::array<nanoseconds, 2> bases_;
  double pace_;  // Of the caller's clock against the true one, which is the agent's.
  std::vector<std::uint8_t> datagram_;
  std::unique_ptr<MediaSession> session_;
  std::unique_ptr<SpeechPort> port_;
  std::unique_ptr<SpeechLeg> leg_;
  std::unique_ptr<MediaSession> phone_;
  AudioBuffer agent_sound_;
  AudioBuffer caller_sound_;
  UtteranceId utterance_ = 0;
  std::size_t written_ = 0;
  std::int64_t caller_ticks_ = 0;
  std::vector<float> block_;
  std::vector<float> heard_;
  std::vector<float> listened_;
  std::priority_queue<Arrival, std::vector<Arrival>, std::greater<>> arrivals_;
  std::uint64_t sent_ = 0;
  double duration_s_ = 0.0;
  AgentCallResult result_;
};

}  // namespace

bool has_agent(const Scenario& scenario) noexcept {
  return std::any_of(scenario.parties.begin(), scenario.parties.end(),
                     [](const Party& party) { return party.listens; });
}

Result<AgentCallResult> simulate_agent(const Scenario& scenario, const AgentObservers& observers,
                                       std::stop_token stop) {
  if (scenario.conference || scenario.parties.size() != 2 || !has_agent(scenario))
    return make_error(ErrorCode::kInvalidArgument,
                      "a scenario without an agent; simulate_call() carries it through");
  auto result = Simulation(scenario, observers).run(stop);
  if (result) return result;
  return make_error(result.error().code, "between ", scenario.parties[0].name, " and ",
                    scenario.parties[1].name, ": ", result.error().message);
}

}  // namespace syrinx::call
