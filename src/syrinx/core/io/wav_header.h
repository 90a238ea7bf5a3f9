// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "syrinx/core/io/audio_format.h"

namespace syrinx::io {

// The size that streaming writers leave in a header that they cannot go back to.
inline constexpr std::uint32_t kUnknownWavSize = 0xFFFFFFFF;

struct WavFormat {
  SampleEncoding encoding = SampleEncoding::kInt16;
  int sample_rate_hz = 0;
  std::size_t channels = 0;
};

// The bytes before the samples: 44 for integers, 58 for float32 (which has to count its frames).
std::size_t wav_header_bytes(SampleEncoding encoding) noexcept;
// The most bytes of samples whose sizes the header can hold.
std::uint64_t max_wav_data_bytes(SampleEncoding encoding) noexcept;
// The header before `data_bytes` of samples, or of nobody knows how many for kUnknownWavSize.
std::vector<std::byte> make_wav_header(const WavFormat& format, std::uint32_t data_bytes);

}  // namespace syrinx::io
