// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <vector>

#include "syrinx/stages/measure/level/active_speech_level.h"
#include "syrinx/stages/measure/level/snr_estimate.h"
#include "syrinx/stages/measure/report/group_sheet.h"
#include "syrinx/stages/measure/report/groups.h"

namespace syrinx::measure {
namespace {

// Pre: a share from 0 to 1; not empty and sorted.
double quantile(const std::vector<double>& sorted, double share) {
  return sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1) + 0.5)];
}

// The pitch that half, a twentieth and all but a twentieth of the voiced frames stay below.
void add_f0(const dsp::F0Track& track, GroupSheet& sheet) {
  std::vector<double> voiced;
  std::copy_if(track.hz.begin(), track.hz.end(), std::back_inserter(voiced),
               [](double hz) { return hz > 0; });
  const auto frames = static_cast<double>(std::max<std::size_t>(track.frames(), 1));
  sheet.add("voiced_share", static_cast<double>(voiced.size()) / frames, "");
  if (voiced.empty())
    return sheet.miss("f0", make_error(ErrorCode::kInvalidArgument, "no frame is voiced"));
  std::sort(voiced.begin(), voiced.end());
  sheet.add("f0_median", quantile(voiced, 0.5), "Hz");
  sheet.add("f0_low", quantile(voiced, 0.05), "Hz");
  sheet.add("f0_high", quantile(voiced, 0.95), "Hz");
}

}  // namespace

void report_speech(AudioView mono, SoundReport& report) {
  GroupSheet sheet(report, "speech");
  if (const auto active = measure_active_speech_level(mono)) {
    sheet.add("active_level", active->active_dbfs, "dBFS", "nothing in it is active");
    sheet.add("activity", active->activity, "");
  } else {
    sheet.miss("active_level", active.error());
  }
  if (const auto snr = estimate_snr(mono)) {
    sheet.add("snr_pauses", snr->pauses_db, "dB", "there is no pause, or no noise in it");
    sheet.add("snr_wada", snr->wada_db, "dB");
  } else {
    sheet.miss("snr", snr.error());
  }
  if (report.f0.frames() > 0) add_f0(report.f0, sheet);
}

}  // namespace syrinx::measure
