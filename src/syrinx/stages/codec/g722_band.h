// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

// One half of the spectrum in ITU-T G.722 (2012): an adaptive predictor of two poles and six zeros
// and an adaptive quantiser. Names and integer steps are the Recommendation's, clause 6.
namespace syrinx::codec {

inline int saturate16(int value) noexcept { return std::clamp(value, -32'768, 32'767); }

struct G722Band {
  int s = 0;                  // The predicted signal.
  int sz = 0;                 // The zeros' part of it.
  int nb = 0;                 // Logarithm of the quantiser's step.
  int det = 0;                // The step.
  std::array<int, 3> r = {};  // Reconstructed signal, [0] the newest.
  std::array<int, 3> p = {};  // Partly reconstructed.
  std::array<int, 3> a = {};  // Poles, [1] and [2].
  std::array<int, 7> b = {};  // Zeros, [1] to [6].
  std::array<int, 7> d = {};  // Quantised difference.

  explicit G722Band(int first_step) : det(first_step) {}

  // Blocks 3L and 3H: the step for the next sample. `shift` is 8 (low band) or 10 (high).
  void scale(int change, int most, int shift) noexcept;
  // Block 4: learns from a difference and predicts the next sample.
  void predict(int difference) noexcept;

 private:
  void adapt_poles() noexcept;
  void adapt_zeros() noexcept;
};

}  // namespace syrinx::codec
