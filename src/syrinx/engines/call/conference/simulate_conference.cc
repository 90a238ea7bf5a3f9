// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/call/conference/simulate_conference.h"

#include <algorithm>
#include <cmath>
#include <queue>

#include "syrinx/engines/call/conference/conference.h"
#include "syrinx/engines/call/conference/simulated_time.h"
#include "syrinx/engines/call/party_sound.h"
#include "syrinx/engines/call/payload_adapters.h"
#include "syrinx/stages/packet/rtp.h"

namespace syrinx::call {
namespace {

using std::chrono::nanoseconds;

constexpr double kTailS = 0.5;   // What is heard after the end of the call's time.
constexpr double kTickS = 0.01;  // Of a party's own session.

struct Arrival {
  nanoseconds time{0};
  std::uint64_t number = 0;  // Of its sending, so that equal times have an order.
  std::size_t party = 0;
  bool at_room = false;
  std::vector<std::uint8_t> bytes;

  bool operator>(const Arrival& other) const noexcept {
    return time != other.time ? time > other.time : number > other.number;
  }
};
using Arrivals = std::priority_queue<Arrival, std::vector<Arrival>, std::greater<>>;

codec::Agreement agreement_of(const codec::PayloadFormat& format, int packet_ms) {
  codec::Agreement agreement;
  agreement.send = format;
  agreement.receive = format;
  agreement.send_block_us = packet_ms * 1'000;
  codec::PayloadFormat noise;
  noise.name = "CN";
  noise.payload_type = 13;
  agreement.comfort_noise = noise;
  return agreement;
}

// One direction of one party's network.
class Path {
 public:
  Path(const packet::Impairment& network, std::uint64_t seed)
      : path_(network, seed), base_(ns_of_s(network.delay.base_ms * 1e-3)) {}

  // When it arrives, once, twice or never. Reports are delayed, never lost.
  void send(bool report, Arrival arrival, std::uint64_t& number, Arrivals& arrivals) {
    if (report) return deliver(arrival, arrival.time + base_, number, arrivals);
    ++result.packets_sent;
    const auto fate = path_.send(arrival.time, arrival.bytes.size());
    if (!fate.arrival) ++result.packets_lost;
    if (fate.duplicate) ++result.packets_duplicated;
    if (fate.arrival) deliver(arrival, *fate.arrival, number, arrivals);
    if (fate.duplicate) deliver(arrival, *fate.duplicate, number, arrivals);
  }

  PathResult result;

 private:
  static void deliver(Arrival arrival, nanoseconds time, std::uint64_t& number,
                      Arrivals& arrivals) {
    arrival.time = time;
    arrival.number = number++;
    arrivals.push(std::move(arrival));
  }

  packet::ImpairedPath path_;
  nanoseconds base_;
};

// A party, their session, their clock, and the room's session with them.
struct Member {
  const Party* party = nullptr;
  std::unique_ptr<MediaSession> phone;
  std::unique_ptr<MediaSession> leg;
  AudioBuffer sound;
  std::size_t said_frames = 0;
  double pace = 1.0;  // Of their clock against the true one.
  std::int64_t ticks = 0;
  std::vector<float> block;
  std::vector<float> heard;
  std::vector<Path> paths;  // To the room, and back.

  nanoseconds next_tick() const noexcept {
    return ns_of_s(static_cast<double>(ticks + 1) * kTickS / pace);
  }
  nanoseconds own_time(nanoseconds time) const noexcept { return ns_of_s(s_of_ns(time) * pace); }

