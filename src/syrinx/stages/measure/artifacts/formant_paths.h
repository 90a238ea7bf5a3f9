// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <vector>

#include "syrinx/stages/measure/artifacts/features.h"

namespace syrinx::measure::artifacts {

inline constexpr std::size_t kPaths = 3;

// F1 to F3 in Hz; all 0 where fewer were found.
using FormantFrame = std::array<double, kPaths>;

// The formants of each `hop` samples from Gaussian windows of `window_s`, frame i centred on sample
// (i + 1/2) hop: of the resonances found there, the three on the smoothest path (Viterbi) that are
// narrow and near to where a neutral vowel has them.
std::vector<FormantFrame> formant_paths(Signal signal, std::size_t hop, double window_s);

// Of the resonances of `signal`, found alike, those that lie nearest to `paths`; 0 where none lies
// within `most_octaves` or the path has none.
std::vector<FormantFrame> formants_near(const std::vector<FormantFrame>& paths, Signal signal,
                                        std::size_t hop, double window_s, double most_octaves);

}  // namespace syrinx::measure::artifacts
