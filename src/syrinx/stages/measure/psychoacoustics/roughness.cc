// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/psychoacoustics/roughness.h"

#include <algorithm>
#include <cmath>

#include "syrinx/core/dsp/window.h"
#include "syrinx/stages/measure/psychoacoustics/calibrated.h"
#include "syrinx/stages/measure/psychoacoustics/modulation.h"

namespace syrinx::measure {
namespace {

constexpr std::size_t kFrame = 9'600;  // 200 ms at 48 kHz.
constexpr std::size_t kHop = kFrame / 2;
constexpr double kMeanBlackman = 0.42;
// So that the reference sound measures 1 asper; the paper's own value for its own filters is 0.25.
constexpr double kAsperPerSum = 0.249;

// Weights of modulation frequency, by channel: the paper's H2, H5, H16, H21 and H42.
const ModulationWeight kH2 = {
    {0, 17, 23, 25, 32, 37, 48, 67, 90, 114, 171, 206, 247, 294, 358},
    {0, 0.8, 0.95, 0.975, 1, 0.975, 0.9, 0.8, 0.7, 0.6, 0.4, 0.3, 0.2, 0.1, 0}};
const ModulationWeight kH5 = {{0, 32, 43, 56, 69, 92, 120, 142, 165, 231, 277, 331, 397, 502},
                              {0, 0.8, 0.95, 1, 0.975, 0.9, 0.8, 0.7, 0.6, 0.4, 0.3, 0.2, 0.1, 0}};
const ModulationWeight kH16 = {
    {0, 23.5, 34, 47, 56, 63, 79, 100, 115, 135, 159, 172, 194, 215, 244, 290, 348, 415, 500, 645},
    {0,    0.4, 0.6, 0.8, 0.9, 0.95, 1,   0.975, 0.95, 0.9,
     0.85, 0.8, 0.7, 0.6, 0.5, 0.4,  0.3, 0.2,   0.1,  0}};
const ModulationWeight kH21 = {
    {0, 19, 44, 52.5, 58, 75, 101.5, 114.5, 132.5, 143.5, 165.5, 197.5, 241, 290, 348, 415, 500,
     645},
    {0, 0.4, 0.8, 0.9, 0.95, 1, 0.95, 0.9, 0.85, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0}};
const ModulationWeight kH42 = {
    {0, 15, 41, 49, 53, 64, 71, 88, 94, 106, 115, 137, 180, 238, 290, 348, 415, 500, 645},
    {0, 0.4, 0.8, 0.9, 0.965, 0.99, 1, 0.95, 0.9, 0.85, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0}};

std::array<const ModulationWeight*, kModulationChannels> channel_weights() {
  std::array<const ModulationWeight*, kModulationChannels> weights{};
  for (std::size_t i = 0; i < weights.size(); ++i) {
    weights[i] = i < 4 ? &kH2 : i < 15 ? &kH5 : i < 20 ? &kH16 : i < 41 ? &kH21 : &kH42;
  }
  return weights;
}

// What a channel adds: the paper's g(z), over whole Barks.
double channel_share(std::size_t channel) {
  constexpr double kShares[] = {0.15, 0.26, 0.38, 0.47, 0.54, 0.65, 0.76, 0.83, 0.90,
                                0.98, 0.98, 0.90, 0.80, 0.70, 0.62, 0.54, 0.49, 0.43,
                                0.39, 0.35, 0.30, 0.30, 0.30, 0.30, 0.30};
  const std::size_t halves = channel + 1;
  const double low = kShares[halves / 2];
  return halves % 2 == 0 ? low : (low + kShares[halves / 2 + 1]) / 2.0;
}

double asper_of(const ChannelModulation& modulation) {
  double sum = 0.0;
  for (std::size_t i = 0; i < kModulationChannels; ++i) {
    const double above = i + 2 < kModulationChannels ? modulation.correlation[i] : 1.0;
    const double below = i >= 2 ? modulation.correlation[i - 2] : 1.0;
    const double part = std::min(1.0, modulation.depth[i]) * above * below;
    sum += channel_share(i) * part * part;
  }
  return kAsperPerSum * sum;
}

}  // namespace

Result<Roughness> roughness(AudioView mono, const Calibration& calibration) {
  SYRINX_ASSIGN(const auto pressure, pressure_at_48_khz(mono, calibration));
  if (pressure.size() < kFrame)
    return make_error(ErrorCode::kInvalidArgument, "roughness: given ", mono.duration_s(),
                      " s; the least is 0.2 s");
  SYRINX_ASSIGN(auto analysis, ModulationAnalysis::create(kFrame, channel_weights()));
  const auto window =
      dsp::make_window(dsp::WindowShape::kBlackman, kFrame, dsp::WindowSymmetry::kPeriodic);
  std::vector<double> frame(kFrame);
  Roughness result;
  for (std::size_t start = 0; start + kFrame <= pressure.size(); start += kHop) {
    for (std::size_t i = 0; i < kFrame; ++i) {
      frame[i] = pressure[start + i] * static_cast<double>(window[i]);
    }
    result.over_time.push_back(asper_of(analysis.analyse(frame, kMeanBlackman)));
  }
  for (const double asper : result.over_time) {
    result.asper += asper / static_cast<double>(result.over_time.size());
  }
  return result;
}

}  // namespace syrinx::measure
