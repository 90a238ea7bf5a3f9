// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/enhance/echo/far_reader.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "syrinx/core/dsp/window.h"

namespace syrinx::enhance {
namespace {

constexpr std::size_t kTaps = 32;
constexpr std::size_t kPhases = 256;
constexpr std::size_t kBlocksKept = 5;

// Row p holds the taps for a position p / kPhases past a sample: Kaiser, -80 dB.
std::vector<float> make_table() {
  constexpr double kBeta = 8.0;
  std::vector<float> table((kPhases + 1) * kTaps);
  for (std::size_t p = 0; p <= kPhases; ++p) {
    const double fraction = static_cast<double>(p) / kPhases;
    for (std::size_t t = 0; t < kTaps; ++t) {
      const double x = static_cast<double>(t) - (kTaps / 2 - 1) - fraction;
      const double angle = std::numbers::pi * x;
      const double r = x / (kTaps / 2.0);
      const double shape = std::abs(r) >= 1.0 ? 0.0
                                              : dsp::bessel_i0(kBeta * std::sqrt(1.0 - r * r)) /
                                                    dsp::bessel_i0(kBeta);
      table[p * kTaps + t] =
          static_cast<float>(shape * (std::abs(x) < 1e-9 ? 1.0 : std::sin(angle) / angle));
    }
  }
  return table;
}

}  // namespace

FarReader::FarReader(std::size_t block_samples)
    : block_(block_samples), line_(kBlocksKept * block_samples), table_(make_table()) {}

void FarReader::push(std::span<const float> block) noexcept {
  std::copy(line_.begin() + static_cast<std::ptrdiff_t>(block_), line_.end(), line_.begin());
  std::copy(block.begin(), block.end(), line_.end() - static_cast<std::ptrdiff_t>(block_));
}

float FarReader::interpolate(double position) const noexcept {
  const double whole = std::floor(position);
  const double place = (position - whole) * static_cast<double>(kPhases);
  const auto phase = static_cast<std::size_t>(place);
  const auto mix = static_cast<float>(place - static_cast<double>(phase));
  const float* low = table_.data() + phase * kTaps;
  const float* high = low + kTaps;
  const float* x = line_.data() + static_cast<std::size_t>(whole) - (kTaps / 2 - 1);
  float first = 0.0F;
  float second = 0.0F;
  for (std::size_t t = 0; t < kTaps; ++t) {
    first += x[t] * low[t];
    second += x[t] * high[t];
  }
  return first + mix * (second - first);
}

void FarReader::read(double ratio, std::span<float> block) noexcept {
  const double begin = static_cast<double>(line_.size() - block_) - lag_;
  if (ratio == 1.0 && lag_ == std::floor(lag_)) {
    const auto from = line_.begin() + static_cast<std::ptrdiff_t>(begin);
    std::copy_n(from, block_, block.begin());
    return;
  }
  for (std::size_t i = 0; i < block_; ++i)
    block[i] = interpolate(begin + static_cast<double>(i) * ratio);
  lag_ -= static_cast<double>(block_) * (ratio - 1.0);
}

void FarReader::move_lag(int blocks) noexcept {
  lag_ += static_cast<double>(blocks) * static_cast<double>(block_);
}

void FarReader::reset() noexcept {
  std::fill(line_.begin(), line_.end(), 0.0F);
  lag_ = 0.0;
}

}  // namespace syrinx::enhance
