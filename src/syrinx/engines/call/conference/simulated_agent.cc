// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/call/conference/simulated_agent.h"

#include <array>

#include "syrinx/engines/call/conference/simulated_time.h"
#include "syrinx/engines/call/party_sound.h"

namespace syrinx::call {

Result<SimulatedAgent> SimulatedAgent::create(const Party& party, int sample_rate_hz) {
  SimulatedAgent agent;
  agent.starts_at_s_ = party.starts_at_s;
  SpeechPortOptions options;
  options.sample_rate_hz = sample_rate_hz;
  SYRINX_ASSIGN(agent.port_, SpeechPort::create(options));
  SYRINX_ASSIGN(agent.sound_, read_party_sound(party, sample_rate_hz));
  return agent;
}

double SimulatedAgent::end_s() const noexcept { return starts_at_s_ + sound_.duration_s(); }

double SimulatedAgent::seconds_of(std::uint64_t samples) const noexcept {
  return static_cast<double>(samples) / port_->sample_rate_hz();
}

void SimulatedAgent::write(std::chrono::nanoseconds time) {
  if (s_of_ns(time) < starts_at_s_) return;
  if (utterance_ == 0) {
    const auto begun = port_->begin();
    if (!begun) return;
    utterance_ = *begun;
  }
  written_ += port_->write(utterance_, sound_.channel(0).subspan(written_));
  if (written_ == sound_.frames()) port_->finish(utterance_);
}

void SimulatedAgent::take() {
  std::array<float, 1'024> part{};
  while (const std::size_t count = port_->listen(part))
    heard_.insert(heard_.end(), part.begin(), part.begin() + static_cast<std::ptrdiff_t>(count));
  PortEvent event;
  while (port_->next_event(event)) note(event);
}

void SimulatedAgent::note(const PortEvent& event) {
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

AgentResult SimulatedAgent::finish() {
  result_.heard = AudioBuffer(AudioView(heard_, port_->listen_rate_hz()));
  result_.port = port_->statistics();
  result_.speech_s = sound_.duration_s();
  result_.said_s = seconds_of(result_.port.said_samples);
  return std::move(result_);
}

}  // namespace syrinx::call
