// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <limits>
#include <optional>
#include <vector>

#include "syrinx/core/base/spsc_queue.h"
#include "syrinx/engines/call/conference/conference.h"
#include "syrinx/engines/call/conference/level_rider.h"
#include "syrinx/engines/call/conference/mix_limiter.h"
#include "syrinx/engines/call/conference/speech_level.h"
#include "syrinx/engines/call/conference/talkers.h"
#include "syrinx/engines/call/session/latest_value.h"

// The two halves of a conference: conference.cc asks, conference_tick.cc mixes.
namespace syrinx::call {

// One encoder for all who hear the same in the same codec.
struct SharedEncoder {
  SendEncoder encoder;
  bool used = false;                    // In this tick,
  bool used_before = false;             // and in the one before it.
  std::uint64_t ended = 0;              // The tick that was the last.
  std::optional<EncodedPacket> packet;  // Of this tick.
};

struct ConferenceCommand {
  enum class Kind : std::uint8_t {
    kJoin,
    kLeave,
    kChange,
    kWhisperBegin,  // Clears the listeners,
    kWhisperTo,     // adds one,
    kSpeakToAll,
    kTap
  };
  Kind kind = Kind::kJoin;
  LegId leg = 0;
  std::size_t place = 0;
  std::size_t other_place = 0;
  MediaSession* session = nullptr;
  SpeechPort* port = nullptr;  // Instead of a session.
  SharedEncoder* shared = nullptr;
  ConferenceTap* tap = nullptr;
  LegOptions options;
};

class Conference::Impl {
 public:
  explicit Impl(const ConferenceOptions& options);
  ~Impl();

  // Of the controlling thread.
  Result<LegId> join(MediaSession& session, const LegOptions& options);
  Result<LegId> join(SpeechPort& port, const LegOptions& options);
  Result<void> ask(const ConferenceCommand& command);
  Result<std::size_t> place_of(LegId leg);
  Result<void> whisper(LegId leg, std::span<const LegId> listeners);
  void forget(std::size_t place) { ids_[place] = 0; }

  // Of the ticking thread.
  void tick(std::chrono::nanoseconds now) noexcept;

  ConferenceOptions options_;
  std::size_t frames_;
  SpscQueue<ConferenceCommand> commands_;
  SpscQueue<std::size_t> freed_;  // Places that are empty again.
  SpscQueue<ConferenceEvent> events_;
  LatestValue<ConferenceStatistics> latest_;
  std::atomic<std::int64_t> wanted_at_ns_{kAtOnce};

  static constexpr std::int64_t kAtOnce = std::numeric_limits<std::int64_t>::min();
  static constexpr std::int64_t kTicking = kAtOnce + 1;

 private:
  struct Leg {
    LegId id = 0;
    MediaSession* session = nullptr;
    SpeechPort* port = nullptr;
    bool here() const noexcept { return session != nullptr || port != nullptr; }
    bool may_hear() const noexcept { return port != nullptr || session->may_send(); }
    LegOptions options;
    SharedEncoder* shared = nullptr;
    SpeechLevel level;
    LevelRider rider;
    MixLimiter limiter;
    float gain = 0.0f;            // At the end of the last tick.
    bool heard = false;           // Something came in this tick,
    int level_dbov = -127;        // so loud.
    bool sounds = false;          // `voice` is not silence.
    bool has_own_encoder = true;  // As of the last block that was sent.
    bool whispers = false;
    std::vector<bool> whisper_to;  // By place.
    std::vector<float> said;
    std::vector<float> voice;  // With its gain, as it is mixed.
    std::vector<float> given;  // To a port, which hears it before it says what comes next.
  };

  Result<LegId> take_place(ConferenceCommand& command, const LegOptions& options, int rate_hz,
                           std::string_view what);
  void obey() noexcept;
  void obey(const ConferenceCommand& command) noexcept;
  void join_now(const ConferenceCommand& command) noexcept;
  void leave_now(std::size_t place) noexcept;
  void tell(ConferenceEvent::Kind kind, LegId leg) noexcept;
  bool anybody() const noexcept;
  void rest() noexcept;
  void listen() noexcept;
  bool listen_to(Leg& leg) noexcept;
  void choose() noexcept;
  void shape_voices() noexcept;
  void shape_voice(Leg& leg, bool mixed) noexcept;
  void mix_shared() noexcept;
  bool whispered_to(std::size_t place) const noexcept;
  Contributor contributor(const Leg& leg) const noexcept;
  bool hears_all(const Leg& leg, std::size_t place) const noexcept;
  void answer() noexcept;
  void mix_own(Leg& leg, std::size_t place) noexcept;
  void give(Leg& leg, std::span<const float> sound, const Contributors& in_it) noexcept;
  bool answer_shared(Leg& leg) noexcept;
  void end_shared() noexcept;

  // Of the controlling thread.
  std::vector<LegId> ids_;  // By place; 0: empty.
  std::vector<std::size_t> free_places_;
  LegId next_id_ = 1;
  std::vector<std::unique_ptr<SharedEncoder>> shared_;  // Made there, used by the ticks.

  // Of the ticking thread.
  std::chrono::nanoseconds now_{0};
  std::vector<Leg> legs_;
  std::size_t used_places_ = 0;  // Legs stand before it.
  std::vector<Talkers::Candidate> candidates_;
  std::vector<bool> talked_;
  Talkers talkers_;
  LegId speaker_ = 0;
  MixLimiter limiter_;
  std::vector<float> mix_;      // That everybody hears who says nothing.
  std::vector<float> own_mix_;  // That one leg hears.
  Contributors in_mix_;         // Who is in either.
  Contributors in_own_mix_;
  std::vector<float> silence_;
  bool any_whisper_ = false;
  ConferenceTap* tap_ = nullptr;
  ConferenceStatistics counts_;
};

}  // namespace syrinx::call
