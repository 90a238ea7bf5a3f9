// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
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

  // Rows that are there of one rate: `bands` values each with a zero on each side. Rows before
  // `begin` are no longer needed or before the utterance, those from `end` on behind it.
  struct Rows {
    const float* values = nullptr;
    std::int64_t begin = 0;
    std::int64_t end = 0;
    std::size_t bands = 0;
  };
  // Rows at the next rate that `available` rows are enough for while more are to come: those of
  // another row need one more. After the last, all kRate * available of them can be made.
  static std::int64_t enough_for(std::int64_t available) noexcept {
    return std::max<std::int64_t>(available * std::int64_t{kRate} - std::int64_t{kRate} / 2, 0);
  }
  // Rows [begin, end) at a sixteenth of the sample rate from frames of the mel, laid out as those.
  void first(const Rows& frames, std::int64_t begin, std::int64_t end,
             float* out) const noexcept SYRINX_REALTIME;
  // The same of a whole utterance.
  std::vector<float> first(MelView mel) const;
  // Rows [begin, end) at the sample rate from those of first(), each to `stride` floats.
  void second(const Rows& rows, std::int64_t begin, std::int64_t end, float* out,
              std::size_t stride) const noexcept SYRINX_REALTIME;

 private:
  static constexpr std::size_t kTaps = 32;
  static constexpr std::size_t kBandTaps = 3;
  struct Layer {
    std::array<float, kBandTaps * kTaps> weights{};
    float bias = 0;
  };
  static void upsample(const Layer& layer, const Rows& rows, std::int64_t at, float* out) noexcept;

  std::array<Layer, 2> layers_;
};

}  // namespace syrinx::vocoder
