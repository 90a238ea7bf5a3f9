// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/psychoacoustics/modulation.h"

#include <algorithm>
#include <cmath>

#include "syrinx/stages/measure/psychoacoustics/scales.h"
#include "syrinx/stages/measure/psychoacoustics/third_octave_bank.h"

namespace syrinx::measure {
namespace {

constexpr double kRateHz = zwicker::ThirdOctaveBank::kRateHz;
constexpr double kLowestHz = 20.0;
constexpr double kHighestHz = 20'000.0;
constexpr double kLowerSlopeDb = 27.0;  // Per Bark, towards lower channels.

struct Point {
  double bark;
  double db;
};

// Transmission from the free field to the inner ear, a0 of Zwicker and Fastl, figure 8.18.
constexpr Point kEarDb[] = {{0, 0},       {10, 0},       {12, 1.15},   {13, 2.31},    {14, 3.85},
                            {15, 5.62},   {16, 6.92},    {16.5, 7.38}, {17, 6.92},    {18, 4.23},
                            {18.5, 2.31}, {19, 0},       {20, -1.43},  {21, -2.59},   {21.5, -3.57},
                            {22, -5.19},  {22.5, -7.41}, {23, -11.3},  {23.5, -20.0}, {24, -40.0},
                            {25, -130.0}};
// Threshold of hearing over critical-band rate, dB.
constexpr Point kThresholdDb[] = {
    {0, 130},  {0.01, 70}, {0.17, 60}, {0.8, 30},  {1, 25},    {1.5, 20}, {2, 15},
    {3.3, 10}, {4, 8.1},   {5, 6.3},   {6, 5},     {8, 3.5},   {10, 2.5}, {12, 1.7},
    {13.3, 0}, {15, -2.5}, {16, -4},   {17, -3.7}, {18, -1.5}, {19, 1.4}, {20, 3.8},
    {21, 5},   {22, 7.5},  {23, 15},   {24, 48},   {24.5, 60}, {25, 130}};

template <std::size_t N>
double interpolate(const Point (&table)[N], double bark) {
  if (bark <= table[0].bark) return table[0].db;
  for (std::size_t i = 1; i < N; ++i) {
    if (bark > table[i].bark) continue;
    const double t = (bark - table[i - 1].bark) / (table[i].bark - table[i - 1].bark);
    return table[i - 1].db + t * (table[i].db - table[i - 1].db);
  }
  return table[N - 1].db;
}

double bark_of(std::size_t channel) { return 0.5 * static_cast<double>(channel + 1); }

double correlation_of(std::span<const float> a, std::span<const float> b) {
  double aa = 0.0;
  double bb = 0.0;
  double ab = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const auto x = static_cast<double>(a[i]);
    const auto y = static_cast<double>(b[i]);
    aa += x * x;
    bb += y * y;
    ab += x * y;
  }
  return aa > 0.0 && bb > 0.0 ? ab / std::sqrt(aa * bb) : 0.0;
}

}  // namespace

// A spectral line above the threshold of hearing.
struct ModulationAnalysis::Component {
  std::size_t bin;
  double bark;
  double level_db;
  double upper_slope_db;  // Per Bark, negative or 0.
};

double ModulationWeight::at(double modulation_hz) const noexcept {
  if (modulation_hz <= hz.front() || modulation_hz >= hz.back()) return 0.0;
  const auto i =
      static_cast<std::size_t>(std::upper_bound(hz.begin(), hz.end(), modulation_hz) - hz.begin());
  const double t = (modulation_hz - hz[i - 1]) / (hz[i] - hz[i - 1]);
  return weight[i - 1] + t * (weight[i] - weight[i - 1]);
}

Result<ModulationAnalysis> ModulationAnalysis::create(
    std::size_t frame_samples,
    const std::array<const ModulationWeight*, kModulationChannels>& weights) {
  SYRINX_ASSIGN(auto fft, dsp::RealFft::create(frame_samples));
  ModulationAnalysis analysis(std::move(fft));
  const double bin_hz = kRateHz / static_cast<double>(frame_samples);
  for (std::size_t channel = 0; channel < kModulationChannels; ++channel) {
    auto& table = analysis.channel_weights_[channel];
    table.resize(analysis.fft_.bins());
    for (std::size_t bin = 1; bin < table.size(); ++bin) {
      table[bin] = static_cast<float>(weights[channel]->at(static_cast<double>(bin) * bin_hz));
    }
  }
  return analysis;
}

