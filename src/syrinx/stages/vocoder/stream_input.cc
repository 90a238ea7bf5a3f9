// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/vocoder/stream_input.h"

#include <algorithm>
#include <cmath>
#include <span>

#include "syrinx/core/base/limits.h"

namespace syrinx::vocoder {

float silent_band(const MelSpec& spec) noexcept { return static_cast<float>(mel_value(spec, 0.0)); }

std::size_t take_mel(MelView mel, nn::RowWindow& rows) noexcept {
  const std::size_t padded = rows.row_bytes() / sizeof(float);
  const std::size_t bad = take_mel(mel, rows.row_as<float>(rows.end()), padded);
  rows.grow(mel.frames());
  return bad;
}

std::size_t take_mel(MelView mel, float* rows, std::size_t padded) noexcept {
  const float silence = silent_band(mel.spec());
  std::size_t bad = 0;
  for (std::size_t i = 0; i < mel.frames(); ++i) {
    const std::span<const float> frame = mel.frame(i);
    float* row = rows + i * padded;
    std::fill_n(row, padded, 0.0F);
    const bool finite =
        std::all_of(frame.begin(), frame.end(), [](float v) { return std::isfinite(v); });
    if (finite) {
      std::copy(frame.begin(), frame.end(), row);
    } else {
      std::fill_n(row, frame.size(), silence);
      ++bad;
    }
  }
  return bad;
}

Result<void> check_block_frames(std::size_t max_block_frames) {
  if (max_block_frames == 0)
    return make_error(ErrorCode::kInvalidArgument, "a stream of blocks of no frames");
  if (max_block_frames > limits::kMaxVocoderBlockFrames)
    return make_error(ErrorCode::kLimitExceeded, "blocks of ", max_block_frames,
                      " frames; a stream takes at most ", limits::kMaxVocoderBlockFrames);
  return {};
}

std::string precision_words(const nn::RowKernels& kernels, nn::Precision precision) {
  return precision_words(kernels, nn::row_format(kernels, precision));
}

std::string precision_words(const nn::RowKernels& kernels, nn::RowFormat format) {
  if (format == nn::RowFormat::kFloat)
    return std::string("float32 (") + nn::to_string(kernels.level) + ")";
  if (format == nn::RowFormat::kBf16) return "bfloat16 (amx)";
  return "float32 as bfloat16 pairs in three passes (amx)";
}

}  // namespace syrinx::vocoder
