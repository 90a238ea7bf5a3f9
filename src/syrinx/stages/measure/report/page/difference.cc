// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/report/page/difference.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "syrinx/stages/measure/colour_map.h"
#include "syrinx/stages/measure/report/page/curves.h"

namespace syrinx::measure::html {
namespace {

constexpr double kBaseHue = 235.0;  // Blue.
constexpr double kOtherHue = 65.0;  // Orange: told from blue by all but the rarest eyes.

// Lightness says how much and hue says which, so that the amount shows in grey too.
std::array<Colour, 256> compute_colours() {
  std::array<Colour, 256> map{};
  for (std::size_t i = 0; i < map.size(); ++i) {
    const double side = static_cast<double>(i) / 127.5 - 1.0;
    const double amount = std::pow(std::abs(side), 0.8);
    map[i] = oklch(0.16 + 0.68 * amount, 0.17 * amount, side < 0 ? kBaseHue : kOtherHue);
  }
  return map;
}

const std::array<Colour, 256>& colours() {
  static const std::array<Colour, 256> map = compute_colours();
  return map;
}

// The difference at one pixel.
class Difference {
 public:
  Difference(std::span<const float> base, std::span<const float> other, double other_gain_db,
             double range_db)
      : gain_db_(other_gain_db),
        floor_db_(std::max(strongest_db(base), strongest_db(other) + other_gain_db) - range_db) {}

  double db(float base, float other) const {
    return level_db(other, gain_db_) - level_db(base, 0.0);
  }

 private:
  double level_db(float power, double gain_db) const {
    constexpr double kLeastPower = 1e-20;
    const double power_db = 10.0 * std::log10(std::max(kLeastPower, static_cast<double>(power)));
    return std::max(floor_db_, power_db + gain_db);
  }

  double gain_db_;
  double floor_db_;
};

std::string hex(Colour colour) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text = "#";
  for (const std::uint8_t part : colour) {
    text += kDigits[part >> 4];
    text += kDigits[part & 15];
  }
  return text;
}

}  // namespace

Image difference_image(std::span<const float> base, std::span<const float> other, std::size_t width,
                       std::size_t height, double other_gain_db, double range_db) {
  const Difference difference(base, other, other_gain_db, range_db);
  Image image(width, height, colours()[127]);
  for (std::size_t x = 0; x < width; ++x) {
    for (std::size_t y = 0; y < height; ++y) {
      const std::size_t at = x * height + y;
      const double side =
          std::clamp(difference.db(base[at], other[at]) / kDifferenceReachDb, -1.0, 1.0);
      image.set(x, y, colours()[static_cast<std::size_t>(std::lround(127.5 * (side + 1.0)))]);
    }
  }
  return image;
}

double rms_difference_db(std::span<const float> base, std::span<const float> other,
                         double other_gain_db, double range_db) {
  if (base.empty()) return 0.0;
  const Difference difference(base, other, other_gain_db, range_db);
  double sum = 0.0;
  for (std::size_t i = 0; i < base.size(); ++i) {
    const double db = difference.db(base[i], other[i]);
    sum += db * db;
  }
  return std::sqrt(sum / static_cast<double>(base.size()));
}

DifferenceColours difference_colours() {
  return {hex(colours().front()), hex(colours()[127]), hex(colours().back())};
}

}  // namespace syrinx::measure::html
