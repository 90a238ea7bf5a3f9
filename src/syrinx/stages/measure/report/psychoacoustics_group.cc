// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/psychoacoustics/fluctuation_strength.h"
#include "syrinx/stages/measure/psychoacoustics/roughness.h"
#include "syrinx/stages/measure/psychoacoustics/sharpness.h"
#include "syrinx/stages/measure/psychoacoustics/zwicker_loudness.h"
#include "syrinx/stages/measure/report/group_sheet.h"
#include "syrinx/stages/measure/report/groups.h"

namespace syrinx::measure {
namespace {

void add_stationary(AudioView mono, const Calibration& calibration, GroupSheet& sheet) {
  const auto found = stationary_loudness(mono, calibration);
  if (!found) return sheet.miss("stationary_loudness", found.error());
  sheet.add("stationary_loudness", found->sone, "sone");
  sheet.add("loudness_level", found->phon, "phon");
}

void add_time_varying(AudioView mono, const Calibration& calibration, GroupSheet& sheet) {
  const auto found = time_varying_loudness(mono, calibration);
  if (!found) return sheet.miss("loudness_over_time", found.error());
  sheet.add("loudness_max", found->max_sone, "sone");
  sheet.add("loudness_n5", found->n5_sone, "sone");
  sheet.add("loudness_n10", found->n10_sone, "sone");
  sheet.add("sharpness", sharpness_acum(found->mean_specific_sone_per_bark), "acum");
}

void add_modulation(AudioView mono, const Calibration& calibration, GroupSheet& sheet) {
  if (const auto found = roughness(mono, calibration)) {
    sheet.add("roughness", found->asper, "asper");
  } else {
    sheet.miss("roughness", found.error());
  }
  if (const auto found = fluctuation_strength(mono, calibration)) {
    sheet.add("fluctuation_strength", found->vacil, "vacil");
  } else {
    sheet.miss("fluctuation_strength", found.error());
  }
}

}  // namespace

void report_psychoacoustics(AudioView mono, const Calibration& calibration, SoundReport& report) {
  GroupSheet sheet(report, "psychoacoustics");
  if (mono.duration_s() > kMaxPsychoacousticS)
    return sheet.miss("psychoacoustics",
                      make_error(ErrorCode::kLimitExceeded, "the sound lasts ", mono.duration_s(),
                                 " s; what it feels like is computed of up to ",
                                 kMaxPsychoacousticS, " s, so measure a part of it"));
  sheet.add("full_scale", calibration.full_scale_db_spl, "dB SPL");
  add_stationary(mono, calibration, sheet);
  add_time_varying(mono, calibration, sheet);
  add_modulation(mono, calibration, sheet);
}

}  // namespace syrinx::measure
