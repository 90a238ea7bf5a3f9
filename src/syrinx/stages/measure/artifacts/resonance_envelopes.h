// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "syrinx/stages/measure/artifacts/features.h"

namespace syrinx::measure::artifacts {

inline constexpr std::size_t kEnvelopePoints = 60;
inline constexpr double kEnvelopePointsPerOctave = 14.0;  // From 250 Hz to 4.7 kHz.

// The spectrum of the resonances that linear prediction finds, in dB, evenly in octaves, its mean
// taken out: the shape of the mouth without pitch or level.
using ResonanceEnvelope = std::array<double, kEnvelopePoints>;

inline constexpr std::size_t kEnvelopeHop = 80;  // 5 ms

// Of windows of 25 ms (Hann, so that half of it counts); frame i shows the samples from
// i * kEnvelopeHop on.
std::vector<ResonanceEnvelope> resonance_envelopes(Signal signal);

// The mean difference in dB between `here`, moved down by `shift` points, and `there`, where both
// are known, their levels set alike.
double unlikeness(const ResonanceEnvelope& here, const ResonanceEnvelope& there, int shift = 0);

// Whether the voice sounds steadily around frame i of resonance_envelopes.
std::vector<bool> steadily_voiced(Signal signal, std::size_t frames);

}  // namespace syrinx::measure::artifacts
