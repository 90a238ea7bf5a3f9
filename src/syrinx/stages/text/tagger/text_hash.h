// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace syrinx::text {

// FNV-1a of 32 bits (Fowler, Noll, Vo), which may be carried on from a hash of what came before.
// Model files depend on it: it may never change.
inline constexpr std::uint32_t kHashStart = 2166136261U;
constexpr std::uint32_t hash_byte(std::uint32_t hash, std::uint8_t byte) noexcept {
  return (hash ^ byte) * 16777619U;
}
constexpr std::uint32_t hash_of(std::string_view text, std::uint32_t hash = kHashStart) noexcept {
  for (const char c : text) hash = hash_byte(hash, static_cast<std::uint8_t>(c));
  return hash;
}

}  // namespace syrinx::text
