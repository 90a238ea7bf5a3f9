// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "syrinx/core/base/realtime.h"
#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/mel.h"
#include "syrinx/stages/vocoder/weight_source.h"

namespace syrinx::vocoder {

// DiffWave's way from a row of mel bands a frame to one a sample: two transposed convolutions over
// (band, time) of kernel [3, 32] and stride [1, 16], a leaky ReLU of slope 0.4 after each.
class MelUpsampler {
 public:
  static constexpr std::size_t kRate = 16;  // Of each of the two.

  // Errors: those of the source.
  static Result<MelUpsampler> create(const WeightSource& source);

  // The mel at a sixteenth of the sample rate: rows of `bands` values with a zero on each side.
  std::vector<float> first(MelView mel) const;
  // Rows [begin, end) at the sample rate from those of first(), each to `stride` floats.
  void second(std::span<const float> rows, std::size_t bands, std::int64_t begin, std::int64_t end,
              float* out, std::size_t stride) const noexcept SYRINX_REALTIME;

 private:
  static constexpr std::size_t kTaps = 32;
  static constexpr std::size_t kBandTaps = 3;
  struct Layer {
    std::array<float, kBandTaps * kTaps> weights{};
    float bias = 0;
  };
  static void upsample(const Layer& layer, std::span<const float> rows, std::size_t bands,
                       std::int64_t at, float* out) noexcept;

  std::array<Layer, 2> layers_;
};

}  // namespace syrinx::vocoder
