// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "syrinx/core/base/result.h"
#include "syrinx/core/io/byte_source.h"

namespace syrinx::io {

// The four bytes that every frame of MPEG audio begins with (ISO/IEC 11172-3 clause 2.4.1.3, and
// 13818-3 for the lower rates).
struct MpegHeader {
  int version = 1;  // 1, 2, or 3 for "2.5".
  int layer = 3;
  int sample_rate_hz = 0;
  std::size_t channels = 0;
  std::size_t frame_bytes = 0;  // Header included.
  std::size_t frame_samples = 0;
};

// Nothing when these are not such a header, or one of "free format", which states no length.
std::optional<MpegHeader> parse_mpeg_header(std::uint32_t word) noexcept;

// Where the first frame begins: at `start`, or within the 4 KiB after it. A frame counts when
// frames of the same kind follow it without a gap, or when the data ends with it. Errors: kIo.
Result<std::optional<std::uint64_t>> find_mpeg_frame(ByteSource& bytes, std::uint64_t start);

}  // namespace syrinx::io
