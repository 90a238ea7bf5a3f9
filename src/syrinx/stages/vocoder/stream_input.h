// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include "syrinx/core/base/realtime.h"
#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/mel.h"
#include "syrinx/core/nn/rows/packed_conv.h"
#include "syrinx/core/nn/rows/row_window.h"

// What the streams of several families begin with.
namespace syrinx::vocoder {

// Lays the frames out as float rows at the window's end, which is open. A frame with a number that
// is not finite becomes silence, the logarithm of the mel's clamp. Returns how many there were.
std::size_t take_mel(MelView mel, nn::RowWindow& rows) noexcept SYRINX_REALTIME;
// The same into rows of `padded` floats that lie side by side.
std::size_t take_mel(MelView mel, float* rows, std::size_t padded) noexcept SYRINX_REALTIME;

// What a frame of silence holds in every band.
float silent_band(const MelSpec& spec) noexcept;

// kInvalidArgument for blocks of no frames, kLimitExceeded for too many.
Result<void> check_block_frames(std::size_t max_block_frames);

// How a model of this precision, or of rows of this format, multiplies here, in words.
std::string precision_words(const nn::RowKernels& kernels, nn::Precision precision);
std::string precision_words(const nn::RowKernels& kernels, nn::RowFormat format);

}  // namespace syrinx::vocoder
