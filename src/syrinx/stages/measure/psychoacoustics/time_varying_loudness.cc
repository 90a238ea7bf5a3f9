// SPDX-License-Identifier: Apache-2.0
// ISO 532-1:2017, clause 6 and Annex A: the rates and time constants are the standard's.
#include <algorithm>
#include <array>
#include <cmath>

#include "syrinx/stages/measure/psychoacoustics/calibrated.h"
#include "syrinx/stages/measure/psychoacoustics/specific_loudness.h"
#include "syrinx/stages/measure/psychoacoustics/third_octave_bank.h"
#include "syrinx/stages/measure/psychoacoustics/zwicker_loudness.h"

namespace syrinx::measure {
namespace {

using zwicker::CoreLoudness;
using zwicker::kBands;
using zwicker::kCoreBands;

constexpr double kRateHz = zwicker::ThirdOctaveBank::kRateHz;
constexpr std::size_t kSamplesPerLevel = 24;  // Levels at 2 kHz, interpolated back to 48 kHz.
constexpr std::size_t kLevelsPerStep = 4;     // Results at 500 Hz.

// Squares to levels: three first-order low passes whose time constant follows the band.
class LevelSmoother {
 public:
  LevelSmoother() {
    for (std::size_t band = 0; band < kBands; ++band) {
      const double tau_s = 2.0 / (3.0 * std::min(1'000.0, zwicker::third_octave_hz(band)));
      keep_[band] = std::exp(-1.0 / (kRateHz * tau_s));
    }
  }
  void process(const std::array<double, kBands>& squares) noexcept {
    for (std::size_t band = 0; band < kBands; ++band) {
      double x = squares[band];
      for (double& y : state_[band]) x = y = (1.0 - keep_[band]) * x + keep_[band] * y;
    }
  }
  std::array<double, kBands> levels_db() const noexcept {
    std::array<double, kBands> levels{};
    for (std::size_t band = 0; band < kBands; ++band) {
      levels[band] = 10.0 * std::log10((state_[band].back() + 1e-12) / 4e-10);
    }
    return levels;
  }

 private:
  std::array<double, kBands> keep_{};
  std::array<std::array<double, 3>, kBands> state_{};
};

// What the ear's decay does to one band's core loudness: a network of two capacitors that charges
// at once and discharges slowly, the slower the longer the sound lasted.
class NonlinearDecay {
 public:
  // The value at one inner step (1/48 kHz).
  double process(double in) noexcept {
    double out = in;
    double slow = (slow_ - in) * keep_variable_ + in;
    if (in < out_ && out_ > slow_) {
      slow = out_ * b_[0] - slow_ * b_[1];
      out = std::max(in, out_ * b_[2] - slow_ * b_[3]);
      slow = std::min(slow, out);
    } else if (in < out_) {
      slow = out = std::max(in, out_ * keep_long_);
    } else if (std::abs(in - out_) < 1e-5 && in <= slow_) {
      slow = in;
    }
    out_ = out;
    slow_ = slow;
    return out;
  }

 private:
  static constexpr double kShortS = 0.005;
  static constexpr double kLongS = 0.015;
  static constexpr double kVariableS = 0.075;
  static std::array<double, 4> coefficients() {
    const double p = (kVariableS + kLongS) / (kVariableS * kShortS);
    const double root = std::sqrt(p * p / 4.0 - 1.0 / (kShortS * kVariableS));
    const double l1 = -p / 2.0 + root;
    const double l2 = -p / 2.0 - root;
    const double den = kVariableS * (l1 - l2);
    const double e1 = std::exp(l1 / kRateHz);
    const double e2 = std::exp(l2 / kRateHz);
    const double v1 = kVariableS * l1 + 1.0;
    const double v2 = kVariableS * l2 + 1.0;
    return {(e1 - e2) / den, (v2 * e1 - v1 * e2) / den, (v1 * e1 - v2 * e2) / den,
            v1 * v2 * (e1 - e2) / den};
  }

  std::array<double, 4> b_ = coefficients();
  double keep_long_ = std::exp(-1.0 / (kRateHz * kLongS));
  double keep_variable_ = std::exp(-1.0 / (kRateHz * kVariableS));
  double out_ = 0.0;
  double slow_ = 0.0;
};

// Calls at(value) for the 24 inner values from `now` towards `next`, `now` first.
template <class At>
void interpolate(double now, double next, At&& at) {
  const double delta = (next - now) / static_cast<double>(kSamplesPerLevel);
  for (std::size_t i = 0; i < kSamplesPerLevel; ++i) at(now + delta * static_cast<double>(i));
}

std::vector<CoreLoudness> core_over_time(const std::vector<double>& pressure, SoundField field) {
  zwicker::ThirdOctaveBank bank;
  LevelSmoother smoother;
  std::array<double, kBands> squares{};
  std::vector<CoreLoudness> core;
  core.reserve(pressure.size() / kSamplesPerLevel + 1);
  for (std::size_t i = 0; i < pressure.size(); ++i) {
    bank.process(pressure[i], squares);
    smoother.process(squares);
    if (i % kSamplesPerLevel == 0)
      core.push_back(zwicker::core_loudness(smoother.levels_db(), field));
  }
  return core;
}

void decay(std::vector<CoreLoudness>& core) {
  for (std::size_t band = 0; band < kCoreBands; ++band) {
    NonlinearDecay network;
    for (std::size_t i = 0; i < core.size(); ++i) {
      const double now = core[i][band];
      const double next = i + 1 < core.size() ? core[i + 1][band] : now;
      bool first = true;
      interpolate(now, next, [&](double value) {
        const double out = network.process(value);
        if (first) core[i][band] = out;
        first = false;
      });
    }
  }
}

// Two low passes, of 3.5 and 70 ms, that share the loudness 0.47 to 0.53.
std::vector<double> temporal_weighting(const std::vector<double>& sone) {
  constexpr double kFastShare = 0.47;
  const double keep_fast = std::exp(-1.0 / (kRateHz * 0.0035));
  const double keep_slow = std::exp(-1.0 / (kRateHz * 0.07));
  double fast = 0.0;
  double slow = 0.0;
  std::vector<double> weighted(sone.size());
  for (std::size_t i = 0; i < sone.size(); ++i) {
    bool first = true;
    interpolate(sone[i], i + 1 < sone.size() ? sone[i + 1] : sone[i], [&](double value) {
      fast = (1.0 - keep_fast) * value + keep_fast * fast;
      slow = (1.0 - keep_slow) * value + keep_slow * slow;
      if (first) weighted[i] = kFastShare * fast + (1.0 - kFastShare) * slow;
      first = false;
    });
  }
  return weighted;
}

// The value that `percent` of them exceed. Pre: not empty.
double exceeded(std::vector<double> values, double percent) {
  const double rank = (1.0 - percent / 100.0) * static_cast<double>(values.size() - 1);
  const auto nth = values.begin() + static_cast<std::ptrdiff_t>(std::lround(rank));
  std::nth_element(values.begin(), nth, values.end());
  return *nth;
}

}  // namespace

Result<LoudnessOverTime> time_varying_loudness(AudioView mono, const Calibration& calibration) {
  SYRINX_ASSIGN(const auto pressure, pressure_at_48_khz(mono, calibration));
  auto core = core_over_time(pressure, calibration.field);
  decay(core);

  LoudnessOverTime result;
  std::array<double, kSpecificLoudnessSteps> specific{};
  std::vector<double> total(core.size());
  for (std::size_t i = 0; i < core.size(); ++i) {
    total[i] = zwicker::spread(core[i], specific);
    for (std::size_t z = 0; z < specific.size(); ++z) {
      result.mean_specific_sone_per_bark[z] += specific[z] / static_cast<double>(core.size());
    }
  }
  const auto weighted = temporal_weighting(total);
  for (std::size_t i = 0; i < weighted.size(); i += kLevelsPerStep) {
    result.sone.push_back(weighted[i]);
  }
  result.max_sone = *std::max_element(result.sone.begin(), result.sone.end());
  result.n5_sone = exceeded(weighted, 5.0);
  result.n10_sone = exceeded(weighted, 10.0);
  return result;
}

}  // namespace syrinx::measure
