// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

// Archives as POSIX has them (IEEE Std 1003.1, pax, "ustar Interchange Format"): for each file a
// header, its bytes, and zeros up to the next whole block.
namespace syrinx::server {

inline constexpr std::size_t kTarBlockBytes = 512;
inline constexpr std::size_t kMaxTarNameBytes = 100;
inline constexpr std::uint64_t kMaxTarFileBytes = (std::uint64_t{1} << 33) - 1;  // 8 GiB.

// The header of a file that anybody may read. Pre: `name` is not empty, has kMaxTarNameBytes at
// most and no "..", and `bytes` is not above kMaxTarFileBytes.
std::string tar_header(std::string_view name, std::uint64_t bytes, std::uint64_t changed_s);
// What follows the bytes of a file.
std::string tar_padding(std::uint64_t bytes);
// What follows the last file.
std::string tar_end();

}  // namespace syrinx::server
