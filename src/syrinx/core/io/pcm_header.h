// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "syrinx/core/io/audio_format.h"

// The headers of the files that hold plain samples, as we write them.
namespace syrinx::io {

struct PcmFormat {
  SampleEncoding encoding = SampleEncoding::kInt16;
  int sample_rate_hz = 0;
  std::size_t channels = 0;

  std::uint64_t frame_bytes() const noexcept { return bytes_per_sample(encoding) * channels; }
};

// Stands for a number of bytes that is not known yet, or never will be (a pipe).
inline constexpr std::uint32_t kUnknownSize = 0xFFFFFFFF;

// 44 bytes for integers, 58 for float32, which has to count its frames. Sizes that are unknown are
// 0xFFFFFFFF, as other streaming writers leave them.
std::vector<std::byte> make_wav_header(const PcmFormat& format, std::uint32_t data_bytes);
// AIFF, 54 bytes, for integers; AIFF-C, 72 bytes, for float32. Unknown sizes are 0.
std::vector<std::byte> make_aiff_header(const PcmFormat& format, std::uint32_t data_bytes);

// The most bytes of samples, below kUnknownSize, that either header can count.
inline constexpr std::uint64_t kMaxPcmDataBytes = std::uint64_t{kUnknownSize} - 128;

}  // namespace syrinx::io
