// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace syrinx::conversion {

// How long things took, in classes an eighth of an octave wide from 1 us to 16 s. One thread.
class TimeHistogram {
 public:
  void add(double seconds) noexcept;
  std::uint64_t count() const noexcept { return count_; }
  // The upper end of the class that this share of all stayed within, in seconds; 0 for none.
  double quantile(double share) const noexcept;

 private:
  static constexpr std::size_t kClasses = 24 * 8;
  std::array<std::uint32_t, kClasses> classes_{};
  std::uint64_t count_ = 0;
};

}  // namespace syrinx::conversion