  // The next 10 ms of what they say, from their beginning on.
  void speak() {
    const auto rate = static_cast<double>(phone->sample_rate_hz());
    const auto start = static_cast<std::int64_t>(std::llround(party->starts_at_s * rate));
    const std::span<const float> all = sound.channel(0);
    for (float& sample : block) {
      const std::int64_t at = static_cast<std::int64_t>(said_frames++) - start;
      sample = at >= 0 && at < static_cast<std::int64_t>(all.size())
                   ? all[static_cast<std::size_t>(at)]
                   : 0.0f;
    }
  }
};

Result<Member> make_member(const Party& party, std::size_t number, const Scenario& scenario) {
  Member member;
  member.party = &party;
  member.pace = 1.0 + party.clock_ppm * 1e-6;
  SYRINX_ASSIGN(const auto format, payload_format_of(party.codec));
  SessionOptions options;
  options.agreement = agreement_of(format, party.packet_ms);
  options.encoder = party.encoder;
  options.delay_strategy = party.buffer.strategy;
  options.start_delay_ms = party.buffer.start_delay_ms;
  options.min_delay_ms = party.buffer.min_delay_ms;
  options.max_delay_ms = party.buffer.max_delay_ms;
  options.cname = party.name;
  options.adaptation = party.adaptation;
  options.seed = scenario.seed * 1'000 + number * 2 + 1;
  SYRINX_ASSIGN(member.phone, MediaSession::create(options));
  options.sample_rate_hz = scenario.conference->sample_rate_hz;
  options.cname = "room";
  options.seed += 1;
  SYRINX_ASSIGN(member.leg, MediaSession::create(options));
  SYRINX_TRY(member.phone->start());
  SYRINX_TRY(member.leg->start());
  SYRINX_ASSIGN(member.sound, read_party_sound(party.sound, member.phone->sample_rate_hz()));
  member.block.resize(member.phone->block_frames());
  member.paths.emplace_back(party.to_room, options.seed * 2);
  member.paths.emplace_back(party.from_room, options.seed * 2 + 1);
  return member;
}

class Simulation final : public ConferenceTap {
 public:
  Simulation(const Scenario& scenario, const ConferenceObservers& observers)
      : scenario_(scenario), observers_(observers), datagram_(MediaSession::kMaxDatagram) {}

