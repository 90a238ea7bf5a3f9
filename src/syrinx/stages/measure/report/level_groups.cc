// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/level/levels.h"
#include "syrinx/stages/measure/level/loudness_curve.h"
#include "syrinx/stages/measure/loudness.h"
#include "syrinx/stages/measure/report/group_sheet.h"
#include "syrinx/stages/measure/report/groups.h"

namespace syrinx::measure {

void report_level(AudioView audio, SoundReport& report) {
  GroupSheet sheet(report, "level");
  if (const auto levels = measure_levels(audio)) {
    sheet.add("peak", levels->peak_dbfs, "dBFS");
    sheet.add("rms", levels->rms_dbfs, "dBFS");
    sheet.add("crest", levels->crest_db, "dB");
    sheet.add("dc_offset", levels->dc_offset, "");
    sheet.add("noise_floor", levels->noise_floor_dbfs, "dBFS");
    sheet.add("dynamic_range", levels->dynamic_range_db, "dB");
    sheet.add("silence_share", levels->silence_share, "");
  } else {
    sheet.miss("levels", levels.error());
  }
  if (const auto clipping = find_clipping(audio)) {
    sheet.add("clipped_samples", static_cast<double>(clipping->clipped_samples), "");
  } else {
    sheet.miss("clipped_samples", clipping.error());
  }
}

void report_loudness(AudioView audio, SoundReport& report) {
  GroupSheet sheet(report, "loudness");
  const auto loudness = measure_loudness(audio);
  auto curve = measure_loudness_curve(audio);
  if (!loudness) return sheet.miss("loudness", loudness.error());
  if (!curve) return sheet.miss("loudness", curve.error());
  constexpr const char* kTooShort = "the sound is silent or shorter than 400 ms";
  sheet.add("true_peak", loudness->true_peak_dbtp, "dBTP");
  sheet.add("integrated", loudness->integrated_lufs, "LUFS", kTooShort);
  sheet.add("max_momentary", loudness->max_momentary_lufs, "LUFS", kTooShort);
  sheet.add("max_short_term", loudness->max_short_term_lufs, "LUFS",
            "the sound is silent or shorter than 3 s");
  sheet.add("range", loudness_range(curve->short_term_lufs).range_lu, "LU");
  report.loudness = std::move(*curve);
}

}  // namespace syrinx::measure
