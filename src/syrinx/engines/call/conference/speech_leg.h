// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/engines/call/conference/ticked.h"
#include "syrinx/engines/call/port/speech_port.h"
#include "syrinx/engines/call/session/media_session.h"

namespace syrinx::call {

// A session whose other party is a program: what comes from it goes to the port, and what the port
// says goes to it. While the session may not send, the port's speech waits.
class SpeechLeg final : public Ticked {
 public:
  // Both outlive it. `tick_ms`: 10 or 20. Errors: kInvalidArgument for another tick, and for
  // different rates.
  static Result<std::unique_ptr<SpeechLeg>> create(MediaSession& session, SpeechPort& port,
                                                   int tick_ms = 20);
  void tick(std::chrono::nanoseconds now) noexcept override SYRINX_REALTIME;

 private:
  SpeechLeg(MediaSession& session, SpeechPort& port, std::size_t frames);

  MediaSession& session_;
  SpeechPort& port_;
  std::vector<float> heard_;
  std::vector<float> said_;
};

}  // namespace syrinx::call
