// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "syrinx/core/flow/audio.h"
#include "syrinx/engines/call/port/speech_port.h"
#include "syrinx/engines/call/scenario.h"

namespace syrinx::call {

// One interruption, by the clock of the agent's leg.
struct BargeIn {
  double at_s = 0.0;     // When it was found,
  double since_s = 0.0;  // and about when the speech began that it was found in.
  UtteranceId utterance = 0;
  std::optional<double> stopped_ms;  // After which the agent was silent; nothing if it went on.
  double said_s = 0.0;               // How much of the utterance was said in all.
};

// What became of a program that takes part in a simulated call.
struct AgentResult {
  AudioBuffer heard;  // Without its echo.
  SpeechPortStatistics port;
  std::vector<PortEvent> events;
  std::vector<BargeIn> barge_ins;
  double speech_s = 0.0;  // Of all that it had to say.
  double said_s = 0.0;    // Of it, what was said.
};

// A program that says its sound by a SpeechPort from its beginning on, falls silent when it is
// interrupted, and keeps what it hears.
class SimulatedAgent {
 public:
  // Errors: those of reading the sound and of making the port.
  static Result<SimulatedAgent> create(const Party& party, int sample_rate_hz);

  SpeechPort& port() noexcept { return *port_; }
  double end_s() const noexcept;  // Until when it speaks if nobody interrupts.
  // Before a tick that ends at `time`: hands over as much as there is room for.
  void write(std::chrono::nanoseconds time);
  // After it: takes what was heard and what happened.
  void take();
  AgentResult finish();

 private:
  SimulatedAgent() = default;
  void note(const PortEvent& event);
  double seconds_of(std::uint64_t samples) const noexcept;

  double starts_at_s_ = 0.0;
  AudioBuffer sound_;
  std::unique_ptr<SpeechPort> port_;
  UtteranceId utterance_ = 0;
  std::size_t written_ = 0;
  std::vector<float> heard_;
  AgentResult result_;
};

}  // namespace syrinx::call
