// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "syrinx/core/base/check.h"

namespace syrinx {

// Red, green and blue, 0 to 255, sRGB.
using Colour = std::array<std::uint8_t, 3>;

// A picture, 8-bit sRGB, rows from the top, pixels from the left, three bytes each.
class Image {
 public:
  Image() = default;
  // Pre: the sides are within limits::kMaxPngSide.
  Image(std::size_t width, std::size_t height, Colour fill) : width_(width), height_(height) {
    rgb_.reserve(3 * width * height);
    for (std::size_t i = 0; i < width * height; ++i) {
      rgb_.insert(rgb_.end(), fill.begin(), fill.end());
    }
  }

  std::size_t width() const noexcept { return width_; }
  std::size_t height() const noexcept { return height_; }
  const std::vector<std::uint8_t>& rgb() const noexcept { return rgb_; }

  // Pre: x < width(), y < height(); y counts from the top.
  Colour pixel(std::size_t x, std::size_t y) const noexcept {
    const std::uint8_t* at = rgb_.data() + offset(x, y);
    return {at[0], at[1], at[2]};
  }
  void set(std::size_t x, std::size_t y, Colour colour) noexcept {
    std::uint8_t* at = rgb_.data() + offset(x, y);
    at[0] = colour[0];
    at[1] = colour[1];
    at[2] = colour[2];
  }

 private:
  std::size_t offset(std::size_t x, std::size_t y) const noexcept {
    SYRINX_CHECK(x < width_ && y < height_, "pixel outside the image");
    return 3 * (y * width_ + x);
  }

  std::size_t width_ = 0;
  std::size_t height_ = 0;
  std::vector<std::uint8_t> rgb_;
};

}  // namespace syrinx
