// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/call/conference/simulate_agent.h"

#include <algorithm>
#include <array>

#include "syrinx/engines/call/conference/simulated_network.h"
#include "syrinx/engines/call/conference/simulated_phone.h"
#include "syrinx/engines/call/conference/simulated_time.h"
#include "syrinx/engines/call/conference/speech_leg.h"
#include "syrinx/engines/call/payload_adapters.h"

namespace syrinx::call {
namespace {

using std::chrono::nanoseconds;

constexpr nanoseconds kAgentTick = std::chrono::milliseconds(20);
constexpr std::size_t kToCaller = 0;
constexpr std::size_t kToAgent = 1;

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
        paths_{SimulatedPath(scenario.to_first, scenario.seed * 4),
               SimulatedPath(scenario.to_second, scenario.seed * 4 + 1)} {}

  Result<AgentCallResult> run(const std::stop_token& stop) {
    SYRINX_TRY(prepare());
    const double duration_s = scenario_.duration_s > 0.0
                                  ? scenario_.duration_s
                                  : std::max(program_->end_s(), phone_->end_s());
    const nanoseconds end = ns_of_s(duration_s + kSimulatedTailS);
    nanoseconds agent_at = kAgentTick;
    for (std::uint64_t step = 0;; ++step) {
      if (step % 1'024 == 0 && stop.stop_requested())
        return make_error(ErrorCode::kCancelled, "the simulation was stopped");
      const nanoseconds time = std::min(phone_->next_tick(), agent_at);
      if (time > end) break;
      network_.deliver_until(time, [this](const Arrival& arrival) { receive(arrival); });
      if (agent_at <= phone_->next_tick()) {
        tick_agent(agent_at);
        agent_at += kAgentTick;
      } else {
        tick_caller(time);
      }
    }
    return finish();
  }

 private:
  Result<void> prepare() {
    SYRINX_ASSIGN(const int rate_hz, leg_rate_hz(agent_, caller_));
    SYRINX_ASSIGN(auto options, session_options_of(agent_, caller_, scenario_.seed * 1'000 + 1));
    options.sample_rate_hz = rate_hz;
    SYRINX_ASSIGN(session_, MediaSession::create(options));
    SYRINX_TRY(session_->start());
    SYRINX_ASSIGN(program_, SimulatedAgent::create(agent_, rate_hz));
    SYRINX_ASSIGN(leg_, SpeechLeg::create(*session_, program_->port()));
    SYRINX_ASSIGN(const auto own, session_options_of(caller_, agent_, scenario_.seed * 1'000 + 2));
    SYRINX_ASSIGN(phone_, SimulatedPhone::create(caller_, own));
    return {};
  }

  void tick_caller(nanoseconds time) {
    phone_->tick(true);
    network_.send_all(phone_->session(), paths_[agent_number_], kToAgent, time);
    note_adaptations(phone_->session(), caller_, time, result_.adaptations);
  }

  void tick_agent(nanoseconds time) {
    program_->write(time);
    leg_->tick(time);
    network_.send_all(*session_, paths_[1 - agent_number_], kToCaller, time);
    note_adaptations(*session_, agent_, time, result_.adaptations);
    program_->take();
  }

  void receive(const Arrival& arrival) {
    const bool at_agent = arrival.to == kToAgent;
    if (at_agent) {
      session_->receive(arrival.bytes, arrival.time);
    } else {
      phone_->session().receive(arrival.bytes, phone_->own_time(arrival.time));
    }
    if (observers_.capture)
      observers_.capture(at_agent ? agent_.name : caller_.name,
                         captured(arrival, at_agent ? caller_.name : agent_.name));
  }

  Result<AgentCallResult> finish() {
    result_.agent = agent_.name;
    result_.caller = caller_.name;
    result_.program = program_->finish();
    result_.heard_by_caller =
        AudioBuffer(AudioView(phone_->heard(), phone_->session().sample_rate_hz()));
    result_.agent_session = session_->current_statistics();
    result_.caller_session = phone_->session().current_statistics();
    return std::move(result_);
  }

  const Scenario& scenario_;
  const AgentObservers& observers_;
  std::size_t agent_number_;
  const Party& agent_;
  const Party& caller_;
  std::array<SimulatedPath, 2> paths_;  // To the first party and to the second.
  SimulatedNetwork network_;
  std::unique_ptr<MediaSession> session_;
  std::optional<SimulatedAgent> program_;
  std::unique_ptr<SpeechLeg> leg_;
  std::optional<SimulatedPhone> phone_;
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
