// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <random>
#include <span>

#include "syrinx/core/base/realtime.h"
#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"

// The background of a call, told in a few bytes (RFC 3389): its level and, as reflection
// coefficients, its colour.
namespace syrinx::codec {

inline constexpr std::size_t kMaxNoiseOrder = 12;

struct NoiseDescription {
  int level_dbov = -127;  // 0 (as loud as a full-scale square wave) to -127.
  std::size_t order = 0;  // How many of the coefficients are meant; 0 is white noise.
  std::array<float, kMaxNoiseOrder> reflection = {};  // In (-1, 1).
};

// Errors: kCorruptData for no bytes. The level's top bit must be 0 and is not looked at;
// coefficients beyond kMaxNoiseOrder are left out, as RFC 3389, 3 has it; 255 is reserved and ends
// them.
Result<NoiseDescription> parse_comfort_noise(std::span<const std::uint8_t> payload);
// Writes 1 + order bytes and returns how many. Pre: `out` has room for them.
std::size_t write_comfort_noise(const NoiseDescription& noise,
                                std::span<std::uint8_t> out) noexcept SYRINX_REALTIME;

// Hears what the background is like: give it blocks without speech.
class NoiseAnalyser {
 public:
  // Pre: order <= kMaxNoiseOrder.
  explicit NoiseAnalyser(std::size_t order = 8);
  // Mono. Mixes the block into a mean that forgets with a time constant of about ten blocks.
  void add(AudioView mono) noexcept SYRINX_REALTIME;
  // What was heard so far; -127 dBov before anything was.
  NoiseDescription description() const noexcept SYRINX_REALTIME;
  void reset() noexcept SYRINX_REALTIME;

 private:
  std::size_t order_;
  std::array<double, kMaxNoiseOrder + 1> correlation_ = {};
  bool heard_ = false;
};

// Makes noise of that kind. The same seed gives the same noise. Changes glide over 20 ms or so.
class NoiseGenerator {
 public:
  explicit NoiseGenerator(std::uint32_t seed = 1);
  void describe(const NoiseDescription& noise) noexcept SYRINX_REALTIME;
  // Fills `out`: each channel alike.
  void process(MutableAudioView out) noexcept SYRINX_REALTIME;
  void reset() noexcept SYRINX_REALTIME;

 private:
  float next_sample() noexcept;

  std::uint32_t seed_;
  std::uint32_t random_;
  NoiseDescription wanted_;
  float gain_ = 0.0F;
  float wanted_gain_ = 0.0F;
  std::array<float, kMaxNoiseOrder> reflection_ = {};
  std::array<float, kMaxNoiseOrder + 1> state_ = {};
};

}  // namespace syrinx::codec
