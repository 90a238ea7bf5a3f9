// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/call/conference/speech_leg.h"

namespace syrinx::call {

Result<std::unique_ptr<SpeechLeg>> SpeechLeg::create(MediaSession& session, SpeechPort& port,
                                                     int tick_ms) {
  if (session.sample_rate_hz() != port.sample_rate_hz())
    return make_error(ErrorCode::kInvalidArgument, "a session at ", session.sample_rate_hz(),
                      " Hz and a speech port at ", port.sample_rate_hz(),
                      " Hz; make both with the same sample_rate_hz");
  if (tick_ms != 10 && tick_ms != 20)
    return make_error(ErrorCode::kInvalidArgument, "a speech leg that ticks every ", tick_ms,
                      " ms; 10 or 20 can be");
  const auto frames = session.block_frames() * static_cast<std::size_t>(tick_ms / 10);
  return std::unique_ptr<SpeechLeg>(new SpeechLeg(session, port, frames));
}

SpeechLeg::SpeechLeg(MediaSession& session, SpeechPort& port, std::size_t frames)
    : session_(session), port_(port), heard_(frames), said_(frames) {}

void SpeechLeg::tick(std::chrono::nanoseconds now) noexcept {
  session_.pull(now, heard_);
  const bool sends = session_.may_send();
  port_.exchange(heard_, sends ? std::span<float>(said_) : std::span<float>());
  if (sends) session_.push(now, said_);
}

}  // namespace syrinx::call
