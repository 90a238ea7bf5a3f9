// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>

// What a path through pitch candidates gains and pays (Boersma 1993, "Accurate short-term analysis
// of the fundamental frequency"): each candidate's strength, less the cost of jumps.
namespace syrinx::dsp {

struct PitchCandidate {
  double hz = 0.0;        // 0 is unvoiced.
  double strength = 0.0;  // Of the autocorrelation, about 0 to 1.
};

struct PathCosts {
  double silence = 0.03;  // Amplitude, relative to the loudest, below which all is unvoiced.
  double voicing = 0.45;  // The strength that a pitch must exceed.
  double octave = 0.01;   // Per octave below the highest pitch.
  double jump = 0.35;     // Per octave between frames, and
  double change = 0.14;   // between voiced and unvoiced: both for frames 10 ms apart.

  // The same costs per second for another hop.
  PathCosts at_hop(double hop_s) const noexcept {
    PathCosts scaled = *this;
    scaled.jump *= 0.01 / hop_s;
    scaled.change *= 0.01 / hop_s;
    return scaled;
  }
  // `amplitude` is relative to the loudest.
  double unvoiced_strength(double amplitude) const noexcept {
    const double quiet = silence <= 0.0 ? 0.0 : 2.0 - amplitude / (silence / (1.0 + voicing));
    return voicing + std::max(0.0, quiet);
  }
  double voiced_strength(const PitchCandidate& candidate, double max_hz) const noexcept {
    return candidate.strength - octave * std::log2(max_hz / candidate.hz);
  }
  double step(double from_hz, double to_hz) const noexcept {
    const bool from_voiced = from_hz > 0.0;
    const bool to_voiced = to_hz > 0.0;
    if (from_voiced != to_voiced) return change;
    return from_voiced ? jump * std::abs(std::log2(from_hz / to_hz)) : 0.0;
  }
};

}  // namespace syrinx::dsp
