// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/bitmap_font.h"

#include <array>

namespace syrinx::measure {
namespace {

struct Glyph {
  char character;
  std::array<const char*, kGlyphHeight> rows;
};

// clang-format off
constexpr Glyph kGlyphs[] = {
    {'0', {" ### ", "#   #", "#  ##", "# # #", "##  #", "#   #", " ### "}},
    {'1', {"  #  ", " ##  ", "  #  ", "  #  ", "  #  ", "  #  ", " ### "}},
    {'2', {" ### ", "#   #", "    #", "   # ", "  #  ", " #   ", "#####"}},
    {'3', {" ### ", "#   #", "    #", "  ## ", "    #", "#   #", " ### "}},
    {'4', {"   # ", "  ## ", " # # ", "#  # ", "#####", "   # ", "   # "}},
    {'5', {"#####", "#    ", "#### ", "    #", "    #", "#   #", " ### "}},
    {'6', {"  ## ", " #   ", "#    ", "#### ", "#   #", "#   #", " ### "}},
    {'7', {"#####", "    #", "   # ", "  #  ", " #   ", " #   ", " #   "}},
    {'8', {" ### ", "#   #", "#   #", " ### ", "#   #", "#   #", " ### "}},
    {'9', {" ### ", "#   #", "#   #", " ####", "    #", "   # ", " ##  "}},
    {' ', {"     ", "     ", "     ", "     ", "     ", "     ", "     "}},
    {'.', {"     ", "     ", "     ", "     ", "     ", " ##  ", " ##  "}},
    {'-', {"     ", "     ", "     ", "#####", "     ", "     ", "     "}},
    {'+', {"     ", "  #  ", "  #  ", "#####", "  #  ", "  #  ", "     "}},
    {':', {"     ", " ##  ", " ##  ", "     ", " ##  ", " ##  ", "     "}},
    {'%', {"##   ", "##  #", "   # ", "  #  ", " #   ", "#  ##", "   ##"}},
    {'/', {"     ", "    #", "   # ", "  #  ", " #   ", "#    ", "     "}},
    {'(', {"   # ", "  #  ", " #   ", " #   ", " #   ", "  #  ", "   # "}},
    {')', {" #   ", "  #  ", "   # ", "   # ", "   # ", "  #  ", " #   "}},
    {'B', {"#### ", "#   #", "#   #", "#### ", "#   #", "#   #", "#### "}},
    {'H', {"#   #", "#   #", "#   #", "#####", "#   #", "#   #", "#   #"}},
    {'d', {"    #", "    #", " ## #", "#  ##", "#   #", "#   #", " ####"}},
    {'e', {"     ", "     ", " ### ", "#   #", "#####", "#    ", " ### "}},
    {'i', {"  #  ", "     ", " ##  ", "  #  ", "  #  ", "  #  ", " ### "}},
    {'k', {"#    ", "#    ", "#  # ", "# #  ", "##   ", "# #  ", "#  # "}},
    {'l', {" ##  ", "  #  ", "  #  ", "  #  ", "  #  ", "  #  ", " ### "}},
    {'m', {"     ", "     ", "## # ", "# # #", "# # #", "# # #", "# # #"}},
    {'s', {"     ", "     ", " ### ", "#    ", " ### ", "    #", "#### "}},
    {'t', {" #   ", " #   ", "###  ", " #   ", " #   ", " #  #", "  ## "}},
    {'v', {"     ", "     ", "#   #", "#   #", "#   #", " # # ", "  #  "}},
    {'z', {"     ", "     ", "#####", "   # ", "  #  ", " #   ", "#####"}}};
// clang-format on

constexpr Glyph kUnknown = {'\0', {"     ", " ### ", " # # ", " # # ", " # # ", " ### ", "     "}};

const Glyph& glyph_of(char character) noexcept {
  for (const Glyph& glyph : kGlyphs) {
    if (glyph.character == character) return glyph;
  }
  return kUnknown;
}

void draw_dot(Image& image, std::ptrdiff_t x, std::ptrdiff_t y, Colour colour,
              std::size_t scale) noexcept {
  for (std::size_t i = 0; i < scale * scale; ++i) {
    const std::ptrdiff_t px = x + static_cast<std::ptrdiff_t>(i % scale);
    const std::ptrdiff_t py = y + static_cast<std::ptrdiff_t>(i / scale);
    if (px < 0 || py < 0 || px >= static_cast<std::ptrdiff_t>(image.width()) ||
        py >= static_cast<std::ptrdiff_t>(image.height())) {
      continue;
    }
    image.set(static_cast<std::size_t>(px), static_cast<std::size_t>(py), colour);
  }
}

}  // namespace

std::size_t text_width(std::string_view text, std::size_t scale) noexcept {
  return text.empty() ? 0 : (text.size() * kGlyphWidth - 1) * scale;
}

void draw_text(Image& image, std::ptrdiff_t x, std::ptrdiff_t y, std::string_view text,
               Colour colour, std::size_t scale) noexcept {
  const auto step = static_cast<std::ptrdiff_t>(scale);
  for (const char character : text) {
    const Glyph& glyph = glyph_of(character);
    for (std::size_t row = 0; row < kGlyphHeight; ++row) {
      for (std::size_t column = 0; column + 1 < kGlyphWidth; ++column) {
        if (glyph.rows[row][column] != '#') continue;
        draw_dot(image, x + static_cast<std::ptrdiff_t>(column) * step,
                 y + static_cast<std::ptrdiff_t>(row) * step, colour, scale);
      }
    }
    x += static_cast<std::ptrdiff_t>(kGlyphWidth) * step;
  }
}

}  // namespace syrinx::measure
