// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "syrinx/engines/call/conference/conference_impl.h"

// One tick of a conference: everybody is listened to, talkers are chosen, summed and answered.
namespace syrinx::call {
namespace {

float gain_of_db(double db) noexcept { return static_cast<float>(std::pow(10.0, db / 20.0)); }

}  // namespace

void Conference::Impl::tell(ConferenceEvent::Kind kind, LegId leg) noexcept {
  const ConferenceEvent event{kind, leg, now_};
  if (events_.write(std::span(&event, 1)) == 0) ++counts_.events_dropped;
}

void Conference::Impl::obey() noexcept {
  ConferenceCommand command;
  while (commands_.read(std::span(&command, 1)) > 0) obey(command);
}

void Conference::Impl::obey(const ConferenceCommand& command) noexcept {
  Leg& leg = legs_[command.place];
  switch (command.kind) {
    case ConferenceCommand::Kind::kJoin:
      return join_now(command);
    case ConferenceCommand::Kind::kLeave:
      return leave_now(command.place);
    case ConferenceCommand::Kind::kChange:
      leg.options = command.options;
      return;
    case ConferenceCommand::Kind::kWhisperBegin:
      std::fill(leg.whisper_to.begin(), leg.whisper_to.end(), false);
      leg.whispers = true;
      return;
    case ConferenceCommand::Kind::kWhisperTo:
      leg.whisper_to[command.other_place] = true;
      return;
    case ConferenceCommand::Kind::kSpeakToAll:
      leg.whispers = false;
      return;
    case ConferenceCommand::Kind::kTap:
      tap_ = command.tap;
      return;
  }
}

void Conference::Impl::join_now(const ConferenceCommand& command) noexcept {
  Leg& leg = legs_[command.place];
  leg.id = command.leg;
  leg.session = command.session;
  leg.port = command.port;
  std::fill(leg.given.begin(), leg.given.end(), 0.0f);
  leg.options = command.options;
  leg.shared = command.shared;
  leg.level.reset();
  leg.rider.reset();
  leg.limiter.reset();
  leg.gain = 0.0f;
  leg.has_own_encoder = true;
  leg.whispers = false;
  used_places_ = std::max(used_places_, command.place + 1);
  if (leg.session != nullptr) leg.session->wake_by(&wanted_at_ns_);
  tell(ConferenceEvent::Kind::kJoined, leg.id);
}

void Conference::Impl::leave_now(std::size_t place) noexcept {
  Leg& leg = legs_[place];
  if (leg.session != nullptr) leg.session->wake_by(nullptr);
  leg.session = nullptr;
  leg.port = nullptr;
  leg.sounds = false;
  for (Leg& other : legs_) other.whisper_to[place] = false;
  if (speaker_ == leg.id) {
    speaker_ = 0;
    tell(ConferenceEvent::Kind::kActiveSpeaker, 0);
  }
  talkers_.forget(place);
  talked_[place] = false;
  candidates_[place] = {};
  while (used_places_ > 0 && !legs_[used_places_ - 1].here()) --used_places_;
  tell(ConferenceEvent::Kind::kLeft, leg.id);
  freed_.write(std::span(&place, 1));
}

// A session that may speak or listen, or two ports, who may talk to each other.
bool Conference::Impl::anybody() const noexcept {
  std::size_t ports = 0;
  for (std::size_t i = 0; i < used_places_; ++i) {
    const Leg& leg = legs_[i];
    if (leg.session != nullptr && (leg.session->may_receive() || leg.session->may_send()))
      return true;
    if (leg.port != nullptr) ++ports;
  }
  return ports > 1;
}

// Nobody can speak or listen: sessions see to their reports, and the room sleeps until the next.
void Conference::Impl::rest() noexcept {
  ++counts_.ticks_idle;
  std::int64_t next_ns = std::numeric_limits<std::int64_t>::max();
  for (std::size_t i = 0; i < used_places_; ++i) {
    if (legs_[i].session == nullptr) continue;
    next_ns = std::min(next_ns, legs_[i].session->next_service().count());
  }
  latest_.publish(counts_);
  // Unless something was asked for meanwhile.
  std::int64_t expected = kTicking;
  wanted_at_ns_.compare_exchange_strong(expected, next_ns, std::memory_order_acq_rel);
}

void Conference::Impl::tick(std::chrono::nanoseconds now) noexcept {
  now_ = now;
  wanted_at_ns_.store(kTicking, std::memory_order_release);
  obey();
  for (std::size_t i = 0; i < used_places_; ++i)
    if (legs_[i].session != nullptr) legs_[i].session->service(now);
  if (!anybody()) return rest();
  ++counts_.ticks;
  listen();
  choose();
  shape_voices();
  mix_shared();
  answer();
  end_shared();
  latest_.publish(counts_);
}

// A tick of what a leg says. False: nothing came. A port hears what it was given in the last tick
// before it goes on.
bool Conference::Impl::listen_to(Leg& leg) noexcept {
  if (leg.port == nullptr)
    return leg.session->may_receive() && leg.session->pull(now_, leg.said).audible;
  leg.port->exchange(leg.given, leg.said);
  return std::any_of(leg.said.begin(), leg.said.end(), [](float x) { return x != 0.0f; });
}

void Conference::Impl::listen() noexcept {
  const auto& kernels = dsp::kernels();
  for (std::size_t i = 0; i < used_places_; ++i) {
    Leg& leg = legs_[i];
    candidates_[i] = {};
    if (!leg.here()) continue;
    leg.heard = listen_to(leg);
    if (leg.heard) {
      const double power =
          kernels.sum_of_squares(leg.said.data(), frames_) / static_cast<double>(frames_);
      leg.level.take(power, options_.tick_ms);
      leg.level_dbov = dbov_of(power);
    } else {
      leg.level.pass(options_.tick_ms);
    }
    if (options_.levelling && leg.level.in_speech())
      leg.rider.speech(leg.level.level_db(), options_.target_dbov, options_.tick_ms);
    if (leg.options.muted || leg.whispers) continue;
    candidates_[i] = {leg.level.speaking(), leg.level.level_db() + leg.options.gain_db,
                      leg.level.spoken_ms()};
  }
}

void Conference::Impl::choose() noexcept {
  talkers_.choose(std::span(candidates_).first(used_places_));
  for (std::size_t i = 0; i < used_places_; ++i) {
    const bool talks = talkers_.talks(i);
    if (talks == talked_[i]) continue;
    talked_[i] = talks;
    tell(talks ? ConferenceEvent::Kind::kTalking : ConferenceEvent::Kind::kNotTalking, legs_[i].id);
  }
  const LegId speaker = talkers_.speaker() == Talkers::kNobody ? 0 : legs_[talkers_.speaker()].id;
  if (speaker == speaker_) return;
  speaker_ = speaker;
  tell(ConferenceEvent::Kind::kActiveSpeaker, speaker);
}

// Whoever begins or ceases to be heard is faded over the tick.
void Conference::Impl::shape_voice(Leg& leg, bool mixed) noexcept {
  const float wanted = mixed ? gain_of_db(leg.options.gain_db + leg.rider.gain_db()) : 0.0f;
  leg.sounds = leg.heard && (wanted > 0.0f || leg.gain > 0.0f);
  if (leg.sounds) {
    std::copy(leg.said.begin(), leg.said.end(), leg.voice.begin());
    ramp_gain(leg.voice, leg.gain, wanted);
  }
  leg.gain = wanted;
}

void Conference::Impl::shape_voices() noexcept {
  any_whisper_ = false;
  for (std::size_t i = 0; i < used_places_; ++i) {
    Leg& leg = legs_[i];
    if (!leg.here()) continue;
    any_whisper_ = any_whisper_ || leg.whispers;
    shape_voice(leg, leg.whispers ? !leg.options.muted : talkers_.talks(i));
  }
}

Contributor Conference::Impl::contributor(const Leg& leg) const noexcept {
  return {leg.session != nullptr ? leg.session->remote_ssrc() : leg.options.ssrc, leg.level_dbov};
}

void Conference::Impl::mix_shared() noexcept {
  std::fill(mix_.begin(), mix_.end(), 0.0f);
  in_mix_.clear();
  bool any = false;
  for (std::size_t i = 0; i < used_places_; ++i) {
    const Leg& leg = legs_[i];
    if (!leg.here() || !leg.sounds || leg.whispers) continue;
    dsp::kernels().mix(mix_.data(), leg.voice.data(), frames_, 1.0f);
    in_mix_.add(contributor(leg));
    any = true;
  }
  if (any) ++counts_.mixes;
  if (limiter_.process(mix_, options_.tick_ms)) ++counts_.clipped_blocks;
}

bool Conference::Impl::whispered_to(std::size_t place) const noexcept {
  if (!any_whisper_) return false;
  for (std::size_t i = 0; i < used_places_; ++i) {
    const Leg& leg = legs_[i];
    if (leg.here() && leg.whispers && leg.whisper_to[place]) return true;
  }
  return false;
}

// Whether what everybody hears is what this leg hears.
bool Conference::Impl::hears_all(const Leg& leg, std::size_t place) const noexcept {
  return (!leg.sounds || leg.whispers) && !whispered_to(place);
}

void Conference::Impl::answer() noexcept {
  for (std::size_t i = 0; i < used_places_; ++i) {
    Leg& leg = legs_[i];
    if (!leg.here()) continue;
    if (leg.options.deaf || !leg.may_hear()) {
      if (leg.port != nullptr) std::fill(leg.given.begin(), leg.given.end(), 0.0f);
      if (tap_ != nullptr) tap_->tick(leg.id, now_, leg.heard ? leg.said : silence_, silence_);
      continue;
    }
    if (!hears_all(leg, i)) {
      mix_own(leg, i);
      give(leg, own_mix_, in_own_mix_);
    } else if (leg.port != nullptr || !answer_shared(leg)) {
      give(leg, mix_, in_mix_);
    }
  }
}

// What a leg hears beside who hears the same: into a port, or by the session's own encoder.
void Conference::Impl::give(Leg& leg, std::span<const float> sound,
                            const Contributors& in_it) noexcept {
  if (tap_ != nullptr) tap_->tick(leg.id, now_, leg.heard ? leg.said : silence_, sound);
  if (leg.port != nullptr) {
    std::copy(sound.begin(), sound.end(), leg.given.begin());
    return;
  }
  if (!leg.has_own_encoder) leg.session->reset_encoder();
  leg.has_own_encoder = true;
  ++counts_.blocks_sent;
  ++counts_.encodes_own;
  leg.session->contribute(in_it);
  leg.session->push(now_, sound);
}

void Conference::Impl::mix_own(Leg& leg, std::size_t place) noexcept {
  std::fill(own_mix_.begin(), own_mix_.end(), 0.0f);
  in_own_mix_.clear();
  for (std::size_t i = 0; i < used_places_; ++i) {
    const Leg& other = legs_[i];
    if (i == place || !other.here() || !other.sounds) continue;
    if (other.whispers && !other.whisper_to[place]) continue;
    dsp::kernels().mix(own_mix_.data(), other.voice.data(), frames_, 1.0f);
    in_own_mix_.add(contributor(other));
  }
  ++counts_.mixes;
  if (leg.limiter.process(own_mix_, options_.tick_ms)) ++counts_.clipped_blocks;
}

// False: no encoder is shared by this leg's codec as it is now.
bool Conference::Impl::answer_shared(Leg& leg) noexcept {
  SharedEncoder* shared = leg.shared;
  if (shared == nullptr || !(shared->encoder.key() == leg.session->send_key())) return false;
  if (!shared->used) {
    if (!shared->used_before) shared->encoder.reset();
    shared->used = true;
    ++counts_.encodes_shared;
    const std::size_t block = frames_ * 10 / static_cast<std::size_t>(options_.tick_ms);
    for (std::size_t at = 0; at < frames_; at += block)
      shared->packet = shared->encoder.add(std::span<const float>(mix_).subspan(at, block));
  }
  leg.has_own_encoder = false;
  ++counts_.blocks_sent;
  leg.session->contribute(in_mix_);
  if (shared->packet) leg.session->push_packet(now_, *shared->packet);
  if (tap_ != nullptr) tap_->tick(leg.id, now_, leg.heard ? leg.said : silence_, mix_);
  return true;
}

void Conference::Impl::end_shared() noexcept {
  for (std::size_t i = 0; i < used_places_; ++i) {
    SharedEncoder* shared = legs_[i].shared;
    if (legs_[i].session == nullptr || shared == nullptr || shared->ended == counts_.ticks)
      continue;
    shared->ended = counts_.ticks;
    shared->used_before = shared->used;
    shared->used = false;
  }
}

}  // namespace syrinx::call
