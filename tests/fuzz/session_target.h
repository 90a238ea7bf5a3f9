// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace syrinx::fuzz {

// What a session made of a script of datagrams and times.
struct SessionOutcome {
  std::uint64_t packets = 0;  // That it took for sound or events of the other side.
  std::uint64_t reports = 0;
  std::uint64_t refused = 0;  // Datagrams that were neither, or that came back.
  std::string broken;         // A promise that was not kept; empty as it should be.
};

// The first byte says which codec. Then steps of eight bytes, some with more bytes behind them: a
// datagram that is well formed or not (sound, events, comfort noise, reports, anything), or what a
// controlling thread asks for; then up to seven ticks of 10 ms. What the session sends is read
// again.
SessionOutcome play_to_session(std::span<const std::uint8_t> script);

}  // namespace syrinx::fuzz
