// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"
#include "syrinx/engines/conversion/conversion_grades.h"
#include "syrinx/engines/conversion/improve/improve.h"
#include "syrinx/stages/measure/report/page/page_options.h"

namespace syrinx::conversion {

// A row of what was asked for or measured besides the grades.
struct PageFact {
  std::string name;
  std::string value;  // With its unit.
};

// A result on a page.
struct PageResult {
  std::string name;  // "female", "in.female.wav". Escaped here.
  AudioView audio;
  double speed = 1.0;  // Seconds of source for each second of it.
  std::vector<PageFact> asked;
  std::vector<PageFact> measured;
  ConversionGrades grades;
  std::vector<Try> tries;          // Of the loop; empty without one.
  std::vector<std::string> notes;  // What could not be measured.
};

inline constexpr std::size_t kMostPageResults = 7;

// A page about a source and what was made of it, as HTML that asks nothing of anywhere: players,
// waveforms, spectrograms, the contours of F0 over each other (results on the source's time), and
// tables of what was asked, measured and tried. Light and dark; every picture has words. Errors:
// kInvalidArgument for no results, more than kMostPageResults, or a sound without frames; those of
// pictures and sounds.
Result<std::string> conversion_page(const std::string& source_name, AudioView source,
                                    std::span<const PageResult> results,
                                    const measure::PageOptions& options = {});

}  // namespace syrinx::conversion
