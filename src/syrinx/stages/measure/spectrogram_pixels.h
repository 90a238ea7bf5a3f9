// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "syrinx/core/flow/audio.h"
#include "syrinx/stages/measure/frame_power.h"

// What a spectrogram's pixels stand for, before they have colours.
namespace syrinx::measure {

// The frames that fall into column x of `width`: [first, last), never empty. Pre: frames > 0.
struct ColumnStretch {
  std::size_t first;
  std::size_t last;
};
ColumnStretch column_stretch(std::size_t x, std::size_t width, std::size_t frames) noexcept;

// Power of each pixel, [column][row from the top], from 0 Hz below to max_hz above; finite. 1.0 is
// a full-scale sine. Pre: the audio that `analysis` was made for, width and height above 0, max_hz
// above 0 and at most half the rate.
std::vector<float> pixel_powers(FramePower& analysis, AudioView audio, std::size_t width,
                                std::size_t height, double max_hz);

}  // namespace syrinx::measure
