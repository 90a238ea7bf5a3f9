// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace syrinx::packet {

// Numbers by chance that are the same for a seed on every machine: SplitMix64 (Steele et al. 2014).
class Random {
 public:
  explicit Random(std::uint64_t seed) noexcept : state_(seed) {}

  std::uint64_t next() noexcept {
    state_ += 0x9E3779B97F4A7C15ULL;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
  }
  // In [0, 1), in steps of 2^-53.
  double uniform() noexcept { return static_cast<double>(next() >> 11) * 0x1.0p-53; }
  bool chance(double probability) noexcept { return uniform() < probability; }
  // Of mean 0 and deviation 1, within ±6: the sum of twelve uniform ones, which needs no function
  // that libraries round differently.
  double normal() noexcept {
    double sum = -6.0;
    for (int i = 0; i < 12; ++i) sum += uniform();
    return sum;
  }

 private:
  std::uint64_t state_;
};

}  // namespace syrinx::packet
