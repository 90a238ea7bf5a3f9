// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "artifacts/injectors.h"

namespace syrinx::bench {

// How well one detector tells injected defects from clean speech. A recording's score is its
// largest.
struct RocResult {
  double auc = 0.0;                                // Over all levels together.
  std::array<double, kDefectLevels> auc_at{};      // Per level.
  std::array<double, kDefectLevels> mean_score{};  // Of the largest of each recording.
  std::array<double, kDefectLevels> detected{};    // Share, at the detector's threshold.
  double false_alarms_per_minute = 0.0;            // On clean speech.
  double suggested_threshold = 0.0;  // The least with at most 0.3 false alarms a minute.
};

// The area under the curve: how often a defect scores over a clean recording, ties half.
double area_under_curve(const std::vector<double>& clean, const std::vector<double>& defects);

// Pre: at least two recordings, each one channel at 16 kHz and at least 1 s long.
RocResult measure_roc(const measure::ArtifactDetector& detector,
                      const std::vector<AudioBuffer>& recordings, std::uint32_t seed);

}  // namespace syrinx::bench
