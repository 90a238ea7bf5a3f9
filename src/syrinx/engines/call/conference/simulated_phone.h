// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "syrinx/core/flow/audio.h"
#include "syrinx/engines/call/adapted_moment.h"
#include "syrinx/engines/call/scenario.h"
#include "syrinx/engines/call/session/media_session.h"

namespace syrinx::call {

// What is heard after the end of a simulated call's time.
inline constexpr double kSimulatedTailS = 0.5;

// The session of a party who sends their codec and is sent the other's. Errors: those of
// payload_format_of().
Result<SessionOptions> session_options_of(const Party& party, const Party& other,
                                          std::uint64_t seed);

// What a session's events say of adaptations of what `party` sends, or the room sends them, after
// what there is. The other events are passed over.
void note_adaptations(MediaSession& session, const Party& party, std::chrono::nanoseconds time,
                      std::vector<AdaptedMoment>& moments, bool by_room = false);

// A party with their own session on their own clock, who says their sound once from their beginning
// on, into a microphone that takes something of the loudspeaker where they have an echo.
class SimulatedPhone {
 public:
  // Starts the session. Errors: those of making it and of reading the sound.
  static Result<SimulatedPhone> create(const Party& party, const SessionOptions& options);

  MediaSession& session() noexcept { return *session_; }
  const std::vector<float>& heard() const noexcept { return heard_; }
  // By SSRC: how long packets said that somebody is in them, above -50 dBov.
  const std::map<std::uint32_t, double>& told_s() const noexcept { return told_s_; }
  double end_s() const noexcept;  // Until when they speak.
  // Of the next 10 ms, by the true clock.
  std::chrono::nanoseconds next_tick() const noexcept;
  std::chrono::nanoseconds own_time(std::chrono::nanoseconds time) const noexcept;
  // Hears 10 ms, and says as much if it `speaks`.
  void tick(bool speaks);

 private:
  SimulatedPhone() = default;
  void fill_microphone() noexcept;

  std::unique_ptr<MediaSession> session_;
  AudioBuffer sound_;
  double starts_at_s_ = 0.0;
  double pace_ = 1.0;  // Of their clock against the true one.
  float echo_gain_ = 0.0F;
  std::size_t echo_late_ = 0;
  std::int64_t ticks_ = 0;
  std::vector<float> block_;
  std::vector<float> heard_;
  std::map<std::uint32_t, double> told_s_;
};

}  // namespace syrinx::call
