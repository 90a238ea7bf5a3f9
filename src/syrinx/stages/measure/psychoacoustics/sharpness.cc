// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/psychoacoustics/sharpness.h"

#include <cmath>

namespace syrinx::measure {
namespace {

// DIN 45692 leaves 0.105 to 0.115, such that its reference noise measures 1 acum.
constexpr double kAcumPerBark = 0.11;

double weight(double bark) {
  return bark <= 15.8 ? 1.0 : 0.15 * std::exp(0.42 * (bark - 15.8)) + 0.85;
}

}  // namespace

double sharpness_acum(std::span<const double> specific_sone_per_bark) noexcept {
  double sum = 0.0;
  double moment = 0.0;
  for (std::size_t i = 0; i < specific_sone_per_bark.size(); ++i) {
    const double bark = 0.1 * static_cast<double>(i + 1);
    sum += specific_sone_per_bark[i];
    moment += specific_sone_per_bark[i] * weight(bark) * bark;
  }
  return sum > 0.0 ? kAcumPerBark * moment / sum : 0.0;
}

Result<double> sharpness_acum(AudioView mono, const Calibration& calibration) {
  SYRINX_ASSIGN(const auto loudness, stationary_loudness(mono, calibration));
  return sharpness_acum(std::span<const double>(loudness.specific_sone_per_bark));
}

}  // namespace syrinx::measure
