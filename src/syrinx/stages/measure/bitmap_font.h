// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

#include "syrinx/core/flow/image.h"

namespace syrinx::measure {

// A font of 5 by 7 dots, one dot apart, enlarged `scale` times. It has the characters that axes
// need: digits, " .-+:%/()" and the letters of "time", "level", "kHz", "dB", "ms" and "s". Any
// other shows as a small box.
inline constexpr std::size_t kGlyphWidth = 6;
inline constexpr std::size_t kGlyphHeight = 7;

std::size_t text_width(std::string_view text, std::size_t scale) noexcept;

// Draws with the top left corner at (x, y); what lies outside the image is left out.
void draw_text(Image& image, std::ptrdiff_t x, std::ptrdiff_t y, std::string_view text,
               Colour colour, std::size_t scale) noexcept;

}  // namespace syrinx::measure
