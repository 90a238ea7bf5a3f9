// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/call/conference/simulate_conference.h"

#include <algorithm>

#include "syrinx/engines/call/conference/conference.h"
#include "syrinx/engines/call/conference/simulated_phone.h"
#include "syrinx/engines/call/conference/simulated_time.h"

namespace syrinx::call {
namespace {

using std::chrono::nanoseconds;

// A party: with a phone, which reaches the room's session over two networks, or a program in it.
struct Member {
  const Party* party = nullptr;
  std::optional<SimulatedPhone> phone;
  std::unique_ptr<MediaSession> leg;
  std::vector<SimulatedPath> paths;  // To the room, and back.
  std::optional<SimulatedAgent> agent;

  double end_s() const noexcept { return agent ? agent->end_s() : phone->end_s(); }
};

Result<Member> make_member(const Party& party, std::size_t number, const Scenario& scenario) {
  Member member;
  member.party = &party;
  const int room_hz = scenario.conference->sample_rate_hz;
  if (party.listens) {
    SYRINX_ASSIGN(member.agent, SimulatedAgent::create(party, room_hz));
    return member;
  }
  SYRINX_ASSIGN(auto options,
                session_options_of(party, party, scenario.seed * 1'000 + number * 2 + 1));
  SYRINX_ASSIGN(member.phone, SimulatedPhone::create(party, options));
  options.sample_rate_hz = room_hz;
  options.cname = "room";
  options.seed += 1;
  SYRINX_ASSIGN(member.leg, MediaSession::create(options));
  SYRINX_TRY(member.leg->start());
  member.paths.emplace_back(party.to_room, options.seed * 2);
  member.paths.emplace_back(party.from_room, options.seed * 2 + 1);
  return member;
}

class Simulation final : public ConferenceTap {
 public:
  Simulation(const Scenario& scenario, const ConferenceObservers& observers)
      : scenario_(scenario), observers_(observers) {}

  Result<ConferenceResult> run(const std::stop_token& stop) {
    SYRINX_TRY(prepare());
    const nanoseconds end = ns_of_s(duration_s_ + kSimulatedTailS);
    const nanoseconds room_tick = ns_of_s(scenario_.conference->tick_ms * 1e-3);
    nanoseconds next_room = room_tick;
    for (std::uint64_t step = 0;; ++step) {
      if (step % 1'024 == 0 && stop.stop_requested())
        return make_error(ErrorCode::kCancelled, "the simulation was stopped");
      Member* next = next_member();
      const nanoseconds member_at = next != nullptr ? next->phone->next_tick() : next_room;
      const nanoseconds time = std::min(member_at, next_room);
      if (time > end) break;
      network_.deliver_until(time, [this](const Arrival& arrival) { receive(arrival); });
      if (next_room <= member_at) {
        tick_room(next_room);
        next_room += room_tick;
      } else {
        tick_member(*next, time);
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
      duration_s_ = std::max(duration_s_, member->end_s());
      members_.push_back(std::move(*member));
    }
    if (scenario_.duration_s > 0.0) duration_s_ = scenario_.duration_s;
    SYRINX_ASSIGN(room_, Conference::create(options));
    if (observers_.room) SYRINX_TRY(room_->set_tap(this));
    for (Member& member : members_) {
      LegOptions leg;
      leg.gain_db = member.party->gain_db;
      leg.muted = member.party->muted;
      if (member.agent) leg.ssrc = ssrc_of(member);
      const auto joined =
          member.agent ? room_->join(member.agent->port(), leg) : room_->join(*member.leg, leg);
      if (!joined) return joined.error();
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

  // Whose phone ticks first; null where nobody has one.
  Member* next_member() noexcept {
    Member* next = nullptr;
    for (Member& member : members_)
      if (member.phone && (next == nullptr || member.phone->next_tick() < next->phone->next_tick()))
        next = &member;
    return next;
  }

  // Datagrams reach the room's session with a member, by an even number, or the member.
  std::size_t number_of(const Member& member, bool at_room) const noexcept {
    return 2 * static_cast<std::size_t>(&member - members_.data()) + (at_room ? 0 : 1);
  }

  void receive(const Arrival& arrival) {
    Member& member = members_[arrival.to / 2];
    if (arrival.to % 2 == 0) {
      member.leg->receive(arrival.bytes, arrival.time);
      return;
    }
    member.phone->session().receive(arrival.bytes, member.phone->own_time(arrival.time));
    if (observers_.capture) observers_.capture(member.party->name, captured(arrival, "room"));
  }

  // After the call's time nobody speaks, and what is under way is still heard.
  void tick_member(Member& member, nanoseconds time) {
    member.phone->tick(s_of_ns(time) <= duration_s_);
    MediaSession& session = member.phone->session();
    network_.send_all(session, member.paths[0], number_of(member, true), time);
    note_adaptations(session, *member.party, time, result_.adaptations);
  }

  void tick_room(nanoseconds time) {
    for (Member& member : members_)
      if (member.agent) member.agent->write(time);
    if (room_->wanted_at() <= time) room_->tick(time);
    for (Member& member : members_) {
      if (member.agent) {
        member.agent->take();
        continue;
      }
      network_.send_all(*member.leg, member.paths[1], number_of(member, false), time);
      note_adaptations(*member.leg, *member.party, time, result_.adaptations, true);
    }
    ConferenceEvent event;
    while (room_->next_event(event)) {
      const std::string name = event.leg == 0 ? "" : members_[event.leg - 1].party->name;
      result_.moments.push_back({event.time, event.kind, name});
    }
  }

  // By which packets tell of a member; a program's is made up.
  std::uint32_t ssrc_of(Member& member) const noexcept {
    return member.agent ? static_cast<std::uint32_t>(&member - members_.data()) + 1
                        : member.phone->session().ssrc();
  }

  PartyResult result_of(Member& member) {
    PartyResult party;
    party.name = member.party->name;
    if (member.agent) {
      party.sample_rate_hz = member.agent->port().listen_rate_hz();
      party.agent = member.agent->finish();
      party.heard = party.agent->heard;
      return party;
    }
    MediaSession& session = member.phone->session();
    party.codec = session.options().agreement.send.name;
    party.sample_rate_hz = session.sample_rate_hz();
    party.heard = AudioBuffer(AudioView(member.phone->heard(), party.sample_rate_hz));
    party.phone = session.current_statistics();
    party.leg = member.leg->current_statistics();
    for (Member& other : members_)
      if (const auto told = member.phone->told_s().find(ssrc_of(other));
          told != member.phone->told_s().end())
        party.told_talkers_s[other.party->name] = told->second;
    party.to_room = member.paths[0].result();
    party.from_room = member.paths[1].result();
    return party;
  }

  Result<ConferenceResult> finish() {
    result_.room = room_->statistics();
    for (Member& member : members_) result_.parties.push_back(result_of(member));
    room_.reset();  // Before the sessions in it.
    return std::move(result_);
  }

  const Scenario& scenario_;
  const ConferenceObservers& observers_;
  std::vector<Member> members_;
  std::unique_ptr<Conference> room_;
  double duration_s_ = 0.0;
  SimulatedNetwork network_;
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
