// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "syrinx/core/base/realtime.h"

namespace syrinx::enhance {

// How loud speech and the background are, in LUFS, from what each 10 ms hold.
class SpeechLevel {
 public:
  // `power` is K-weighted, its mean over the hop.
  void add(double power, bool speech) noexcept SYRINX_REALTIME;

  std::optional<double> speech_lufs() const noexcept;
  std::optional<double> noise_lufs() const noexcept;
  double speech_s() const noexcept { return 0.01 * static_cast<double>(speech_hops_); }

 private:
  static constexpr std::size_t kBlockHops = 40;  // BS.1770's 400 ms, every
  static constexpr std::size_t kStepHops = 10;   // 100 ms.

  void add_block(double power) noexcept;
  void add_noise(double power) noexcept;

  std::array<double, kBlockHops> powers_ = {};
  std::array<bool, kBlockHops> spoken_ = {};
  std::uint64_t hops_ = 0;
  std::uint64_t speech_hops_ = 0;
  std::uint64_t quiet_hops_ = 0;  // In a row.
  std::uint64_t speech_blocks_ = 0;
  std::uint64_t noise_hops_ = 0;
  int refused_blocks_ = 0;  // In a row, by the relative gate.
  double speech_power_ = 0.0;
  double noise_power_ = 0.0;
};

}  // namespace syrinx::enhance
