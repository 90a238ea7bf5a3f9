// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/codec/opus_blocks.h"

#include <algorithm>
#include <array>

namespace syrinx::codec {

bool is_opus_block(std::size_t frames, int rate_hz) noexcept {
  constexpr std::array<std::size_t, 6> kBlocks = {1, 2, 4, 8, 16, 24};  // Of 2.5 ms.
  const auto unit = static_cast<std::size_t>(rate_hz / 400);
  return std::ranges::any_of(kBlocks, [&](std::size_t units) { return frames == units * unit; });
}

Result<int> opus_rate(int sample_rate_hz) {
  constexpr std::array<int, 5> kRates = {8'000, 12'000, 16'000, 24'000, 48'000};
  if (sample_rate_hz == 0) return 48'000;
  if (std::ranges::find(kRates, sample_rate_hz) != kRates.end()) return sample_rate_hz;
  return make_error(ErrorCode::kInvalidArgument, sample_rate_hz,
                    " Hz was asked for; Opus has 8000, 12000, 16000, 24000 and 48000 Hz");
}

std::size_t opus_channels(const PayloadFormat& format) noexcept {
  return format.number("stereo", 0) == 1 ? 2 : 1;
}

}  // namespace syrinx::codec
