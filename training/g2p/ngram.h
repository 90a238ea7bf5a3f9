// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "alignment.h"

namespace syrinx::training {

inline constexpr std::size_t kMaxOrder = 8;
inline constexpr std::uint8_t kEndSymbol = 254;    // After a word's last letter.
inline constexpr std::uint8_t kStartSymbol = 255;  // Before its first.

// The n-grams of one length, in the order of their symbols.
struct NgramLevel {
  std::vector<std::uint64_t> keys;  // The first symbol in the highest byte, unused bytes 0.
  std::vector<std::uint32_t> raw;   // How often it stands in the training words.
  std::vector<double> counts;  // How many symbols stand before it (Kneser-Ney); raw of the longest.
  std::vector<double> chance;  // Of its last symbol after the others.
  std::vector<double> backoff;  // What is left for shorter contexts when it is the context.
};

struct NgramOptions {
  std::size_t order = 8;
  // An n-gram of length n that stands fewer than least[n] times is left out; each at least the one
  // before, so that the end of every n-gram that is kept is kept.
  std::array<std::uint32_t, kMaxOrder + 1> least{};
};

// An interpolated n-gram model with modified Kneser-Ney discounts (Chen and Goodman 1999), pruned
// by count and made to sum to one again. levels[n - 1] holds the n-grams of length n.
std::vector<NgramLevel> train_ngrams(const std::vector<Aligned>& words,
                                     const NgramOptions& options);

}  // namespace syrinx::training
