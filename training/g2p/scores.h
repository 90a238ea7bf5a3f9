// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "dictionary.h"
#include "syrinx/stages/text/g2p/fallback_model.h"

namespace syrinx::training {

// How a model says words. Any of a word's readings counts as right, and phoneme errors (stress
// ignored) are edits from the nearest reading.
struct Scores {
  std::size_t words = 0;
  std::size_t right = 0;  // Stress ignored.
  std::size_t right_with_stress = 0;
  std::size_t edits = 0;
  std::size_t phonemes = 0;  // Of the nearest readings.

  double right_percent() const { return percent(right, words); }
  double right_with_stress_percent() const { return percent(right_with_stress, words); }
  double phoneme_error_percent() const { return percent(edits, phonemes); }

 private:
  static double percent(std::size_t part, std::size_t whole) {
    return whole == 0 ? 0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
  }
};

// Of the words that were held out of training, or of the others.
Scores score(const std::vector<Word>& words, const text::FallbackModel& model, bool held_out);

}  // namespace syrinx::training
