// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"
#include "syrinx/engines/call/adaptation.h"
#include "syrinx/stages/codec/codec.h"
#include "syrinx/stages/packet/simulator.h"

namespace syrinx::call {

// What a phone's microphone takes of its loudspeaker.
struct PhoneEcho {
  double delay_ms = 0.0;
  double loss_db = 0.0;
};

// Someone in a simulated call.
struct Party {
  std::string name;
  std::filesystem::path sound;  // What they say; from the scenario's folder. Or else
  std::string says;             // a text, which who carries the scenario out speaks into `spoken`
  std::string voice;            // by this voice; empty: the usual one.
  AudioBuffer spoken;           // Stands before `sound`.
  std::string codec = "pcmu";   // That they send.
  int packet_ms = 20;
  double clock_ppm = 0.0;  // Their clock against the true one.
  codec::EncoderSettings encoder;
  packet::JitterBufferOptions buffer;  // Of what they hear; its rate is the other's codec's.
  AdaptationOptions adaptation;        // Of what they send, and of what a room sends them.
  std::string fallback_codec;          // That adaptation may change to; empty: none.
  // Of a conference, or of a call with an agent:
  double starts_at_s = 0.0;  // When they begin to speak; they do so once.
  // A program that speaks by a SpeechPort and can be interrupted. In a room it takes part without a
  // network.
  bool listens = false;
  std::optional<PhoneEcho> echo;  // Of a phone, not of a program.
  // Of a conference alone:
  double gain_db = 0.0;  // Of what they say, in the room.
  bool muted = false;
  std::vector<std::string> whispers_to;  // Names; empty: they speak to all.
  packet::Impairment to_room;            // The network on their way to the room,
  packet::Impairment from_room;          // and back.
};

// The room that parties meet in; see call::ConferenceOptions.
struct RoomPlan {
  int sample_rate_hz = 16'000;
  int tick_ms = 20;
  std::size_t talkers = 3;
  bool levelling = false;
};

// Of a conference.
inline constexpr std::size_t kMaxScenarioParties = 64;

// A call of two, or a conference, on a virtual clock. `to_second` is the network from the first
// party to the second.
struct Scenario {
  std::uint64_t seed = 1;
  double duration_s = 0.0;  // 0: as long as the longer sound.
  std::vector<Party> parties;
  packet::Impairment to_second;
  packet::Impairment to_first;
  // With it there are 2 to kMaxScenarioParties parties, each with two networks of their own.
  std::optional<RoomPlan> conference;
};

// Reads scenario.json:
//   {"seed": 7, "duration_s": 20,
//    "parties": [
//      {"name": "alice", "sound": "alice.wav", "codec": "pcmu", "packet_ms": 20, "clock_ppm": 50,
//       "bitrate_bps": 0, "fec": false, "dtx": false,
//       "adaptation": {"strategy": "save-network", "min_bitrate_bps": 12000,
//                      "max_bitrate_bps": 32000, "max_packet_ms": 60, "codec": "g729"},
//       "jitter_buffer": {"strategy": "adaptive", "start_ms": 60, "min_ms": 20, "max_ms": 500}},
//      {"name": "bob", "says": "Good morning.", "voice": "rms"}],
//    "network": {
//      "to_bob": {"delay_ms": 40, "jitter": {"kind": "uniform", "ms": 30},
//                 "loss": {"kind": "bursts", "percent": 5, "mean_packets": 3},
//                 "bandwidth_bps": 64000, "queue_ms": 200,
//                 "steps": [{"at_s": 5, "delay_ms": 200, "bandwidth_bps": 0}],
//                 "keeps_order": false,
//                 "duplicate_percent": 0, "reorder_percent": 0, "reorder_ms": 40},
//      "to_alice": {}}}
// With "conference": {"sample_rate_hz": 16000, "tick_ms": 20, "talkers": 3, "levelling": false}
// there may be more parties, who also have "starts_at_s", "gain_db", "muted" and "whispers_to":
// ["bob"]; the networks are then "to_alice", from the room,
// and "from_alice", to the room. Only "parties" with "name" and "sound" or "says" is required.
// Jitter is "none", "uniform", "normal" or "spikes" (with "spike_percent", "spike_ms"); loss is
// "none", "uniform", "bursts", "gilbert-elliott"
// ("to_bad", "to_good", "lost_in_good", "lost_in_bad") or "trace" ("file": one 0 or 1 per packet,
// white space between; from `folder`).
// Errors: kCorruptData, kInvalidArgument, kNotFound and kLimitExceeded, each with line and column.
Result<Scenario> parse_scenario(std::string_view json, const std::filesystem::path& folder = {});

// The file's. Errors: also kIo; all name the file.
Result<Scenario> read_scenario(const std::filesystem::path& path);

}  // namespace syrinx::call
