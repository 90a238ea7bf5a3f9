// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/call/conference/conference.h"

#include <algorithm>

#include "syrinx/engines/call/conference/conference_impl.h"

// What the controlling thread asks for.
namespace syrinx::call {
namespace {

constexpr std::size_t kMaxLegs = 4'096;
constexpr std::size_t kMaxTalkers = 16;
constexpr std::size_t kMaxSharedEncoders = 64;

Error wrong(std::string_view option, double value, std::string_view expected) {
  return make_error(ErrorCode::kInvalidArgument, "a conference's ", option, " of ", value, "; ",
                    expected);
}

Result<void> check(const ConferenceOptions& options) {
  static constexpr int kRates[] = {8'000, 12'000, 16'000, 24'000, 32'000, 48'000};
  if (std::find(std::begin(kRates), std::end(kRates), options.sample_rate_hz) == std::end(kRates))
    return wrong("sample_rate_hz", options.sample_rate_hz,
                 "8000, 12000, 16000, 24000, 32000 or 48000 can be");
  if (options.tick_ms != 10 && options.tick_ms != 20)
    return wrong("tick_ms", options.tick_ms, "10 or 20 can be");
  if (options.max_legs < 1 || options.max_legs > kMaxLegs)
    return wrong("max_legs", static_cast<double>(options.max_legs), "1 to 4096 can be");
  if (options.talkers < 1 || options.talkers > kMaxTalkers)
    return wrong("talkers", static_cast<double>(options.talkers), "1 to 16 can be");
  if (!(options.target_dbov >= -60.0 && options.target_dbov <= 0.0))
    return wrong("target_dbov", options.target_dbov, "-60 to 0 can be");
  if (!(options.takeover_db >= 0.0 && options.takeover_db <= 40.0))
    return wrong("takeover_db", options.takeover_db, "0 to 40 can be");
  if (options.hold_ms < 0 || options.hold_ms > 60'000)
    return wrong("hold_ms", options.hold_ms, "0 to 60000 can be");
  if (options.speaker_onset_ms < 0 || options.speaker_onset_ms > 60'000)
    return wrong("speaker_onset_ms", options.speaker_onset_ms, "0 to 60000 can be");
  return {};
}

Result<void> check(const LegOptions& options) {
  if (options.gain_db >= -60.0 && options.gain_db <= 30.0) return {};
  return make_error(ErrorCode::kInvalidArgument, "a leg's gain of ", options.gain_db,
                    " dB; -60 to 30 can be");
}

}  // namespace

const char* name_of(ConferenceEvent::Kind kind) noexcept {
  switch (kind) {
    case ConferenceEvent::Kind::kJoined:
      return "joined";
    case ConferenceEvent::Kind::kLeft:
      return "left";
    case ConferenceEvent::Kind::kTalking:
      return "talking";
    case ConferenceEvent::Kind::kNotTalking:
      return "not-talking";
    case ConferenceEvent::Kind::kActiveSpeaker:
      return "active-speaker";
  }
  return "";
}

Conference::Impl::Impl(const ConferenceOptions& options)
    : options_(options),
      frames_(static_cast<std::size_t>(options.sample_rate_hz) *
              static_cast<std::size_t>(options.tick_ms) / 1'000),
      commands_(options.max_legs + 64),
      freed_(options.max_legs),
      events_(4 * options.max_legs + 64),
      ids_(options.max_legs, 0),
      legs_(options.max_legs),
      candidates_(options.max_legs),
      talked_(options.max_legs, false),
      talkers_(options),
      mix_(frames_),
      own_mix_(frames_),
      silence_(frames_) {
  for (Leg& leg : legs_) {
    leg.whisper_to.resize(options.max_legs, false);
    leg.said.resize(frames_);
    leg.voice.resize(frames_);
    leg.given.resize(frames_);
  }
  shared_.reserve(kMaxSharedEncoders);
  for (std::size_t i = options.max_legs; i > 0; --i) free_places_.push_back(i - 1);
}

Conference::Impl::~Impl() {
  for (Leg& leg : legs_)
    if (leg.session != nullptr) leg.session->wake_by(nullptr);
}

Result<void> Conference::Impl::ask(const ConferenceCommand& command) {
  if (commands_.write(std::span(&command, 1)) == 0)
    return make_error(ErrorCode::kUnavailable,
                      "a conference that has not been ticked for the last ", commands_.capacity(),
                      " commands takes no more; tick it");
  wanted_at_ns_.store(kAtOnce, std::memory_order_release);
  return {};
}

// A place for who joins, once all is right; nothing is asked for where there is none.
Result<LegId> Conference::Impl::take_place(ConferenceCommand& command, const LegOptions& options,
                                           int rate_hz, std::string_view what) {
  SYRINX_TRY(check(options));
  if (rate_hz != options_.sample_rate_hz)
    return make_error(ErrorCode::kInvalidArgument, "a ", what, " at ", rate_hz,
                      " Hz for a conference at ", options_.sample_rate_hz,
                      " Hz; make it with the conference's sample_rate_hz");
  std::size_t freed = 0;
  while (freed_.read(std::span(&freed, 1)) > 0) free_places_.push_back(freed);
  if (free_places_.empty())
    return make_error(ErrorCode::kLimitExceeded, "a conference of ", options_.max_legs,
                      " legs is full");
  command.kind = ConferenceCommand::Kind::kJoin;
  command.leg = next_id_;
  command.place = free_places_.back();
  command.options = options;
  SYRINX_TRY(ask(command));
  free_places_.pop_back();
  ids_[command.place] = next_id_;
  return next_id_++;
}

Result<LegId> Conference::Impl::join(SpeechPort& port, const LegOptions& options) {
  ConferenceCommand command;
  command.port = &port;
  return take_place(command, options, port.sample_rate_hz(), "speech port");
}

Result<LegId> Conference::Impl::join(MediaSession& session, const LegOptions& options) {
  ConferenceCommand command;
  command.session = &session;
  const SessionOptions& made = session.options();
  const int packet_ms = made.agreement.send_block_us / 1'000;
  if (session.sample_rate_hz() == options_.sample_rate_hz && packet_ms == options_.tick_ms &&
      made.adaptation.strategy == AdaptationStrategy::kNone) {
    SYRINX_ASSIGN(auto encoder, SendEncoder::create(made.agreement.send, made.encoder, packet_ms,
                                                    options_.sample_rate_hz));
    for (const auto& shared : shared_)
      if (shared->encoder.key() == encoder.key()) command.shared = shared.get();
    if (command.shared == nullptr && shared_.size() < kMaxSharedEncoders) {
      auto fresh =
          std::make_unique<SharedEncoder>(SharedEncoder{std::move(encoder), {}, {}, {}, {}});
      command.shared = fresh.get();
      shared_.push_back(std::move(fresh));
    }
  }
  return take_place(command, options, session.sample_rate_hz(), "session");
}

Result<std::size_t> Conference::Impl::place_of(LegId leg) {
  const auto at = std::find(ids_.begin(), ids_.end(), leg);
  if (leg == 0 || at == ids_.end())
    return make_error(ErrorCode::kNotFound, "no leg ", leg, " is in this conference");
  return static_cast<std::size_t>(at - ids_.begin());
}

Result<void> Conference::Impl::whisper(LegId leg, std::span<const LegId> listeners) {
  ConferenceCommand command;
  command.kind = ConferenceCommand::Kind::kWhisperBegin;
  SYRINX_ASSIGN(command.place, place_of(leg));
  std::vector<ConferenceCommand> all = {command};
  command.kind = ConferenceCommand::Kind::kWhisperTo;
  for (const LegId listener : listeners) {
    SYRINX_ASSIGN(command.other_place, place_of(listener));
    if (listener == leg)
      return make_error(ErrorCode::kInvalidArgument, "leg ", leg,
                        " cannot whisper to itself; name others");
    all.push_back(command);
  }
  if (listeners.empty())
    return make_error(ErrorCode::kInvalidArgument, "leg ", leg,
                      " cannot whisper to nobody; mute it instead");
  if (commands_.capacity() - commands_.size() < all.size())
    return make_error(ErrorCode::kUnavailable, "a whisper to ", listeners.size(),
                      " legs does not fit among what was asked for since the last tick");
  for (const ConferenceCommand& one : all) SYRINX_TRY(ask(one));
  return {};
}

Result<std::unique_ptr<Conference>> Conference::create(const ConferenceOptions& options) {
  SYRINX_TRY(check(options));
  return std::unique_ptr<Conference>(new Conference(std::make_unique<Impl>(options)));
}

Conference::Conference(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Conference::~Conference() = default;

const ConferenceOptions& Conference::options() const noexcept { return impl_->options_; }
std::size_t Conference::block_frames() const noexcept { return impl_->frames_; }

Result<LegId> Conference::join(MediaSession& session, const LegOptions& options) {
  return impl_->join(session, options);
}

Result<LegId> Conference::join(SpeechPort& port, const LegOptions& options) {
  return impl_->join(port, options);
}

Result<void> Conference::leave(LegId leg) {
  ConferenceCommand command;
  command.kind = ConferenceCommand::Kind::kLeave;
  SYRINX_ASSIGN(command.place, impl_->place_of(leg));
  SYRINX_TRY(impl_->ask(command));
  impl_->forget(command.place);
  return {};
}

Result<void> Conference::change(LegId leg, const LegOptions& options) {
  SYRINX_TRY(check(options));
  ConferenceCommand command;
  command.kind = ConferenceCommand::Kind::kChange;
  command.options = options;
  SYRINX_ASSIGN(command.place, impl_->place_of(leg));
  return impl_->ask(command);
}

Result<void> Conference::whisper(LegId leg, std::span<const LegId> listeners) {
  return impl_->whisper(leg, listeners);
}

Result<void> Conference::speak_to_all(LegId leg) {
  ConferenceCommand command;
  command.kind = ConferenceCommand::Kind::kSpeakToAll;
  SYRINX_ASSIGN(command.place, impl_->place_of(leg));
  return impl_->ask(command);
}

Result<void> Conference::set_tap(ConferenceTap* tap) {
  ConferenceCommand command;
  command.kind = ConferenceCommand::Kind::kTap;
  command.tap = tap;
  return impl_->ask(command);
}

bool Conference::next_event(ConferenceEvent& event) noexcept {
  return impl_->events_.read(std::span(&event, 1)) == 1;
}
ConferenceStatistics Conference::statistics() noexcept { return impl_->latest_.read(); }

void Conference::tick(std::chrono::nanoseconds now) noexcept { impl_->tick(now); }
std::chrono::nanoseconds Conference::wanted_at() const noexcept {
  return std::chrono::nanoseconds(impl_->wanted_at_ns_.load(std::memory_order_acquire));
}

}  // namespace syrinx::call
