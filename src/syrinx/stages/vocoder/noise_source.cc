// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/vocoder/noise_source.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>

namespace syrinx::vocoder {

SeededNoise::SeededNoise(std::uint64_t seed) noexcept : state_{} {
  for (std::uint64_t& word : state_) {  // SplitMix64.
    seed += 0x9e3779b97f4a7c15;
    word = (seed ^ (seed >> 30)) * 0xbf58476d1ce4e5b9;
    word = (word ^ (word >> 27)) * 0x94d049bb133111eb;
    word ^= word >> 31;
  }
}

std::uint64_t SeededNoise::next_bits() noexcept {
  const std::uint64_t result = std::rotl(state_[0] + state_[3], 23) + state_[0];
  const std::uint64_t shifted = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= shifted;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

double SeededNoise::next_uniform() noexcept {
  return static_cast<double>((next_bits() >> 11) + 1) * 0x1p-53;
}

float SeededNoise::next() noexcept {
  if (has_spare_) {
    has_spare_ = false;
    return spare_;
  }
  const double radius = std::sqrt(-2 * std::log(next_uniform()));
  const double angle = 2 * std::numbers::pi * next_uniform();
  spare_ = static_cast<float>(radius * std::sin(angle));
  has_spare_ = true;
  return static_cast<float>(radius * std::cos(angle));
}

Result<void> SeededNoise::draw(std::span<float> out) {
  for (float& value : out) value = next();
  return {};
}

// SplitMix64's steps are multiples of another number, so no two channels' words overlap.
SeededNoise noise_channel(std::uint64_t seed, std::size_t channel) noexcept {
  return SeededNoise(seed + std::uint64_t{channel} * 0xd1342543de82ef95);
}

Result<void> ChannelNoise::draw(std::span<float> out) {
  return noise_channel(seed_, channel_++).draw(out);
}

Result<GivenNoise> GivenNoise::create(std::vector<float> values) {
  for (std::size_t i = 0; i < values.size(); ++i)
    if (!std::isfinite(values[i]))
      return make_error(ErrorCode::kInvalidArgument, "noise whose value ", i, " is ", values[i],
                        ": it must be finite");
  return GivenNoise(std::move(values));
}

Result<void> GivenNoise::draw(std::span<float> out) {
  const std::size_t left = values_.size() - used_;
  if (left < out.size())
    return make_error(ErrorCode::kInvalidArgument, "the noise ends: ", values_.size(),
                      " values were given, and the model wants ", used_ + out.size(),
                      " and perhaps more");
  std::copy_n(values_.begin() + static_cast<std::ptrdiff_t>(used_), out.size(), out.begin());
  used_ += out.size();
  return {};
}

}  // namespace syrinx::vocoder
