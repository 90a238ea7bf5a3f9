// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <stop_token>
#include <string>

#include "syrinx/engines/call/adapted_moment.h"
#include "syrinx/engines/call/scenario.h"

namespace syrinx::call {

// What one party heard of the other.
struct EarResult {
  std::string listener;
  std::string speaker;
  std::string codec;
  int sample_rate_hz = 0;
  packet::LinkResult link;
  std::vector<AdaptedMoment> adaptations;  // Of the speaker.
};

struct CallObservers {
  // What happens, in order, one direction after the other.
  std::function<void(const std::string& listener, const packet::LinkEvent&)> event;
  // What reaches a listener.
  std::function<void(const std::string& listener, const packet::CapturedDatagram&)> capture;
};

// Carries a call through: each party's sound coded, sent, impaired, buffered and decoded at the
// other's ear, the second party's first. A party with a strategy of adaptation heeds what the other
// side reports of its losses, every five seconds and after the base delay of the way back. The same
// scenario gives the same bits.
// Errors: those of reading the sounds, of the codecs and of packet::simulate_link(), with the
// party's name.
Result<std::vector<EarResult>> simulate_call(const Scenario& scenario,
                                             const CallObservers& observers = {},
                                             std::stop_token stop = {});

}  // namespace syrinx::call
