// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <stop_token>
#include <string>
#include <vector>

// One of many clients, each with an address of its own (127.0.1.1 and on), so that the server takes
// them for different ones.
namespace syrinx::bench {

enum class Manner {
  kPolite,       // Asks, reads to the end, asks again; after 429, when it was told to.
  kListens,      // As kPolite, and waits until what it got has been played.
  kDisconnects,  // Goes away in the middle.
  kStalls,       // Stops reading for a while, then goes.
  kGarbage,      // Sends what is no request.
};

struct Load {
  std::uint16_t port = 0;
  std::size_t index = 0;
  Manner manner = Manner::kPolite;
};

struct ClientReport {
  std::size_t answered = 0;
  std::size_t told_to_wait = 0;                 // 429.
  std::map<std::string, std::size_t> errors{};  // All else, by kind.
  std::vector<double> first_audio_s{};          // Of each answer, from its request.
  double audio_s = 0;
};

// Goes on until it is stopped.
ClientReport run_client(const Load& load, const std::stop_token& stop);

}  // namespace syrinx::bench
