// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

// From floats to the integers that files store: to the nearest step, saturating, with NaN as 0.
namespace syrinx::io {

// Noise of a triangular density over (-1, 1), always the same sequence. One per stream.
class TriangularNoise {
 public:
  double next() noexcept { return uniform() + uniform() - 1.0; }

 private:
  // In [0, 1): the upper bits of Steele and Vigna's SplitMix64.
  double uniform() noexcept {
    state_ += 0x9E3779B97F4A7C15u;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return static_cast<double>((z ^ (z >> 31)) >> 11) * 0x1.0p-53;
  }
  std::uint64_t state_ = 0;
};

// 1.0 is 32,768 steps; `noise` (may be null) is added in steps. Pre: out.size() == in.size().
void quantise_int16(std::span<const float> in, std::span<std::int16_t> out, TriangularNoise* noise);
// Samples of `bits` bits in the upper bits of 32, the lower ones 0. Pre: bits is 24 or 32.
void quantise_int32(std::span<const float> in, std::span<std::int32_t> out, int bits,
                    TriangularNoise* noise);

}  // namespace syrinx::io
