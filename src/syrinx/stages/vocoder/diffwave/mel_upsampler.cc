// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/vocoder/diffwave/mel_upsampler.h"

#include <algorithm>
#include <string>

namespace syrinx::vocoder {
namespace {
constexpr float kSlope = 0.4F;
}  // namespace

Result<MelUpsampler> MelUpsampler::create(const WeightSource& source) {
  MelUpsampler made;
  constexpr std::array<std::size_t, 4> kShape{1, 1, kBandTaps, kTaps};
  for (std::size_t i = 0; i < 2; ++i) {
    const std::string name = "spectrogram_upsampler.conv" + std::to_string(i + 1);
    SYRINX_ASSIGN(const std::vector<float> weights, source.weight(name, kShape));
    SYRINX_ASSIGN(const std::vector<float> bias, source.bias(name, 1));
    std::copy(weights.begin(), weights.end(), made.layers_[i].weights.begin());
    made.layers_[i].bias = bias[0];
  }
  return made;
}

// PyTorch's ConvTranspose2d with padding [1, 8]: row t is the sum over taps k of row
// (t + 8 - k) / 16, where that is whole, and band b that of bands b + 1 - kb.
void MelUpsampler::upsample(const Layer& layer, const Rows& rows, std::int64_t at,
                            float* out) noexcept {
  constexpr auto kRows = static_cast<std::int64_t>(kRate);
  const std::size_t bands = rows.bands;
  const std::int64_t newest = (at + kRows / 2) / kRows;
  const auto phase = static_cast<std::size_t>((at + kRows / 2) % kRows);
  std::fill_n(out, bands, layer.bias);
  for (std::size_t older = 0; older < 2; ++older) {
    const std::int64_t row = newest - static_cast<std::int64_t>(older);
    if (row < rows.begin || row >= rows.end) continue;
    const float* from = rows.values + static_cast<std::size_t>(row - rows.begin) * (bands + 2);
    const float* weights = layer.weights.data() + phase + older * kRate;
    const float below = weights[2 * kTaps], same = weights[kTaps], above = weights[0];
    for (std::size_t b = 0; b < bands; ++b)
      out[b] += below * from[b] + same * from[b + 1] + above * from[b + 2];
  }
  for (std::size_t b = 0; b < bands; ++b) out[b] = std::max(out[b], kSlope * out[b]);
}

void MelUpsampler::first(const Rows& frames, std::int64_t begin, std::int64_t end,
                         float* out) const noexcept {
  for (std::int64_t i = begin; i < end; ++i, out += frames.bands + 2) {
    out[0] = out[frames.bands + 1] = 0.0F;
    upsample(layers_[0], frames, i, out + 1);
  }
}

std::vector<float> MelUpsampler::first(MelView mel) const {
  const std::size_t stride = mel.bands() + 2;
  std::vector<float> padded(mel.frames() * stride, 0.0F);
  for (std::size_t i = 0; i < mel.frames(); ++i)
    std::copy_n(mel.frame(i).data(), mel.bands(), padded.data() + i * stride + 1);
  std::vector<float> made(mel.frames() * kRate * stride);
  const auto frames = static_cast<std::int64_t>(mel.frames());
  first({padded.data(), 0, frames, mel.bands()}, 0, frames * std::int64_t{kRate}, made.data());
  return made;
}

void MelUpsampler::second(const Rows& rows, std::int64_t begin, std::int64_t end, float* out,
                          std::size_t stride) const noexcept {
  for (std::int64_t i = begin; i < end; ++i, out += stride) upsample(layers_[1], rows, i, out);
}

}  // namespace syrinx::vocoder
