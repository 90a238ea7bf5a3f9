// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

#include "syrinx/engines/call/adaptation.h"

namespace syrinx::call {

// What somebody in a simulated call sends from now on, as the losses that were reported want it.
struct AdaptedMoment {
  std::chrono::nanoseconds time{0};
  std::string party;
  bool by_room = false;  // What the room sends them, rather than what they send.
  std::string codec;     // That is sent.
  SendPlan plan;
};

}  // namespace syrinx::call
