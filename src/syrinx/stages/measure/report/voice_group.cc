// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "syrinx/stages/measure/pitch/formants.h"
#include "syrinx/stages/measure/pitch/voice_quality.h"
#include "syrinx/stages/measure/report/group_sheet.h"
#include "syrinx/stages/measure/report/groups.h"

namespace syrinx::measure {
namespace {

// Whether the F0 track calls each frame of the formants' voiced.
std::vector<bool> voiced_frames(const FormantTrack& formants, const dsp::F0Track& f0) {
  std::vector<bool> voiced(formants.frames.size(), false);
  for (std::size_t i = 0; i < voiced.size() && f0.hop_s > 0.0; ++i) {
    const double at = std::round((formants.time_s(i) - f0.first_s) / f0.hop_s);
    if (at >= 0.0 && at < static_cast<double>(f0.frames()))
      voiced[i] = f0.hz[static_cast<std::size_t>(at)] > 0.0;
  }
  return voiced;
}

void add_formants(AudioView mono, const dsp::F0Track& f0, GroupSheet& sheet) {
  FormantOptions options;
  options.ceiling_hz = std::min(options.ceiling_hz, mono.sample_rate_hz() / 2.0);
  const auto track = track_formants(mono, options);
  if (!track) return sheet.miss("formants", track.error());
  const auto voiced = voiced_frames(*track, f0);
  for (std::size_t i = 0; i < 4; ++i) {
    sheet.add("formant_" + std::to_string(i + 1), track->median_hz(i, voiced), "Hz",
              "no voiced frame has it");
  }
}

void add_quality(AudioView mono, GroupSheet& sheet) {
  const auto found = measure_voice_quality(mono, report_f0_options(mono.sample_rate_hz()));
  if (!found) return sheet.miss("voice_quality", found.error());
  constexpr const char* kIrregular = "there are no regular periods in a row";
  sheet.add("jitter", 100.0 * found->jitter_local, "%", kIrregular);
  sheet.add("shimmer", 100.0 * found->shimmer_local, "%", kIrregular);
  sheet.add("hnr", found->hnr_db, "dB", "no frame is voiced");
}

}  // namespace

void report_voice(AudioView mono, SoundReport& report) {
  GroupSheet sheet(report, "voice");
  add_formants(mono, report.f0, sheet);
  add_quality(mono, sheet);
}

}  // namespace syrinx::measure