ModulationAnalysis::ModulationAnalysis(dsp::RealFft fft)
    : fft_(std::move(fft)),
      time_(fft_.size()),
      spectrum_(fft_.bins()),
      work_(fft_.bins()),
      swings_(kModulationChannels, std::vector<float>(fft_.size())) {}

std::vector<ModulationAnalysis::Component> ModulationAnalysis::audible_components(
    std::span<const double> pressure, double window_mean) {
  for (std::size_t i = 0; i < time_.size(); ++i) time_[i] = static_cast<float>(pressure[i]);
  fft_.forward(time_, spectrum_);
  const auto size = static_cast<double>(fft_.size());
  // From a bin's magnitude to the RMS of the sine that it shows, over 20 uPa.
  const double to_rms = std::sqrt(2.0) / (size * window_mean) / 2e-5;
  std::vector<Component> components;
  const auto first = static_cast<std::size_t>(std::ceil(kLowestHz * size / kRateHz));
  for (std::size_t bin = first; bin < fft_.bins(); ++bin) {
    const double hz = static_cast<double>(bin) * kRateHz / size;
    if (hz > kHighestHz) break;
    const double bark = bark_zwicker(hz);
    const double ear = std::pow(10.0, interpolate(kEarDb, bark) / 20.0);
    spectrum_[bin] *= static_cast<float>(ear * to_rms);
    const auto magnitude = static_cast<double>(std::abs(spectrum_[bin]));
    const double level_db = 20.0 * std::log10(std::max(magnitude, 1e-30));
    if (level_db <= interpolate(kThresholdDb, bark)) continue;
    const double upper_slope_db = std::min(0.0, -24.0 - 230.0 / hz + 0.2 * level_db);
    components.push_back({bin, bark, level_db, upper_slope_db});
  }
  return components;
}

// Writes the channel's spectrum to work_: its own components as they are, those of others as far
// as their slopes reach into it.
void ModulationAnalysis::excite(std::size_t channel, std::span<const Component> components) {
  std::fill(work_.begin(), work_.end(), std::complex<float>());
  const double centre = bark_of(channel);
  for (const Component& c : components) {
    const double away = c.bark - centre;
    double gain = 1.0;
    if (std::abs(away) >= 0.5) {
      const double edge = away > 0.0 ? centre + 0.5 : centre - 0.5;
      const double slope_db = away > 0.0 ? -kLowerSlopeDb : c.upper_slope_db;
      const double drop_db = slope_db * std::abs(c.bark - edge);
      if (c.level_db + drop_db <= interpolate(kThresholdDb, edge)) continue;
      gain = std::pow(10.0, drop_db / 20.0);
    }
    work_[c.bin] = spectrum_[c.bin] * static_cast<float>(gain);
  }
}

// Takes work_ through rectification and the channel's weight to swings_; returns the depth.
double ModulationAnalysis::envelope_swing(std::size_t channel) {
  fft_.inverse(work_, time_);
  double mean = 0.0;
  for (float& x : time_) {
    x = std::abs(x);
    mean += static_cast<double>(x) / static_cast<double>(time_.size());
  }
  if (!(mean > 0.0)) {
    std::fill(swings_[channel].begin(), swings_[channel].end(), 0.0f);
    return 0.0;
  }
  fft_.forward(time_, work_);
  for (std::size_t bin = 0; bin < work_.size(); ++bin) work_[bin] *= channel_weights_[channel][bin];
  fft_.inverse(work_, swings_[channel]);
  double power = 0.0;
  for (const float x : swings_[channel]) power += static_cast<double>(x) * static_cast<double>(x);
  return std::sqrt(power / static_cast<double>(time_.size())) / mean;
}

ChannelModulation ModulationAnalysis::analyse(std::span<const double> pressure,
                                              double window_mean) {
  const auto components = audible_components(pressure, window_mean);
  ChannelModulation result;
  for (std::size_t channel = 0; channel < kModulationChannels; ++channel) {
    excite(channel, components);
    result.depth[channel] = envelope_swing(channel);
  }
  for (std::size_t channel = 0; channel + 2 < kModulationChannels; ++channel) {
    result.correlation[channel] = correlation_of(swings_[channel], swings_[channel + 2]);
  }
  return result;
}

}  // namespace syrinx::measure
