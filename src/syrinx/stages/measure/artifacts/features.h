// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

// What the detectors look at, of speech at 16 kHz.
namespace syrinx::measure::artifacts {

inline constexpr int kRateHz = 16'000;
inline constexpr std::size_t kHop = 160;  // 10 ms

using Signal = std::span<const float>;
using Scores = std::vector<double>;  // One per kHop samples.

inline std::size_t hops_of(Signal signal) { return (signal.size() + kHop - 1) / kHop; }

// The level in dB of each `hop` samples, at least -100.
std::vector<double> levels_db(Signal signal, std::size_t hop = kHop);
// The value that `share` of them lie below. Pre: not empty.
double quantile(std::vector<double> values, double share);

// What linear prediction of `order` from windows of 40 ms leaves. The prediction is learnt from a
// copy that is smoothed over the worst predicted sample of each hop, lest a click teach it.
std::vector<float> lpc_residual(Signal signal, std::size_t order);

// For each hop, how far its largest sample stands over the largest others nearby, in dB: those
// `guard` to `reach` samples away.
Scores isolated_peaks_db(Signal signal, std::size_t guard, std::size_t reach);

// Periodicity of each hop by the normalised square difference (McLeod 2005).
struct Periodicity {
  double period = 0.0;   // Samples; 0 where there is none.
  double clarity = 0.0;  // At the period, at most 1.
  double at_half = 0.0;  // The same at half the period.
};
std::vector<Periodicity> periodicities(Signal signal);

// The power spectrum of each `hop` samples in windows of `size`, in dB: [frame][bin].
std::vector<std::vector<float>> spectra_db(Signal signal, std::size_t size, std::size_t hop);

}  // namespace syrinx::measure::artifacts
