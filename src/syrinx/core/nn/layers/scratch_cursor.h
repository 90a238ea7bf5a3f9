// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>

#include "syrinx/core/base/check.h"

namespace syrinx::nn {

// Bytes that a piece of scratch takes: whole cache lines.
constexpr std::size_t scratch_piece(std::size_t bytes) noexcept {
  constexpr std::size_t kLine = 64;
  return (bytes + kLine - 1) / kLine * kLine;
}

// Hands out scratch memory piece by piece, each on a cache line.
class ScratchCursor {
 public:
  explicit ScratchCursor(std::span<std::byte> bytes) noexcept : rest_(bytes) {}

  std::span<std::byte> take_bytes(std::size_t bytes) noexcept {
    const std::size_t piece = scratch_piece(bytes);
    SYRINX_CHECK(rest_.size() >= piece, "less scratch than the layer needs");
    const std::span<std::byte> taken = rest_.first(piece);
    rest_ = rest_.subspan(piece);
    return taken;
  }
  float* take_floats(std::size_t count) noexcept {
    return reinterpret_cast<float*>(take_bytes(count * sizeof(float)).data());
  }
  std::span<std::byte> rest() const noexcept { return rest_; }

 private:
  std::span<std::byte> rest_;
};

}  // namespace syrinx::nn