  Result<ConferenceResult> run(const std::stop_token& stop) {
    SYRINX_TRY(prepare());
    const nanoseconds end = ns_of_s(duration_s_ + kTailS);
    const nanoseconds room_tick = ns_of_s(scenario_.conference->tick_ms * 1e-3);
    nanoseconds next_room = room_tick;
    for (std::uint64_t step = 0;; ++step) {
      if (step % 1'024 == 0 && stop.stop_requested())
        return make_error(ErrorCode::kCancelled, "the simulation was stopped");
      Member* next = nullptr;
      for (Member& member : members_)
        if (next == nullptr || member.next_tick() < next->next_tick()) next = &member;
      const nanoseconds time = std::min(next->next_tick(), next_room);
      if (time > end) break;
      deliver_until(time);
      if (next_room <= next->next_tick()) {
        tick_room(next_room);
        next_room += room_tick;
      } else {
        tick_member(*next);
      }
    }
    return finish();
  }

  void tick(LegId leg, nanoseconds now, std::span<const float> said,
            std::span<const float> heard) noexcept override {
    observers_.room(now, leg - 1, said,
                    heard);  // Legs are numbered from 1, in the order of joining.
  }

 private:
  Result<void> prepare() {
    const RoomPlan& plan = *scenario_.conference;
    ConferenceOptions options;
    options.sample_rate_hz = plan.sample_rate_hz;
    options.tick_ms = plan.tick_ms;
    options.talkers = plan.talkers;
    options.levelling = plan.levelling;
    options.max_legs = scenario_.parties.size();
    members_.reserve(scenario_.parties.size());
    for (const Party& party : scenario_.parties) {
      auto member = make_member(party, members_.size(), scenario_);
      if (!member)
        return make_error(member.error().code, "party ", party.name, ": ", member.error().message);
      duration_s_ = std::max(duration_s_, party.starts_at_s + member->sound.duration_s());
      members_.push_back(std::move(*member));
    }
    if (scenario_.duration_s > 0.0) duration_s_ = scenario_.duration_s;
    SYRINX_ASSIGN(room_, Conference::create(options));
    if (observers_.room) SYRINX_TRY(room_->set_tap(this));
    for (const Member& member : members_) {
      LegOptions leg;
      leg.gain_db = member.party->gain_db;
      leg.muted = member.party->muted;
      SYRINX_ASSIGN(const LegId id, room_->join(*member.leg, leg));
      static_cast<void>(id);
    }
    return whispers();
  }

  Result<void> whispers() {
    for (std::size_t i = 0; i < members_.size(); ++i) {
      std::vector<LegId> listeners;
      for (const std::string& name : members_[i].party->whispers_to)
        for (std::size_t k = 0; k < members_.size(); ++k)
          if (members_[k].party->name == name) listeners.push_back(static_cast<LegId>(k + 1));
      if (!listeners.empty()) SYRINX_TRY(room_->whisper(static_cast<LegId>(i + 1), listeners));
    }
    return {};
  }

  void deliver_until(nanoseconds time) {
    while (!arrivals_.empty() && arrivals_.top().time <= time) {
      const Arrival& arrival = arrivals_.top();
      Member& member = members_[arrival.party];
      if (arrival.at_room) {
        member.leg->receive(arrival.bytes, arrival.time);
      } else {
        member.phone->receive(arrival.bytes, member.own_time(arrival.time));
        if (observers_.capture) observers_.capture(member.party->name, captured(arrival));
      }
      arrivals_.pop();
    }
  }

  static packet::CapturedDatagram captured(const Arrival& arrival) {
    packet::CapturedDatagram datagram;
    datagram.time = arrival.time;
    datagram.source = "room";
    datagram.rtcp = packet::looks_like_rtcp(arrival.bytes);
    datagram.payload_bytes = arrival.bytes.size();
    datagram.bytes = arrival.bytes;
    return datagram;
  }

  void tick_member(Member& member) {
    const nanoseconds time = member.next_tick();
    ++member.ticks;
    const nanoseconds own = ns_of_s(static_cast<double>(member.ticks) * kTickS);
    member.phone->pull(own, member.block);
    member.heard.insert(member.heard.end(), member.block.begin(), member.block.end());
    // After the call's time nobody speaks, and what is under way is still heard.
    if (s_of_ns(time) <= duration_s_) {
      member.speak();
      member.phone->push(own, member.block);
    }
    send_all(member, *member.phone, true, time);
    note_adaptations(member, *member.phone, false, time);
  }

  void note_adaptations(const Member& member, MediaSession& session, bool by_room,
                        nanoseconds time) {
    SessionEvent event;
    while (session.next_event(event)) {
      if (event.kind != SessionEvent::Kind::kAdapted) continue;
      result_.adaptations.push_back(
          {time, member.party->name, by_room, {event.adaptation, event.packet_ms}});
    }
  }

  void tick_room(nanoseconds time) {
    if (room_->wanted_at() <= time) room_->tick(time);
    for (Member& member : members_) {
      send_all(member, *member.leg, false, time);
      note_adaptations(member, *member.leg, true, time);
    }
    ConferenceEvent event;
    while (room_->next_event(event)) {
      const std::string name = event.leg == 0 ? "" : members_[event.leg - 1].party->name;
      result_.moments.push_back({event.time, event.kind, name});
    }
  }

  void send_all(Member& member, MediaSession& session, bool to_room, nanoseconds time) {
    while (true) {
      const OutgoingDatagram out = session.take(datagram_);
      if (out.bytes == 0) return;
      Arrival arrival;
      arrival.time = time;
      arrival.party = static_cast<std::size_t>(&member - members_.data());
      arrival.at_room = to_room;
      arrival.bytes.assign(datagram_.begin(),
                           datagram_.begin() + static_cast<std::ptrdiff_t>(out.bytes));
      member.paths[to_room ? 0 : 1].send(out.rtcp, std::move(arrival), sent_, arrivals_);
    }
  }

  Result<ConferenceResult> finish() {
    result_.room = room_->statistics();
    for (Member& member : members_) {
      PartyResult party;
      party.name = member.party->name;
      party.codec = member.phone->options().agreement.send.name;
      party.sample_rate_hz = member.phone->sample_rate_hz();
      party.heard = AudioBuffer(AudioView(member.heard, party.sample_rate_hz));
      party.phone = member.phone->current_statistics();
      party.leg = member.leg->current_statistics();
      party.to_room = member.paths[0].result;
      party.from_room = member.paths[1].result;
      result_.parties.push_back(std::move(party));
    }
    room_.reset();  // Before the sessions in it.
    return std::move(result_);
  }

  const Scenario& scenario_;
  const ConferenceObservers& observers_;
  std::vector<Member> members_;
  std::unique_ptr<Conference> room_;
  double duration_s_ = 0.0;
  Arrivals arrivals_;
  std::uint64_t sent_ = 0;
  std::vector<std::uint8_t> datagram_;
  ConferenceResult result_;
};

}  // namespace

Result<ConferenceResult> simulate_conference(const Scenario& scenario,
                                             const ConferenceObservers& observers,
                                             std::stop_token stop) {
  if (!scenario.conference)
    return make_error(ErrorCode::kInvalidArgument,
                      "a scenario without a conference; simulate_call() carries it through");
  return Simulation(scenario, observers).run(stop);
}

}  // namespace syrinx::call
