// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"

// Loudness in sone by E. Zwicker's method: ISO 532-1:2017, for stationary sounds (clause 5) and for
// any (clause 6), with the filters and tables of its Annex A. Sounds are one channel; other rates
// than 48 kHz are converted.
namespace syrinx::measure {

enum class SoundField { kFree, kDiffuse };

// How digital full scale relates to pressure: the level of a sine that peaks at 1.0. The 100 dB of
// ISO 532-1, Annex B, unless a recording says otherwise.
struct Calibration {
  double full_scale_db_spl = 100.0;
  SoundField field = SoundField::kFree;
};

inline constexpr std::size_t kThirdOctaves = 28;            // 25 Hz to 12.5 kHz.
inline constexpr std::size_t kSpecificLoudnessSteps = 240;  // 0.1 to 24 Bark, 0.1 apart.

struct ZwickerLoudness {
  double sone = 0.0;
  double phon = 0.0;
  std::array<double, kSpecificLoudnessSteps> specific_sone_per_bark{};
};

// The loudness level of a loudness: 40 phon + 10 for each doubling, and the standard's bend below
// 1 sone; at least 3.
double phon_of_sone(double sone) noexcept;

// The stationary method from third-octave levels in dB SPL; bands without sound may be any low
// level, -60 dB for one. Errors: kInvalidArgument for another count than 28 or a non-finite level.
Result<ZwickerLoudness> stationary_loudness(std::span<const double> third_octave_db_spl,
                                            SoundField field = SoundField::kFree);

// The same from a signal, whose first `skip_s` seconds settle the filters and do not count.
// Errors: kInvalidArgument for no or several channels, a non-finite sample, or nothing left after
// skip_s; and those of dsp::resample.
Result<ZwickerLoudness> stationary_loudness(AudioView mono, const Calibration& calibration,
                                            double skip_s = 0.2);

// The levels of the 28 bands that the stationary method starts from. Errors: as above.
Result<std::array<double, kThirdOctaves>> third_octave_levels(AudioView mono,
                                                              const Calibration& calibration,
                                                              double skip_s = 0.2);

struct LoudnessOverTime {
  static constexpr double kStepS = 0.002;
  std::vector<double> sone;  // One per step.
  std::array<double, kSpecificLoudnessSteps> mean_specific_sone_per_bark{};
  double max_sone = 0.0;
  double n5_sone = 0.0;   // Exceeded during 5 % of the time.
  double n10_sone = 0.0;  // Exceeded during 10 % of the time.
};

// The time-varying method: third-octave bank, squaring and smoothing, non-linear decay per band,
// spreading, temporal weighting. The test signals of Annexes B.4 and B.5 are recordings and curves
// that come beside the standard's text and cannot be made from it; what is tested instead is that
// slow sweeps of level follow the stationary method within the standard's tolerance (5 % or 0.1
// sone), and how loudness grows, adds, shifts and dies away. Errors: as stationary_loudness, less
// skip_s.
Result<LoudnessOverTime> time_varying_loudness(AudioView mono, const Calibration& calibration);

}  // namespace syrinx::measure
