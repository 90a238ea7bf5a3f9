// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/spectrogram_pixels.h"

#include <algorithm>
#include <cmath>
#include <span>

namespace syrinx::measure {
namespace {

// The most window positions that one column of pixels averages.
constexpr std::size_t kMaxFramesPerColumn = 8;

std::ptrdiff_t signed_size(std::size_t value) { return static_cast<std::ptrdiff_t>(value); }

// Power per pixel row, from the top, of a spectrum: the strongest bin where several meet, the mean
// between neighbours where rows are finer than bins.
void to_rows(std::span<const float> power, double bins_per_row, std::span<float> rows) {
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const double begin = static_cast<double>(rows.size() - 1 - r) * bins_per_row;
    const auto first = std::min(static_cast<std::size_t>(begin), power.size() - 1);
    const auto last =
        std::clamp(static_cast<std::size_t>(begin + bins_per_row), first + 1, power.size());
    if (bins_per_row > 1.0) {
      rows[r] +=
          *std::max_element(power.begin() + signed_size(first), power.begin() + signed_size(last));
      continue;
    }
    const auto share = static_cast<float>(begin - static_cast<double>(first));
    rows[r] += power[first] * (1.0f - share) + power[std::min(first + 1, power.size() - 1)] * share;
  }
}

}  // namespace

ColumnStretch column_stretch(std::size_t x, std::size_t width, std::size_t frames) noexcept {
  const double per_column = static_cast<double>(frames) / static_cast<double>(width);
  const auto first =
      std::min(frames - 1, static_cast<std::size_t>(static_cast<double>(x) * per_column));
  const auto last = static_cast<std::size_t>(static_cast<double>(x + 1) * per_column);
  return {first, std::clamp(last, first + 1, frames)};
}

std::vector<float> pixel_powers(FramePower& analysis, AudioView audio, std::size_t width,
                                std::size_t height, double max_hz) {
  std::vector<float> pixels(width * height, 0.0f);
  const double bins_per_row = max_hz / analysis.bin_hz() / static_cast<double>(height);
  for (std::size_t x = 0; x < width; ++x) {
    const ColumnStretch stretch = column_stretch(x, width, audio.frames());
    const std::size_t length = stretch.last - stretch.first;
    const std::size_t windows =
        std::clamp(2 * length / analysis.window_samples(), std::size_t{1}, kMaxFramesPerColumn);
    const auto rows = std::span(pixels).subspan(x * height, height);
    for (std::size_t w = 0; w < windows; ++w) {
      const std::size_t centre = stretch.first + (2 * w + 1) * length / (2 * windows);
      to_rows(analysis.at(audio, centre), bins_per_row, rows);
    }
    for (float& power : rows)
      power = std::isfinite(power) ? power / static_cast<float>(windows) : 0;
  }
  return pixels;
}

}  // namespace syrinx::measure
