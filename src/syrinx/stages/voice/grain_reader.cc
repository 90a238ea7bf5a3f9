// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/voice/grain_reader.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "syrinx/core/dsp/kernels.h"
#include "syrinx/core/dsp/window.h"

namespace syrinx::voice {
namespace {

constexpr std::size_t kCrossings = 8;      // Zero crossings of the sinc to either side.
constexpr std::size_t kPerCrossing = 256;  // Table entries from one to the next.
constexpr std::size_t kFadeEntries = 1'024;
constexpr double kBeta = 7.0;

// The windowed sinc so many zero crossings from its middle, between entries of its table.
inline float weight(const std::vector<float>& kernel, double distance) noexcept {
  const double place = distance * kPerCrossing;
  const auto entry = static_cast<std::size_t>(place);
  if (entry >= kCrossings * kPerCrossing) return 0.0f;
  const auto part = static_cast<float>(place - static_cast<double>(entry));
  return kernel[entry] + part * (kernel[entry + 1] - kernel[entry]);
}

}  // namespace

GrainReader::GrainReader() : kernel_(kCrossings * kPerCrossing + 2), fade_(kFadeEntries + 2) {
  for (std::size_t i = 0; i < kCrossings * kPerCrossing; ++i) {
    const double x = static_cast<double>(i) / kPerCrossing;
    const double turn = std::numbers::pi * x;
    const double inside = 1.0 - x * x / (kCrossings * kCrossings);
    const double window = dsp::bessel_i0(kBeta * std::sqrt(std::max(0.0, inside)));
    kernel_[i] =
        static_cast<float>((i == 0 ? 1.0 : std::sin(turn) / turn) * window / dsp::bessel_i0(kBeta));
  }
  for (std::size_t i = 0; i < kFadeEntries; ++i) {
    const double share = static_cast<double>(i) / kFadeEntries;
    fade_[i] = static_cast<float>(0.5 + 0.5 * std::cos(std::numbers::pi * share));
  }
}

std::size_t GrainReader::reach(double step) noexcept {
  return static_cast<std::size_t>(std::ceil(kCrossings * std::max(1.0, step))) + 1;
}

float GrainReader::fade(double share, double width) const noexcept {
  const double place = std::max(0.0, (share - 0.5) / width + 0.5) * kFadeEntries;
  if (!(place < static_cast<double>(kFadeEntries))) return 0.0f;
  const auto entry = static_cast<std::size_t>(place);
  const auto part = static_cast<float>(place - static_cast<double>(entry));
  return fade_[entry] + part * (fade_[entry + 1] - fade_[entry]);
}

// All places are as far from their samples, so that the weights are looked up once.
void GrainReader::read_even(std::span<const float> sound, double at,
                            std::span<float> to) const noexcept {
  const double floor = std::floor(at);
  const auto first = static_cast<std::size_t>(floor);
  const double part = at - floor;
  if (part < 1e-9) {
    std::copy_n(sound.begin() + static_cast<std::ptrdiff_t>(first), to.size(), to.begin());
    return;
  }
  std::fill(to.begin(), to.end(), 0.0f);
  for (std::size_t k = 0; k < 2 * kCrossings; ++k) {
    const double distance = std::abs(static_cast<double>(k) + 1.0 - kCrossings - part);
    const float* from = sound.data() + first + k + 1 - kCrossings;
    dsp::kernels().mix(to.data(), from, to.size(), weight(kernel_, distance));
  }
}

void GrainReader::read(std::span<const float> sound, double at, double step,
                       std::span<float> to) const noexcept {
  if (step == 1.0) return read_even(sound, at, to);
  const double cutoff = 1.0 / std::max(1.0, std::abs(step));
  const dsp::HalfKernel half{kernel_.data(), kCrossings, kPerCrossing};
  dsp::kernels().convolve_between(to.data(), to.size(), sound.data(), at, step, cutoff, half);
  dsp::kernels().gain(to.data(), to.size(), static_cast<float>(cutoff));
}

}  // namespace syrinx::voice
