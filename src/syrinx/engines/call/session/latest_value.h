// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>

#include "syrinx/core/base/realtime.h"

namespace syrinx::call {

// The newest of the values that one thread publishes, for one other to read whenever it likes:
// three places, of which one is written, one is read, and one waits between them.
template <class T>
class LatestValue {
 public:
  void publish(const T& value) noexcept SYRINX_REALTIME {
    places_[writing_] = value;
    writing_ = between_.exchange(writing_ | kNew, std::memory_order_acq_rel) & kPlace;
  }
  const T& read() noexcept SYRINX_REALTIME {
    if ((between_.load(std::memory_order_relaxed) & kNew) != 0)
      reading_ = between_.exchange(reading_, std::memory_order_acq_rel) & kPlace;
    return places_[reading_];
  }

 private:
  static constexpr unsigned kNew = 4;
  static constexpr unsigned kPlace = 3;

  std::array<T, 3> places_{};
  unsigned writing_ = 0;
  unsigned reading_ = 1;
  std::atomic<unsigned> between_{2};
};

}  // namespace syrinx::call
