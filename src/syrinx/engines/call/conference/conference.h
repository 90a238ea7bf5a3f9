// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <span>

#include "syrinx/core/base/result.h"
#include "syrinx/engines/call/conference/conference_values.h"
#include "syrinx/engines/call/conference/ticked.h"
#include "syrinx/engines/call/port/speech_port.h"
#include "syrinx/engines/call/session/media_session.h"

namespace syrinx::call {

// Looks at the sound of a tick where it passes: for recordings and analysis. On the ticking thread.
class ConferenceTap {
 public:
  virtual ~ConferenceTap() = default;
  // What a leg said (before its gain; silence where nothing came) and what it was given to hear
  // (silence where it is deaf), of the same tick and length. Called once per leg and tick.
  virtual void tick(LegId leg, std::chrono::nanoseconds now, std::span<const float> said,
                    std::span<const float> heard) noexcept SYRINX_REALTIME = 0;
};

// A room of sessions, and of programs by their ports, in which each hears the others: the loudest
// talkers are summed, everybody else's noise is not, and nobody hears themselves. Who hears the
// same is sent the same bytes: one encoder serves all listeners of one codec, settings and packet
// time (that of the tick), unless their session adapts to its own losses. Who talks, or is
// whispered to, has their own.
//
// One thread ticks; another controls (join to next_event); both may be the same. What is asked for
// happens at the next tick. A room in which nobody can speak or listen is not ticked at all.
class Conference final : public Ticked {
 public:
  // Takes all memory. Errors: kInvalidArgument, with the option.
  static Result<std::unique_ptr<Conference>> create(const ConferenceOptions& options);
  ~Conference() override;

  const ConferenceOptions& options() const noexcept;
  std::size_t block_frames() const noexcept;  // Of a tick.

  // --- The controlling thread. Errors of all: kUnavailable where too much was asked for at once;
  // kNotFound for a leg that is not here.
  // The session, started or about to be, stays alive until its leg has left or the room is gone.
  // Errors: kInvalidArgument for a session at another rate; kLimitExceeded for a room that is full.
  Result<LegId> join(MediaSession& session, const LegOptions& options = {});
  // A program takes part: the room hears what the port says, and the port hears the others, without
  // the echo of what it says where their phones have one. The port stays alive as a session does.
  // Alone in a room, or while all others are on hold, its speech waits. Errors: the same.
  Result<LegId> join(SpeechPort& port, const LegOptions& options = {});
  Result<void> leave(LegId leg);  // kLeft says when it has.
  Result<void> change(LegId leg, const LegOptions& options);
  // Only these hear what the leg says, until it speaks to all again. Errors: kInvalidArgument for
  // itself or nobody.
  Result<void> whisper(LegId leg, std::span<const LegId> listeners);
  Result<void> speak_to_all(LegId leg);
  bool next_event(ConferenceEvent& event) noexcept;
  ConferenceStatistics statistics() noexcept;  // As of the last tick.
  // The tap outlives the conference, or is taken off (null) one tick before it goes.
  Result<void> set_tap(ConferenceTap* tap);

  // --- The ticking thread.
  void tick(std::chrono::nanoseconds now) noexcept override SYRINX_REALTIME;
  std::chrono::nanoseconds wanted_at() const noexcept override;

 private:
  class Impl;
  explicit Conference(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace syrinx::call
