// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cmath>
#include <cstdint>

// Times of simulations, which scenarios have in seconds.
namespace syrinx::call {

inline std::chrono::nanoseconds ns_of_s(double seconds) noexcept {
  return std::chrono::nanoseconds(static_cast<std::int64_t>(std::llround(seconds * 1e9)));
}
inline double s_of_ns(std::chrono::nanoseconds time) noexcept {
  return static_cast<double>(time.count()) * 1e-9;
}

}  // namespace syrinx::call
