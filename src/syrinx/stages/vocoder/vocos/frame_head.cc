// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/vocoder/vocos/frame_head.h"

#include <utility>

namespace syrinx::vocoder {
namespace {

constexpr float kMostMagnitude = 100.0F;

}  // namespace

PolarHead::PolarHead(const nn::RowMaths& maths, std::size_t fft_size)
    : maths_(maths), re_(fft_size / 2 + 1), im_(fft_size / 2 + 1) {}

std::int64_t PolarHead::reset(std::int64_t first) noexcept {
  is_known_ = false;
  return first;
}

void PolarHead::take(const float* row) noexcept {
  maths_.polar(re_.data(), im_.data(), row, row + re_.size(), re_.size(), kMostMagnitude);
  is_known_ = true;
}

bool PolarHead::next(std::span<std::complex<float>> spectrum) noexcept {
  if (!std::exchange(is_known_, false)) return false;
  for (std::size_t k = 0; k < re_.size(); ++k) spectrum[k] = {re_[k], im_[k]};
  return true;
}

std::size_t PolarHead::memory_bytes() const noexcept {
  return sizeof *this + (re_.size() + im_.size()) * sizeof(float);
}

}  // namespace syrinx::vocoder
