// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/psychoacoustics/calibrated.h"

#include <cmath>
#include <numbers>

#include "syrinx/core/dsp/resample.h"

namespace syrinx::measure {

Result<std::vector<double>> pressure_at_48_khz(AudioView mono, const Calibration& calibration) {
  if (mono.channels() != 1 || mono.empty())
    return make_error(ErrorCode::kInvalidArgument, "psychoacoustics: given ", mono.channels(),
                      " channels and ", mono.frames(), " frames; give one channel that has sound");
  for (const float sample : mono.channel(0)) {
    if (!std::isfinite(sample))
      return make_error(ErrorCode::kInvalidArgument, "psychoacoustics: a sample is not finite");
  }
  SYRINX_ASSIGN(const AudioBuffer audio, dsp::resample(mono, 48'000));
  constexpr double kReferencePa = 2e-5;
  const double pascal =
      kReferencePa * std::numbers::sqrt2 * std::pow(10.0, calibration.full_scale_db_spl / 20.0);
  std::vector<double> pressure(audio.frames());
  for (std::size_t i = 0; i < pressure.size(); ++i) {
    pressure[i] = pascal * static_cast<double>(audio.channel(0)[i]);
  }
  return pressure;
}

}  // namespace syrinx::measure
