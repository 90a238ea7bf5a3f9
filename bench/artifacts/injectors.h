// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "syrinx/core/flow/audio.h"
#include "syrinx/stages/measure/artifacts/artifacts.h"

// Puts defects into clean speech at 16 kHz, to see what finds them.
namespace syrinx::bench {

inline constexpr std::size_t kDefectLevels = 4;

// How strong a kind's defects are, mildest first.
struct DefectGrades {
  std::array<double, kDefectLevels> levels;
  std::string unit;
};
DefectGrades defect_grades(measure::ArtifactKind kind);

// One thing to judge: a sound and, for the kinds that need them, a reference or (for crosstalk)
// a second channel in `audio`.
struct Specimen {
  AudioBuffer audio;
  AudioBuffer reference;  // Empty where the kind needs none.
};

// Clean speech as the kind's detector sees it: alone; with itself as reference, then 2 dB softer
// with noise 40 dB below it; or with other speech in a second channel.
// Pre: one channel at 16 kHz each, at least 1 s.
Specimen clean_specimen(measure::ArtifactKind kind, AudioView speech, AudioView other,
                        std::uint32_t seed);
// The same with the defect at level `grade`.
Specimen defective_specimen(measure::ArtifactKind kind, AudioView speech, AudioView other,
                            double grade, std::uint32_t seed);

}  // namespace syrinx::bench
