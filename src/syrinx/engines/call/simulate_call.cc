// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/call/simulate_call.h"

#include <algorithm>

#include "syrinx/engines/call/adaptive_encoder.h"
#include "syrinx/engines/call/party_sound.h"
#include "syrinx/engines/call/payload_adapters.h"

namespace syrinx::call {
namespace {

// Some number that looks like one, and the same each time.
constexpr std::uint32_t kFirstSsrc = 0x51A20001;

struct Direction {
  const Party& speaker;
  const Party& listener;
  const packet::Impairment& network;
  const packet::Impairment& way_back;
  std::uint32_t number = 0;
};

packet::LinkOptions link_options(const Scenario& scenario, const Direction& direction,
                                 int sample_rate_hz) {
  packet::LinkOptions options;
  options.seed = scenario.seed * 2 + direction.number;
  options.duration_s = scenario.duration_s;
  options.sender_ppm = direction.speaker.clock_ppm;
  options.receiver_ppm = direction.listener.clock_ppm;
  options.ssrc = kFirstSsrc + direction.number;
  options.first_sequence = static_cast<std::uint16_t>(1'000 * (direction.number + 1));
  options.network = direction.network;
  options.report_delay_ms = direction.way_back.delay.base_ms;
  options.buffer = direction.listener.buffer;
  options.buffer.sample_rate_hz = sample_rate_hz;
  return options;
}

Result<std::unique_ptr<packet::PacketEncoder>> encoder_of(const Party& speaker, EarResult& ear) {
  SYRINX_ASSIGN(const auto format, payload_format_of(speaker.codec));
  if (speaker.adaptation.strategy == AdaptationStrategy::kNone)
    return make_packet_encoder(format, speaker.encoder, speaker.packet_ms);
  SYRINX_ASSIGN(auto encoder, AdaptiveEncoder::create(speaker, [&ear](std::chrono::nanoseconds now,
                                                                      const std::string& codec,
                                                                      const SendPlan& plan) {
                  ear.adaptations.push_back({now, ear.speaker, false, codec, plan});
                }));
  return std::unique_ptr<packet::PacketEncoder>(std::move(encoder));
}

// What the listener takes: the codec that is sent first, and the one that it may change to.
struct Decoders {
  std::unique_ptr<packet::PacketDecoder> first;
  std::unique_ptr<packet::PacketDecoder> fallback;
  std::uint8_t first_type = 0;
  std::uint8_t fallback_type = 0;

  Result<void> add_to(packet::JitterBuffer& buffer) const {
    SYRINX_TRY(buffer.add_comfort_noise(13));
    if (fallback) SYRINX_TRY(buffer.add_decoder(fallback_type, *fallback));
    return buffer.add_decoder(first_type, *first);
  }
};

Result<Decoders> decoders_of(const Party& speaker) {
  Decoders out;
  SYRINX_ASSIGN(const auto format, payload_format_of(speaker.codec));
  SYRINX_ASSIGN(out.first, make_packet_decoder(format));
  out.first_type = static_cast<std::uint8_t>(format.payload_type);
  if (speaker.fallback_codec.empty()) return out;
  SYRINX_ASSIGN(const auto other, fallback_format_of(speaker.fallback_codec));
  SYRINX_ASSIGN(out.fallback, make_packet_decoder(other, out.first->sample_rate_hz()));
  out.fallback_type = static_cast<std::uint8_t>(other.payload_type);
  return out;
}

Result<EarResult> simulate_direction(const Scenario& scenario, const Direction& direction,
                                     const CallObservers& observers, std::stop_token stop) {
  const Party& speaker = direction.speaker;
  SYRINX_ASSIGN(const auto format, payload_format_of(speaker.codec));
  SYRINX_ASSIGN(const Decoders decoders, decoders_of(speaker));
  EarResult ear;
  ear.listener = direction.listener.name;
  ear.speaker = speaker.name;
  ear.codec = format.name;
  ear.sample_rate_hz = decoders.first->sample_rate_hz();
  SYRINX_ASSIGN(const auto encoder, encoder_of(speaker, ear));
  SYRINX_ASSIGN(const AudioBuffer sound, read_party_sound(speaker, encoder->sample_rate_hz()));
  packet::LinkObservers link;
  if (observers.event)
    link.event = [&](const packet::LinkEvent& event) { observers.event(ear.listener, event); };
  if (observers.capture)
    link.capture = [&](const packet::CapturedDatagram& datagram) {
      observers.capture(ear.listener, datagram);
    };
  const auto prepare = [&](packet::JitterBuffer& buffer) { return decoders.add_to(buffer); };
  const auto options = link_options(scenario, direction, ear.sample_rate_hz);
  SYRINX_ASSIGN(ear.link,
                packet::simulate_link(options, sound, *encoder, prepare, link, std::move(stop)));
  return ear;
}

// How long the call is if nobody said it: as long as the longer sound.
Result<double> longest_sound_s(const Scenario& scenario) {
  double longest = 0.0;
  for (const Party& party : scenario.parties) {
    SYRINX_ASSIGN(const AudioBuffer sound, read_party_sound(party, 8'000));
    longest = std::max(longest, sound.duration_s());
  }
  return longest;
}

}  // namespace

Result<std::vector<EarResult>> simulate_call(const Scenario& scenario,
                                             const CallObservers& observers, std::stop_token stop) {
  if (scenario.conference)
    return make_error(ErrorCode::kInvalidArgument,
                      "a scenario with a conference; simulate_conference() carries it through");
  if (scenario.parties.size() != 2)
    return make_error(ErrorCode::kInvalidArgument, "a call of ", scenario.parties.size(),
                      " parties; two are simulated");
  for (const Party& party : scenario.parties)
    if (party.listens)
      return make_error(ErrorCode::kInvalidArgument, "party ", party.name,
                        " listens; simulate_agent() carries such a call through");
  Scenario timed = scenario;
  if (timed.duration_s <= 0.0) {
    SYRINX_ASSIGN(timed.duration_s, longest_sound_s(scenario));
  }
  const Direction directions[] = {
      {timed.parties[0], timed.parties[1], timed.to_second, timed.to_first, 0},
      {timed.parties[1], timed.parties[0], timed.to_first, timed.to_second, 1}};
  std::vector<EarResult> ears;
  for (const Direction& direction : directions) {
    auto ear = simulate_direction(timed, direction, observers, stop);
    if (!ear)
      return make_error(ear.error().code, "from ", direction.speaker.name, " to ",
                        direction.listener.name, ": ", ear.error().message);
    ears.push_back(std::move(*ear));
  }
  return ears;
}

}  // namespace syrinx::call
