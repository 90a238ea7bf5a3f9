// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

// What goes into a conference and what comes out of it, beside the sound.
namespace syrinx::call {

struct ConferenceOptions {
  int sample_rate_hz = 16'000;  // Of the mix, and of every session in it.
  int tick_ms = 20;             // 10 or 20.
  std::size_t max_legs = 64;
  std::size_t talkers = 3;  // Of those who speak, the loudest so many are mixed: 1 to 16.
  bool levelling = false;   // Brings each leg's speech to target_dbov, by up to 15 dB.
  double target_dbov = -26.0;
  // Who is louder by this much takes another's place among the talkers or as the active speaker,
  double takeover_db = 3.0;
  int hold_ms = 400;           // but not before the other had it for so long, and
  int speaker_onset_ms = 200;  // has spoken for so long.
};

struct LegOptions {
  double gain_db = 0.0;  // -60 to 30, of what this leg says.
  bool muted = false;    // Is not heard.
  bool deaf = false;     // Does not hear: nothing is mixed, coded or sent.
  // By which listeners are told that a program, which has no SSRC of its own, is in what they hear.
  // 0: they are not told. Of a session its other side's SSRC tells.
  std::uint32_t ssrc = 0;
};

using LegId = std::uint32_t;  // Never given twice.

struct ConferenceEvent {
  enum class Kind : std::uint8_t {
    kJoined,
    kLeft,     // The session may be destroyed from now on.
    kTalking,  // Began to be mixed.
    kNotTalking,
    kActiveSpeaker,  // Who holds the floor; leg 0: nobody does.
  };
  Kind kind = Kind::kJoined;
  LegId leg = 0;
  std::chrono::nanoseconds time{0};
};
const char* name_of(ConferenceEvent::Kind kind) noexcept;

// What the work was, counted.
struct ConferenceStatistics {
  std::uint64_t ticks = 0;           // In which there was somebody to speak or to listen.
  std::uint64_t ticks_idle = 0;      // Asked for in an idle room: only reports were seen to.
  std::uint64_t mixes = 0;           // Sums that were made.
  std::uint64_t encodes_own = 0;     // Blocks that a leg's own encoder took.
  std::uint64_t encodes_shared = 0;  // That one encoder took for several legs.
  std::uint64_t blocks_sent = 0;     // To legs, of either.
  std::uint64_t events_dropped = 0;
  std::uint64_t clipped_blocks = 0;  // Mixes that were held below full scale.
};

}  // namespace syrinx::call
