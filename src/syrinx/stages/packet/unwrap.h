// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <type_traits>

// Counters of the wire that wrap, as counters that do not.
namespace syrinx::packet {

// Takes each value as the one nearest to the one before it, by modulo arithmetic (RFC 1982); half
// the range away counts as before it.
template <class Wire>
class Unwrapper {
 public:
  // The first value is itself.
  std::int64_t unwrap(Wire value) noexcept {
    if (!started_) {
      started_ = true;
      last_ = static_cast<std::int64_t>(value);
      return last_;
    }
    using Signed = std::make_signed_t<Wire>;
    const auto step = static_cast<Signed>(static_cast<Wire>(value - static_cast<Wire>(last_)));
    last_ += step;
    return last_;
  }
  // What unwrap() would say, without taking it as the last.
  std::int64_t peek(Wire value) const noexcept {
    Unwrapper copy = *this;
    return copy.unwrap(value);
  }
  void reset() noexcept { started_ = false; }

 private:
  bool started_ = false;
  std::int64_t last_ = 0;
};

using SequenceUnwrapper = Unwrapper<std::uint16_t>;
using TimestampUnwrapper = Unwrapper<std::uint32_t>;

}  // namespace syrinx::packet
