// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/psychoacoustics/zwicker_loudness.h"

#include <algorithm>
#include <cmath>

#include "syrinx/stages/measure/psychoacoustics/calibrated.h"
#include "syrinx/stages/measure/psychoacoustics/specific_loudness.h"
#include "syrinx/stages/measure/psychoacoustics/third_octave_bank.h"

namespace syrinx::measure {
namespace {

static_assert(kThirdOctaves == zwicker::kBands);
constexpr double kTiny = 1e-12;  // Pa^2: keeps silence's level finite.
constexpr double kReferencePa2 = 4e-10;

}  // namespace

double phon_of_sone(double sone) noexcept {
  if (sone >= 1.0) return 40.0 + 10.0 * std::log2(sone);
  return std::max(3.0, 40.0 * std::pow(sone + 0.0005, 0.35));
}

Result<ZwickerLoudness> stationary_loudness(std::span<const double> third_octave_db_spl,
                                            SoundField field) {
  const auto finite = [](double level_db) { return std::isfinite(level_db); };
  if (third_octave_db_spl.size() != kThirdOctaves ||
      !std::all_of(third_octave_db_spl.begin(), third_octave_db_spl.end(), finite))
    return make_error(ErrorCode::kInvalidArgument, "loudness: given ", third_octave_db_spl.size(),
                      " third-octave levels; give ", kThirdOctaves, " finite ones");
  ZwickerLoudness loudness;
  loudness.sone = zwicker::spread(zwicker::core_loudness(third_octave_db_spl, field),
                                  loudness.specific_sone_per_bark);
  loudness.phon = phon_of_sone(loudness.sone);
  return loudness;
}

Result<std::array<double, kThirdOctaves>> third_octave_levels(AudioView mono,
                                                              const Calibration& calibration,
                                                              double skip_s) {
  SYRINX_ASSIGN(const auto pressure, pressure_at_48_khz(mono, calibration));
  const double skip = skip_s * zwicker::ThirdOctaveBank::kRateHz;
  if (!(skip >= 0.0 && skip < static_cast<double>(pressure.size())))
    return make_error(ErrorCode::kInvalidArgument, "loudness: skipping ", skip_s, " s of ",
                      mono.duration_s(), " s leaves nothing to measure");
  const auto first = static_cast<std::size_t>(skip);
  zwicker::ThirdOctaveBank bank;
  std::array<double, kThirdOctaves> squares{};
  std::array<double, kThirdOctaves> sums{};
  for (std::size_t i = 0; i < pressure.size(); ++i) {
    bank.process(pressure[i], squares);
    if (i < first) continue;
    for (std::size_t band = 0; band < kThirdOctaves; ++band) sums[band] += squares[band];
  }
  const auto counted = static_cast<double>(pressure.size() - first);
  for (double& sum : sums) sum = 10.0 * std::log10((sum / counted + kTiny) / kReferencePa2);
  return sums;
}

Result<ZwickerLoudness> stationary_loudness(AudioView mono, const Calibration& calibration,
                                            double skip_s) {
  SYRINX_ASSIGN(const auto levels_db, third_octave_levels(mono, calibration, skip_s));
  return stationary_loudness(std::span<const double>(levels_db), calibration.field);
}

}  // namespace syrinx::measure
