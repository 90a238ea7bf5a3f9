// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/call/conference/simulated_phone.h"

#include <cmath>

#include "syrinx/engines/call/conference/simulated_time.h"
#include "syrinx/engines/call/party_sound.h"
#include "syrinx/engines/call/payload_adapters.h"

namespace syrinx::call {
namespace {

using std::chrono::nanoseconds;

constexpr double kTickS = 0.01;
constexpr std::uint8_t kAudioLevelId = 1;  // Of header extensions, as if it had been agreed on.
constexpr std::uint8_t kMixerLevelId = 2;
constexpr int kTalkingDbov = -50;

// The codec that a party changes to when the network is too narrow.
Result<std::optional<codec::PayloadFormat>> fallback_of(const Party& party) {
  if (party.fallback_codec.empty()) return std::optional<codec::PayloadFormat>{};
  SYRINX_ASSIGN(const auto format, fallback_format_of(party.fallback_codec));
  return std::optional<codec::PayloadFormat>{format};
}

}  // namespace

Result<SessionOptions> session_options_of(const Party& party, const Party& other,
                                          std::uint64_t seed) {
  SessionOptions options;
  SYRINX_ASSIGN(options.agreement.send, payload_format_of(party.codec));
  SYRINX_ASSIGN(options.agreement.receive, payload_format_of(other.codec));
  SYRINX_ASSIGN(options.agreement.send_fallback, fallback_of(party));
  SYRINX_ASSIGN(options.agreement.receive_fallback, fallback_of(other));
  options.agreement.send_block_us = party.packet_ms * 1'000;
  codec::PayloadFormat noise;
  noise.name = "CN";
  noise.payload_type = 13;
  options.agreement.comfort_noise = noise;
  options.encoder = party.encoder;
  options.delay_strategy = party.buffer.strategy;
  options.start_delay_ms = party.buffer.start_delay_ms;
  options.min_delay_ms = party.buffer.min_delay_ms;
  options.max_delay_ms = party.buffer.max_delay_ms;
  options.cname = party.name;
  options.adaptation = party.adaptation;
  options.seed = seed;
  options.audio_level_id = kAudioLevelId;
  options.mixer_level_id = kMixerLevelId;
  return options;
}

void note_adaptations(MediaSession& session, const Party& party, nanoseconds time,
                      std::vector<AdaptedMoment>& moments, bool by_room) {
  SessionEvent event;
  while (session.next_event(event)) {
    if (event.kind != SessionEvent::Kind::kAdapted) continue;
    const codec::Agreement& agreement = session.options().agreement;
    const bool other = event.fallback && agreement.send_fallback;
    moments.push_back({time,
                       party.name,
                       by_room,
                       other ? agreement.send_fallback->name : agreement.send.name,
                       {event.adaptation, event.packet_ms, event.fallback}});
  }
}

Result<SimulatedPhone> SimulatedPhone::create(const Party& party, const SessionOptions& options) {
  SimulatedPhone phone;
  SYRINX_ASSIGN(phone.session_, MediaSession::create(options));
  SYRINX_TRY(phone.session_->start());
  const int rate_hz = phone.session_->sample_rate_hz();
  SYRINX_ASSIGN(phone.sound_, read_party_sound(party, rate_hz));
  phone.starts_at_s_ = party.starts_at_s;
  phone.pace_ = 1.0 + party.clock_ppm * 1e-6;
  if (party.echo) {
    phone.echo_gain_ = static_cast<float>(std::pow(10.0, -party.echo->loss_db / 20.0));
    phone.echo_late_ = static_cast<std::size_t>(party.echo->delay_ms * 1e-3 * rate_hz);
  }
  phone.block_.resize(phone.session_->block_frames());
  return phone;
}

double SimulatedPhone::end_s() const noexcept { return starts_at_s_ + sound_.duration_s(); }

nanoseconds SimulatedPhone::next_tick() const noexcept {
  return ns_of_s(static_cast<double>(ticks_ + 1) * kTickS / pace_);
}

nanoseconds SimulatedPhone::own_time(nanoseconds time) const noexcept {
  return ns_of_s(s_of_ns(time) * pace_);
}

// The party, and what the loudspeaker gave a while ago.
void SimulatedPhone::fill_microphone() noexcept {
  const auto start =
      static_cast<std::int64_t>(std::llround(starts_at_s_ * session_->sample_rate_hz()));
  const std::span<const float> all = sound_.channel(0);
  const std::size_t first = heard_.size() - block_.size();
  for (std::size_t i = 0; i < block_.size(); ++i) {
    const std::int64_t at = static_cast<std::int64_t>(first + i) - start;
    block_[i] = at >= 0 && at < static_cast<std::int64_t>(all.size())
                    ? all[static_cast<std::size_t>(at)]
                    : 0.0F;
    if (echo_gain_ > 0.0F && first + i >= echo_late_)
      block_[i] += echo_gain_ * heard_[first + i - echo_late_];
  }
}

void SimulatedPhone::tick(bool speaks) {
  ++ticks_;
  const nanoseconds own = ns_of_s(static_cast<double>(ticks_) * kTickS);
  session_->pull(own, block_);
  heard_.insert(heard_.end(), block_.begin(), block_.end());
  for (const Contributor& one : session_->contributors().list())
    if (one.level_dbov.value_or(-127) >= kTalkingDbov) told_s_[one.ssrc] += kTickS;
  if (!speaks) return;
  fill_microphone();
  session_->push(own, block_);
}

}  // namespace syrinx::call
