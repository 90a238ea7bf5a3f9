// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/true_peak.h"

#include <algorithm>
#include <cmath>

namespace syrinx::measure {
namespace {

constexpr std::size_t kPhases = 4;

// ITU-R BS.1770-4, Annex 2, table of the order 48 FIR interpolating filter: [tap][phase], tap 0
// meets the newest sample.
constexpr float kFilter[12][kPhases] = {
    {0.0017089843750f, -0.0291748046875f, -0.0189208984375f, -0.0083007812500f},
    {0.0109863281250f, 0.0292968750000f, 0.0330810546875f, 0.0148925781250f},
    {-0.0196533203125f, -0.0517578125000f, -0.0582275390625f, -0.0266113281250f},
    {0.0332031250000f, 0.0891113281250f, 0.1015625000000f, 0.0476074218750f},
    {-0.0594482421875f, -0.1665039062500f, -0.2003173828125f, -0.1022949218750f},
    {0.1373291015625f, 0.4650878906250f, 0.7797851562500f, 0.9721679687500f},
    {0.9721679687500f, 0.7797851562500f, 0.4650878906250f, 0.1373291015625f},
    {-0.1022949218750f, -0.2003173828125f, -0.1665039062500f, -0.0594482421875f},
    {0.0476074218750f, 0.1015625000000f, 0.0891113281250f, 0.0332031250000f},
    {-0.0266113281250f, -0.0582275390625f, -0.0517578125000f, -0.0196533203125f},
    {0.0148925781250f, 0.0330810546875f, 0.0292968750000f, 0.0109863281250f},
    {-0.0083007812500f, -0.0189208984375f, -0.0291748046875f, 0.0017089843750f}};

}  // namespace

void TruePeakMeter::process(std::span<const float> samples) noexcept {
  for (const float given : samples) {
    const float sample = std::isfinite(given) ? given : 0.0f;
    at_ = at_ == 0 ? kTaps - 1 : at_ - 1;
    past_[at_] = past_[at_ + kTaps] = sample;
    const float* newest = past_.data() + at_;
    std::array<float, kPhases> between{};
    for (std::size_t tap = 0; tap < kTaps; ++tap) {
      for (std::size_t p = 0; p < kPhases; ++p) between[p] += kFilter[tap][p] * newest[tap];
    }
    peak_ = std::max(peak_, std::abs(sample));
    for (const float value : between) peak_ = std::max(peak_, std::abs(value));
  }
}

}  // namespace syrinx::measure
