// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"
#include "syrinx/stages/measure/report/page/page_options.h"
#include "syrinx/stages/measure/report/sound_report.h"

namespace syrinx::measure {

struct ComparedSound {
  std::string name;  // As a person knows it: the file's. Escaped here.
  AudioView audio;
  const SoundReport& report;       // Of `audio`.
  std::vector<std::string> notes;  // Sentences about the file.
};

inline constexpr std::size_t kMostComparedSounds = 8;

// A page that sets two or more sounds side by side, as HTML that asks nothing of anywhere: players
// in step that switch without a gap, at equal loudness if wished; the spectrograms and how they
// differ after alignment in time (each from the reference, where there is one, else from the
// first); every figure with the better one marked; and a blind test, ABX or A/B, whose score is
// told with its probability under guessing. Errors: kInvalidArgument for fewer than two sounds,
// more than kMostComparedSounds, or one without frames; kInternal, kIo where a picture or a sound
// cannot be encoded.
Result<std::string> compare_page(const std::vector<ComparedSound>& sounds,
                                 const std::optional<ComparedSound>& reference,
                                 const PageOptions& options = {});

}  // namespace syrinx::measure
