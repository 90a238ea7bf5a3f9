// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <complex>
#include <cstddef>
#include <span>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/dsp/fft.h"

// What roughness and fluctuation strength share, after P. Daniel and R. Weber, "Psychoacoustical
// roughness: implementation of an optimized model", Acustica 83 (1997): E. Terhardt's excitation
// of 47 channels half a Bark apart, the envelope of each, and how much and how alike they swing.
namespace syrinx::measure {

inline constexpr std::size_t kModulationChannels = 47;

struct ChannelModulation {
  std::array<double, kModulationChannels> depth{};        // RMS of the weighted envelope over mean.
  std::array<double, kModulationChannels> correlation{};  // With the channel 1 Bark up; 0 for the
                                                          // last two.
};

// One table of weights over modulation frequency, linear between its points, 0 outside.
struct ModulationWeight {
  std::vector<double> hz;
  std::vector<double> weight;
  double at(double modulation_hz) const noexcept;
};

// Analyses frames of one size at 48 kHz. One instance serves one thread.
class ModulationAnalysis {
 public:
  // `weights[channel]` points into a table that outlives the analysis. Errors: as RealFft::create.
  static Result<ModulationAnalysis> create(
      std::size_t frame_samples,
      const std::array<const ModulationWeight*, kModulationChannels>& weights);

  // `pressure` in pascal, windowed; `window_mean` is the window's mean. Pre: pressure.size() is the
  // frame's size.
  ChannelModulation analyse(std::span<const double> pressure, double window_mean);

 private:
  struct Component;
  explicit ModulationAnalysis(dsp::RealFft fft);
  std::vector<Component> audible_components(std::span<const double> pressure, double window_mean);
  void excite(std::size_t channel, std::span<const Component> components);
  double envelope_swing(std::size_t channel);

  dsp::RealFft fft_;
  std::vector<float> time_;
  std::vector<std::complex<float>> spectrum_;
  std::vector<std::complex<float>> work_;
  std::vector<std::vector<float>> swings_;                               // [channel][sample]
  std::array<std::vector<float>, kModulationChannels> channel_weights_;  // [channel][bin]
};

}  // namespace syrinx::measure
