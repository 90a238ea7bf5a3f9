// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/psychoacoustics/fluctuation_strength.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "syrinx/stages/measure/psychoacoustics/calibrated.h"
#include "syrinx/stages/measure/psychoacoustics/modulation.h"

namespace syrinx::measure {
namespace {

constexpr std::size_t kFrame = 96'000;  // 2 s at 48 kHz.
constexpr std::size_t kHop = kFrame / 2;
constexpr std::size_t kRamp = 2'400;    // 50 ms, at both ends of a frame.
constexpr double kVacilPerSum = 0.246;  // So that the reference sound measures 1 vacil.
constexpr double kExponent = 1.7;

const ModulationWeight kWeight = {{0, 0.5, 1, 2, 4, 8, 12, 16, 20, 32, 64},
                                  {0, 0.2, 0.49, 0.77, 0.98, 1, 0.75, 0.47, 0.36, 0.16, 0}};

double channel_share(std::size_t channel) {
  constexpr double kBark[] = {0, 11.5, 13, 15, 17.5, 24};
  constexpr double kShare[] = {1, 1, 1, 0.9, 0.7, 0.5};
  const double bark = 0.5 * static_cast<double>(channel + 1);
  std::size_t i = 1;
  while (i < 5 && bark > kBark[i]) ++i;
  const double t = (bark - kBark[i - 1]) / (kBark[i] - kBark[i - 1]);
  return kShare[i - 1] + t * (kShare[i] - kShare[i - 1]);
}

// Depths over 0.7 count less, so that frequency modulation is not overrated.
double compressed(double depth) {
  constexpr double kKnee = 0.7;
  return std::min(1.0, depth <= kKnee ? depth : kKnee + (1.0 - kKnee) * (depth - kKnee));
}

double vacil_of(const ChannelModulation& modulation) {
  double sum = 0.0;
  for (std::size_t i = 0; i < kModulationChannels; ++i) {
    const double above = i + 2 < kModulationChannels ? modulation.correlation[i] : 1.0;
    const double below = i >= 2 ? modulation.correlation[i - 2] : 1.0;
    const double alike = above * below;
    sum += channel_share(i) * std::pow(compressed(modulation.depth[i]), kExponent) *
           std::copysign(std::pow(std::abs(alike), kExponent), alike);
  }
  return std::max(0.0, kVacilPerSum * sum);
}

std::vector<double> ramped_window() {
  std::vector<double> window(kFrame, 1.0);
  for (std::size_t i = 0; i < kRamp; ++i) {
    const double phase = std::numbers::pi * (static_cast<double>(i) + 0.5) / kRamp;
    window[i] = window[kFrame - 1 - i] = 0.5 - 0.5 * std::cos(phase);
  }
  return window;
}

}  // namespace

Result<FluctuationStrength> fluctuation_strength(AudioView mono, const Calibration& calibration) {
  SYRINX_ASSIGN(const auto pressure, pressure_at_48_khz(mono, calibration));
  if (pressure.size() < kFrame)
    return make_error(ErrorCode::kInvalidArgument, "fluctuation strength: given ",
                      mono.duration_s(), " s; the least is 2 s");
  std::array<const ModulationWeight*, kModulationChannels> weights{};
  weights.fill(&kWeight);
  SYRINX_ASSIGN(auto analysis, ModulationAnalysis::create(kFrame, weights));
  const auto window = ramped_window();
  const double window_mean = 1.0 - static_cast<double>(kRamp) / kFrame;
  std::vector<double> frame(kFrame);
  FluctuationStrength result;
  for (std::size_t start = 0; start + kFrame <= pressure.size(); start += kHop) {
    for (std::size_t i = 0; i < kFrame; ++i) frame[i] = pressure[start + i] * window[i];
    result.over_time.push_back(vacil_of(analysis.analyse(frame, window_mean)));
  }
  for (const double vacil : result.over_time) {
    result.vacil += vacil / static_cast<double>(result.over_time.size());
  }
  return result;
}

}  // namespace syrinx::measure
