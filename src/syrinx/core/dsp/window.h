// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

namespace syrinx::dsp {

enum class WindowShape { kRectangular, kHann, kSqrtHann, kHamming, kBlackman, kKaiser };

// kPeriodic windows are one period of a sequence, as overlapping frames need (the sample after the
// last would equal the first); kSymmetric ones read the same from both ends, as filters need.
enum class WindowSymmetry { kPeriodic, kSymmetric };

// `samples` values, largest 1, computed in double. Hamming is 0.54 - 0.46 cos, Blackman 0.42 - 0.5
// cos + 0.08 cos (Harris 1978). `kaiser_beta` shapes the Kaiser window alone: 0 is rectangular, 14
// has side lobes near -105 dB.
std::vector<float> make_window(WindowShape shape, std::size_t samples,
                               WindowSymmetry symmetry = WindowSymmetry::kPeriodic,
                               double kaiser_beta = 8.6);

// The modified Bessel function of the first kind and order 0, for x >= 0.
double bessel_i0(double x) noexcept;

}  // namespace syrinx::dsp
