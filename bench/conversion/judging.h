// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "conversion/changers.h"
#include "syrinx/engines/conversion/conversion_quality.h"
#include "syrinx/stages/measure/recognition/recogniser.h"
#include "syrinx/stages/measure/recognition/word_error_rate.h"

namespace syrinx::bench {

// What one changer did of one job, over all recordings.
struct Sheet {
  std::size_t sounds = 0;
  double f0_squares = 0.0;  // Of errors, summed over voiced frames;
  double f0_level = 0.0;    // How far off the median is, signed, likewise;
  double voiced = 0.0;      // those.
  double gross = 0.0;       // Of them, more than 20 % off.
  double worst_duration = 0.0;
  double formant_error[3] = {};  // Of the medians of F1 to F3, signed, summed.
  double artifact_share = 0.0;   // Summed.
  double mos = 0.0;              // Summed over those that have one.
  std::size_t with_mos = 0;
  measure::WordErrors words;
  measure::WordErrors told_words;  // By a recogniser that was told of the change.

  void add(const conversion::ConversionQuality& quality, const Job& job);
  nlohmann::json to_json() const;
  std::string row() const;
};

std::string header_row();

}  // namespace syrinx::bench
