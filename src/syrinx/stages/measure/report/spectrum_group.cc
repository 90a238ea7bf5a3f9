// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "syrinx/stages/measure/level/distortion.h"
#include "syrinx/stages/measure/report/group_sheet.h"
#include "syrinx/stages/measure/report/groups.h"
#include "syrinx/stages/measure/report/harmonic_structure.h"
#include "syrinx/stages/measure/spectrum/spectral_features.h"

namespace syrinx::measure {
namespace {

void add_shape(AudioView audio, GroupSheet& sheet) {
  const auto found = spectral_features(audio);
  if (!found) return sheet.miss("spectrum", found.error());
  if (!(found->mean.power > 0.0))
    return sheet.miss("spectrum", make_error(ErrorCode::kInvalidArgument, GroupSheet::kSilent));
  sheet.add("centroid", found->mean.centroid_hz, "Hz");
  sheet.add("rolloff", found->mean.rolloff_hz, "Hz");
  sheet.add("flatness", found->mean.flatness, "");
  sheet.add("flux", found->mean.flux, "");
  sheet.add("tilt", found->tilt_db_per_octave, "dB/octave");
  sheet.add("zero_crossings", found->mean.zero_crossings_per_s, "1/s");
}

void add_harmonics(AudioView mono, const dsp::F0Track& f0, GroupSheet& sheet) {
  const auto found = harmonic_structure(mono, f0);
  if (!found) return sheet.miss("harmonics", found.error());
  constexpr const char* kEmpty = "the steady stretches have no harmonics in this band";
  sheet.add("harmonics_low", found->low_db, "dB", kEmpty);
  sheet.add("harmonics_mid", found->mid_db, "dB", kEmpty);
  sheet.add("harmonics_high", found->high_db, "dB", kEmpty);
}

double power_of(double db) { return std::pow(10.0, db / 10.0); }

// A tone holds at least half of the power, and with its harmonics nine tenths: a square wave is
// one, a vowel is none.
bool is_tone(const Distortion& found) {
  const double tone = 1.0 - power_of(found.thd_n_db);
  return tone >= 0.5 && tone * (1.0 + power_of(found.thd_db)) >= 0.9;
}

void add_distortion(AudioView mono, GroupSheet& sheet) {
  const auto found = measure_distortion(mono);
  if (!found) return sheet.miss("distortion", found.error());
  if (!is_tone(*found))
    return sheet.miss("distortion",
                      make_error(ErrorCode::kInvalidArgument,
                                 "the sound is no steady tone, which distortion is measured of"));
  sheet.add("tone", found->tone_hz, "Hz");
  sheet.add("thd", found->thd_db, "dB", "the tone has no harmonics below half the rate");
  sheet.add("thd_n", found->thd_n_db, "dB");
}

}  // namespace

void report_spectrum(AudioView audio, SoundReport& report) {
  GroupSheet sheet(report, "spectrum");
  const AudioView mono(audio.channel(0), audio.sample_rate_hz());
  add_shape(audio, sheet);
  add_harmonics(mono, report.f0, sheet);
  add_distortion(mono, sheet);
}

}  // namespace syrinx::measure
