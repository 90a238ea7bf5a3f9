// SPDX-License-Identifier: Apache-2.0
#include "model_file.h"

#include <algorithm>
#include <cmath>

namespace syrinx::training {
namespace {

void put_u32(std::string& bytes, std::size_t value) {
  for (int i = 0; i < 4; ++i) bytes.push_back(static_cast<char>(value >> (8 * i) & 255));
}

// Steps of a sixteenth of a natural logarithm, downwards from 0.
char quantised(double chance) {
  const double steps = std::round(-16 * std::log(std::max(chance, 1e-30)));
  return static_cast<char>(static_cast<unsigned char>(std::clamp(steps, 0.0, 255.0)));
}

std::uint64_t context_of(std::uint64_t key, std::size_t length) {
  return length == 1 ? 0 : key & (~std::uint64_t{0} << (64 - 8 * (length - 1)));
}

// How many of `longer` (of `length` symbols) begin with each n-gram of `level`.
std::vector<std::size_t> children_of(const NgramLevel& level, const NgramLevel& longer,
                                     std::size_t length) {
  std::vector<std::size_t> children(level.keys.size());
  std::size_t at = 0;
  for (const std::uint64_t key : longer.keys) {
    while (level.keys[at] != context_of(key, length)) ++at;
    ++children[at];
  }
  return children;
}

void put_level(std::string& bytes, const std::vector<NgramLevel>& levels, std::size_t n) {
  const NgramLevel& level = levels[n - 1];
  put_u32(bytes, level.keys.size());
  for (const auto key : level.keys) bytes.push_back(static_cast<char>(key >> (64 - 8 * n) & 255));
  for (const double chance : level.chance) bytes.push_back(quantised(chance));
  if (n == levels.size()) return;
  for (const double backoff : level.backoff) bytes.push_back(quantised(backoff));
  for (const std::size_t children : children_of(level, levels[n], n + 1)) {
    bytes.push_back(static_cast<char>(static_cast<unsigned char>(children)));
  }
}

}  // namespace

std::string model_bytes(const std::vector<Graphone>& graphones,
                        const std::vector<NgramLevel>& levels) {
  std::string bytes = "SYXG2P01";
  bytes.push_back(static_cast<char>(levels.size()));
  bytes.push_back(static_cast<char>(graphones.size()));
  for (const Graphone& graphone : graphones) {
    bytes.push_back(graphone.letter);
    bytes.push_back(static_cast<char>(graphone.phones.size()));
    for (const PhoneCode phone : graphone.phones) bytes.push_back(static_cast<char>(phone));
  }
  for (std::size_t n = 1; n <= levels.size(); ++n) put_level(bytes, levels, n);
  return bytes;
}

}  // namespace syrinx::training
