// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"
#include "syrinx/stages/measure/report/page/page_options.h"
#include "syrinx/stages/measure/report/sound_report.h"

namespace syrinx::measure {

struct SoundPageInput {
  std::string name;            // As a person knows it: the file's. Escaped here.
  std::string reference_name;  // Empty without one.
  AudioView audio;
  const SoundReport& report;       // Of `audio`.
  std::vector<std::string> notes;  // Sentences about the file, above everything.
};

// A page about one sound, as HTML that asks nothing of anywhere: a player whose cursor moves over
// waveform, artifacts, spectrogram, loudness and F0, and every figure with what it means. What the
// report lacks is named with its reason. Errors: kInvalidArgument for a sound without frames;
// kInternal, kIo where a picture or the sound cannot be encoded.
Result<std::string> sound_page(const SoundPageInput& input, const PageOptions& options = {});

}  // namespace syrinx::measure
