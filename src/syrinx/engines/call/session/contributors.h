// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace syrinx::call {

// One of those whose sound a mixer put into a packet (a CSRC; RFC 3550, 5.1).
struct Contributor {
  std::uint32_t ssrc = 0;
  std::optional<int> level_dbov;  // 0 to -127, where the packet tells levels (RFC 6465).
};

// All of them; a packet has room for 15.
class Contributors {
 public:
  static constexpr std::size_t kMost = 15;
  void clear() noexcept { count_ = 0; }
  void add(const Contributor& one) noexcept {  // Passes over the 16th and an SSRC of 0, unknown.
    if (count_ < kMost && one.ssrc != 0) list_[count_++] = one;
  }
  std::span<const Contributor> list() const& noexcept { return std::span(list_).first(count_); }
  std::span<const Contributor> list() const&& = delete;  // Of what is gone.

 private:
  std::array<Contributor, kMost> list_{};
  std::size_t count_ = 0;
};

}  // namespace syrinx::call
