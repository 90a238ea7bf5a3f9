// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "syrinx/core/base/realtime.h"

namespace syrinx::enhance {

// Reads the far end at the microphone's clock: in blocks, at a rate that differs a little from the
// one at which it comes, by a windowed sinc. At no difference it gives the samples as they are.
class FarReader {
 public:
  explicit FarReader(std::size_t block_samples);

  // Takes one block as it comes. Pre: block_samples.
  void push(std::span<const float> block) noexcept SYRINX_REALTIME;
  // The next block, `ratio` samples of the far end for each of the near end, 0.99 to 1.01.
  void read(double ratio, std::span<float> block) noexcept SYRINX_REALTIME;
  // How far the next read ends behind the newest sample, were the ratio 1.
  double lag_samples() const noexcept { return lag_; }
  // Steps over a block, or back over one. Pre: the lag stays between 0 and three blocks.
  void move_lag(int blocks) noexcept SYRINX_REALTIME;
  // The least lag at which a ratio other than 1 can be read.
  static constexpr double kLeastLag = 24.0;
  void reset() noexcept SYRINX_REALTIME;

 private:
  float interpolate(double position) const noexcept;

  std::size_t block_;
  std::vector<float> line_;   // The last samples, oldest first.
  std::vector<float> table_;  // The sinc at kPhases places between two samples.
  double lag_ = 0.0;
};

}  // namespace syrinx::enhance
