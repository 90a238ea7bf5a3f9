// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/colour_map.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace syrinx::measure {
namespace {

struct LinearRgb {
  double r, g, b;

  bool in_gamut() const {
    constexpr double kSlack = 1e-4;
    return std::min({r, g, b}) >= -kSlack && std::max({r, g, b}) <= 1.0 + kSlack;
  }
};

// B. Ottosson, "A perceptual color space for image processing", 2020.
LinearRgb from_oklab(double lightness, double a, double b) {
  const double l = std::pow(lightness + 0.3963377774 * a + 0.2158037573 * b, 3);
  const double m = std::pow(lightness - 0.1055613458 * a - 0.0638541728 * b, 3);
  const double s = std::pow(lightness - 0.0894841775 * a - 1.2914855480 * b, 3);
  return {4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
          -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
          -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s};
}

// IEC 61966-2-1.
std::uint8_t encoded(double linear) {
  const double v = std::clamp(linear, 0.0, 1.0);
  const double curved = v <= 0.0031308 ? 12.92 * v : 1.055 * std::pow(v, 1.0 / 2.4) - 0.055;
  return static_cast<std::uint8_t>(std::lround(255.0 * curved));
}

std::array<Colour, 256> compute_heat() {
  std::array<Colour, 256> map{};
  for (std::size_t i = 0; i < map.size(); ++i) {
    const double t = static_cast<double>(i) / 255.0;
    const double lightness = 0.12 + 0.85 * t;
    const double chroma = 0.02 + 0.155 * std::sin(std::numbers::pi * std::pow(t, 0.8));
    const double hue = 290.0 + 180.0 * t;  // Violet, red (390 = 30), orange, yellow (470 = 110).
    map[i] = oklch(lightness, chroma, hue);
  }
  return map;
}

}  // namespace

Colour oklch(double lightness, double chroma, double hue_degrees) noexcept {
  const double hue = hue_degrees * std::numbers::pi / 180.0;
  LinearRgb rgb = from_oklab(lightness, chroma * std::cos(hue), chroma * std::sin(hue));
  while (!rgb.in_gamut() && chroma > 0.001) {
    chroma *= 0.97;
    rgb = from_oklab(lightness, chroma * std::cos(hue), chroma * std::sin(hue));
  }
  return {encoded(rgb.r), encoded(rgb.g), encoded(rgb.b)};
}

const std::array<Colour, 256>& heat_colours() {
  static const std::array<Colour, 256> map = compute_heat();
  return map;
}

}  // namespace syrinx::measure
