// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/psychoacoustics/masking.h"

#include <algorithm>
#include <cmath>

#include "syrinx/core/base/limits.h"
#include "syrinx/core/dsp/window.h"
#include "syrinx/stages/measure/psychoacoustics/scales.h"

namespace syrinx::measure {
namespace {

constexpr double kFloorDb = -200.0;
constexpr double kTonalDb = 7.0;         // By which a tone stands out of its neighbourhood.
constexpr double kTonalApartBark = 0.5;  // Of two tones nearer than this the louder masks.

double power_of(double db) { return std::pow(10.0, db / 10.0); }
double db_of(double power) { return std::max(kFloorDb, 10.0 * std::log10(power)); }

// How many bins away a tone must stand out, by its frequency: table of D.1, step 4a.
std::size_t neighbourhood(double hz) {
  return hz < 2'700.0 ? 2 : hz < 5'500.0 ? 3 : hz < 11'000.0 ? 6 : 12;
}

// The masking function vf, in dB, `dz` Bark above a masker of `level_db`.
double spreading_db(double dz, double level_db) {
  if (dz < -1.0) return 17.0 * (dz + 1.0) - (0.4 * level_db + 6.0);
  if (dz < 0.0) return (0.4 * level_db + 6.0) * dz;
  if (dz < 1.0) return -17.0 * dz;
  return -(dz - 1.0) * (17.0 - 0.15 * level_db) - 17.0;
}

// The masking index av: how far below a masker its threshold lies at its own frequency.
double masking_index_db(const Masker& masker, double bark) {
  return masker.tonal ? -1.525 - 0.275 * bark - 4.5 : -1.525 - 0.175 * bark - 0.5;
}

void drop_inaudible(std::vector<Masker>& maskers) {
  std::erase_if(maskers,
                [](const Masker& m) { return m.db_spl < threshold_in_quiet_db_spl(m.hz); });
}

// Pre: in order of frequency.
void drop_softer_neighbours(std::vector<Masker>& tones) {
  for (std::size_t i = 1; i < tones.size();) {
    if (bark_zwicker(tones[i].hz) - bark_zwicker(tones[i - 1].hz) >= kTonalApartBark) {
      ++i;
      continue;
    }
    const std::size_t softer = tones[i].db_spl < tones[i - 1].db_spl ? i : i - 1;
    tones.erase(tones.begin() + static_cast<std::ptrdiff_t>(softer));
  }
}

double threshold_at(double hz, std::span<const Masker> maskers) {
  double power = power_of(threshold_in_quiet_db_spl(hz));
  const double bark = bark_zwicker(hz);
  for (const Masker& m : maskers) {
    const double at = bark_zwicker(m.hz);
    const double dz = bark - at;
    if (dz < -3.0 || dz >= 8.0) continue;
    power += power_of(m.db_spl + masking_index_db(m, at) + spreading_db(dz, m.db_spl));
  }
  return db_of(power);
}

}  // namespace

double threshold_in_quiet_db_spl(double hz) noexcept {
  const double khz = hz / 1'000.0;
  const double ear = khz - 3.3;
  return 3.64 * std::pow(khz, -0.8) - 6.5 * std::exp(-0.6 * ear * ear) +
         1e-3 * khz * khz * khz * khz;
}

Result<MaskingModel> MaskingModel::create(int sample_rate_hz, const Calibration& calibration) {
  if (sample_rate_hz < limits::kMinSampleRateHz || sample_rate_hz > limits::kMaxSampleRateHz)
    return make_error(ErrorCode::kInvalidArgument, "masking: the sample rate is ", sample_rate_hz,
                      " Hz but must be ", limits::kMinSampleRateHz, " to ",
                      limits::kMaxSampleRateHz);
  SYRINX_ASSIGN(auto fft, dsp::RealFft::create(kFrame));
  return MaskingModel(sample_rate_hz, calibration.full_scale_db_spl, std::move(fft));
}

MaskingModel::MaskingModel(int sample_rate_hz, double full_scale_db_spl, dsp::RealFft fft)
    : bin_hz_(static_cast<double>(sample_rate_hz) / kFrame),
      full_scale_db_spl_(full_scale_db_spl),
      fft_(std::move(fft)),
      window_(dsp::make_window(dsp::WindowShape::kHann, kFrame)),
      weighted_(kFrame),
      spectrum_(fft_.bins()) {}

// Levels such that the three bins of a Hann-windowed sine add up to its power.
void MaskingModel::measure_levels(std::span<const float> frame, std::vector<double>& levels_db) {
  for (std::size_t i = 0; i < kFrame; ++i) weighted_[i] = frame[i] * window_[i];
  fft_.forward(weighted_, spectrum_);
  constexpr double kWindowPower = 0.375;  // The mean of the window's squares.
  constexpr double kScale = 4.0 / (kWindowPower * kFrame * kFrame);
  levels_db.resize(fft_.bins());
  for (std::size_t bin = 0; bin < levels_db.size(); ++bin) {
    levels_db[bin] =
        full_scale_db_spl_ + db_of(kScale * static_cast<double>(std::norm(spectrum_[bin])));
  }
}

std::vector<Masker> MaskingModel::tonal_maskers(std::span<const double> levels_db,
                                                std::vector<bool>& taken) const {
  std::vector<Masker> tones;
  for (std::size_t k = 3; k + 13 < levels_db.size(); ++k) {
    if (levels_db[k] <= levels_db[k - 1] || levels_db[k] < levels_db[k + 1]) continue;
    const std::size_t reach = std::min(neighbourhood(hz_of(static_cast<double>(k))), k);
    bool stands_out = true;
    for (std::size_t j = 2; j <= reach; ++j) {
      stands_out = stands_out && levels_db[k] - levels_db[k - j] >= kTonalDb &&
                   levels_db[k] - levels_db[k + j] >= kTonalDb;
    }
    if (!stands_out) continue;
    const double power =
        power_of(levels_db[k - 1]) + power_of(levels_db[k]) + power_of(levels_db[k + 1]);
    tones.push_back({hz_of(static_cast<double>(k)), db_of(power), true});
    for (std::size_t j = k - reach; j <= k + reach; ++j) taken[j] = true;
  }
  return tones;
}

// What the tones leave, one masker per critical band, at the mean frequency of its power.
std::vector<Masker> MaskingModel::noise_maskers(std::span<const double> levels_db,
                                                const std::vector<bool>& taken) const {
  std::vector<Masker> noises;
  std::size_t k = 1;
  while (k < levels_db.size()) {
    const double band = std::floor(bark_zwicker(hz_of(static_cast<double>(k))));
    double power = 0.0;
    double moment = 0.0;
    for (; k < levels_db.size(); ++k) {
      const double hz = hz_of(static_cast<double>(k));
      if (std::floor(bark_zwicker(hz)) != band) break;
      if (taken[k]) continue;
      power += power_of(levels_db[k]);
      moment += power_of(levels_db[k]) * hz;
    }
    if (power > 0.0) noises.push_back({moment / power, db_of(power), false});
  }
  return noises;
}

Result<MaskingThreshold> MaskingModel::analyse(std::span<const float> frame) {
  const auto finite = [](float x) { return std::isfinite(x); };
  if (frame.size() != kFrame || !std::all_of(frame.begin(), frame.end(), finite))
    return make_error(ErrorCode::kInvalidArgument, "masking: given ", frame.size(),
                      " samples; give ", kFrame, " finite ones");
  MaskingThreshold result;
  result.bin_hz = bin_hz_;
  measure_levels(frame, result.level_db_spl);
  std::vector<bool> taken(fft_.bins());
  auto tones = tonal_maskers(result.level_db_spl, taken);
  auto noises = noise_maskers(result.level_db_spl, taken);
  drop_inaudible(tones);
  drop_inaudible(noises);
  drop_softer_neighbours(tones);
  result.maskers = std::move(tones);
  result.maskers.insert(result.maskers.end(), noises.begin(), noises.end());
  result.threshold_db_spl.resize(fft_.bins());
  for (std::size_t k = 0; k < fft_.bins(); ++k) {
    result.threshold_db_spl[k] =
        threshold_at(hz_of(std::max(0.5, static_cast<double>(k))), result.maskers);
  }
  return result;
}

}  // namespace syrinx::measure
