// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/call/simulate_call.h"

#include <algorithm>

#include "syrinx/core/io/audio_file.h"
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
  options.buffer = direction.listener.buffer;
  options.buffer.sample_rate_hz = sample_rate_hz;
  return options;
}

Result<EarResult> simulate_direction(const Scenario& scenario, const Direction& direction,
                                     const CallObservers& observers, std::stop_token stop) {
  const Party& speaker = direction.speaker;
  SYRINX_ASSIGN(const auto format, payload_format_of(speaker.codec));
  SYRINX_ASSIGN(const auto encoder,
                make_packet_encoder(format, speaker.encoder, speaker.packet_ms));
  SYRINX_ASSIGN(const auto decoder, make_packet_decoder(format));
  SYRINX_ASSIGN(const AudioBuffer sound,
                read_party_sound(speaker.sound, encoder->sample_rate_hz()));
  EarResult ear{direction.listener.name, speaker.name, format.name, decoder->sample_rate_hz(), {}};
  packet::LinkObservers link;
  if (observers.event)
    link.event = [&](const packet::LinkEvent& event) { observers.event(ear.listener, event); };
  if (observers.capture)
    link.capture = [&](const packet::CapturedDatagram& datagram) {
      observers.capture(ear.listener, datagram);
    };
  const auto prepare = [&](packet::JitterBuffer& buffer) -> Result<void> {
    SYRINX_TRY(buffer.add_comfort_noise(13));
    return buffer.add_decoder(static_cast<std::uint8_t>(format.payload_type), *decoder);
  };
  const auto options = link_options(scenario, direction, decoder->sample_rate_hz());
  SYRINX_ASSIGN(ear.link,
                packet::simulate_link(options, sound, *encoder, prepare, link, std::move(stop)));
  return ear;
}

// How long the call is if nobody said it: as long as the longer sound.
Result<double> longest_sound_s(const Scenario& scenario) {
  double longest = 0.0;
  for (const Party& party : scenario.parties) {
    SYRINX_ASSIGN(const AudioBuffer sound, io::read_audio(party.sound));
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
  const Direction directions[] = {{timed.parties[0], timed.parties[1], timed.to_second, 0},
                                  {timed.parties[1], timed.parties[0], timed.to_first, 1}};
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
