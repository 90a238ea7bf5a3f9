// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/audio.h"
#include "syrinx/stages/measure/report/page/outliers.h"
#include "syrinx/stages/measure/report/sound_report.h"

namespace syrinx::measure {

// A sound of a page of many.
struct FilesPageRow {
  std::string name;
  const SoundReport& report;
  std::string picture_uri;         // Of small_picture(); empty for none.
  std::vector<std::string> notes;  // Sentences about the file.
};

// A small waveform and spectrogram as a data URI. Errors: kInvalidArgument for a sound without
// frames or a rate outside limits.h.
Result<std::string> small_picture(AudioView audio);

// A page about many sounds, as HTML that asks nothing of anywhere: what stands out, a table that
// sorts by every figure, and how each figure is spread. `summary` is of the rows' figures, in their
// order; `failures` are sentences about sounds that could not be measured.
std::string files_page(std::span<const FilesPageRow> rows, const CollectionSummary& summary,
                       std::span<const std::string> failures);

}  // namespace syrinx::measure
