// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "syrinx/core/base/result.h"

namespace syrinx::vocoder {

// Where a generative vocoder's randomness comes from: numbers of a standard normal distribution,
// drawn in the order that the model documents, from one thread. So that the same source gives the
// same sound.
class NoiseSource {
 public:
  virtual ~NoiseSource() = default;
  // Draws the next out.size() numbers. Errors: those of the source.
  virtual Result<void> draw(std::span<float> out) = 0;
};

// Numbers that a seed decides, the same on every machine whose sin, cos, log and sqrt agree:
// xoshiro256++ (Blackman and Vigna 2021) seeded by SplitMix64, made normal by Box and Muller's
// transform (1958) in double, the cosine first. Never fails.
class SeededNoise final : public NoiseSource {
 public:
  explicit SeededNoise(std::uint64_t seed) noexcept;
  Result<void> draw(std::span<float> out) override;
  float next() noexcept;

 private:
  std::uint64_t next_bits() noexcept;
  double next_uniform() noexcept;  // In (0, 1].

  std::array<std::uint64_t, 4> state_;
  float spare_ = 0;
  bool has_spare_ = false;
};

// The channel-th of as many independent sequences as one likes that a seed decides. Channel 0 is
// SeededNoise(seed).
SeededNoise noise_channel(std::uint64_t seed, std::size_t channel) noexcept;

// Every draw is the next channel of a seed: so that a stream, which draws from all channels in
// turn, makes of the seed what a whole utterance does.
class ChannelNoise final : public NoiseSource {
 public:
  explicit ChannelNoise(std::uint64_t seed) noexcept : seed_(seed) {}
  Result<void> draw(std::span<float> out) override;  // Never fails.

 private:
  std::uint64_t seed_;
  std::size_t channel_ = 0;
};

// Numbers that are given, one after the other: those of a reference, for comparisons.
class GivenNoise final : public NoiseSource {
 public:
  // Errors: kInvalidArgument for a number that is not finite.
  static Result<GivenNoise> create(std::vector<float> values);
  // Errors: kInvalidArgument when fewer are left than are wanted.
  Result<void> draw(std::span<float> out) override;

 private:
  explicit GivenNoise(std::vector<float> values) noexcept : values_(std::move(values)) {}
  std::vector<float> values_;
  std::size_t used_ = 0;
};

}  // namespace syrinx::vocoder
