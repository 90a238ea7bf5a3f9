// SPDX-License-Identifier: Apache-2.0
#include <limits>

#include "syrinx/core/dsp/pitch/f0_distance.h"
#include "syrinx/core/dsp/pitch/pyin.h"
#include "syrinx/core/dsp/resample.h"
#include "syrinx/stages/measure/reference/alignment.h"
#include "syrinx/stages/measure/reference/pesq.h"
#include "syrinx/stages/measure/reference/signal_ratio.h"
#include "syrinx/stages/measure/reference/spectral_distance.h"
#include "syrinx/stages/measure/reference/stoi.h"
#include "syrinx/stages/measure/reference/visqol.h"
#include "syrinx/stages/measure/report/group_sheet.h"
#include "syrinx/stages/measure/report/groups.h"

namespace syrinx::measure {
namespace {

constexpr int kSpeechRateHz = 16'000;  // What PESQ and ViSQOL's speech mode work at.

void add_distances(AudioView reference, AudioView degraded, GroupSheet& sheet) {
  sheet.add("snr", snr_db(reference, degraded), "dB");
  sheet.add("si_sdr", si_sdr_db(reference, degraded), "dB");
  sheet.add("segmental_snr", segmental_snr_db(reference, degraded), "dB");
  sheet.add("log_spectral_distance", log_spectral_distance_db(reference, degraded), "dB");
  sheet.add("mel_cepstral_distortion", mel_cepstral_distortion_db(reference, degraded), "dB");
  sheet.add("stoi", stoi(reference, degraded), "");
  sheet.add("extended_stoi", extended_stoi(reference, degraded), "");
}

template <class Score>
Result<double> mos_of(const Result<Score>& score) {
  if (!score) return score.error();
  return score->mos_lqo;
}

// The perceptual scores look for the delay themselves, at their own rate.
void add_opinions(AudioView reference, AudioView degraded, GroupSheet& sheet) {
  const auto clean = dsp::resample(reference, kSpeechRateHz);
  const auto other = dsp::resample(degraded, kSpeechRateHz);
  if (!clean || !other) return sheet.miss("pesq", (clean ? other : clean).error());
  sheet.add("pesq_wide_band", mos_of(pesq(*clean, *other, PesqBand::kWide)), "MOS-LQO");
  sheet.add("pesq_narrow_band", mos_of(pesq(*clean, *other, PesqBand::kNarrow)), "MOS-LQO");
  sheet.add("visqol_speech", mos_of(visqol_speech(*clean, *other)), "MOS-LQO");
}

// The pitch of the pair's common parts, whose frames lie at the same places in both.
Result<dsp::F0Distance> f0_distance(AudioView reference, AudioView degraded) {
  const auto options = report_f0_options(reference.sample_rate_hz());
  SYRINX_ASSIGN(const auto clean, dsp::pyin_f0(reference, options));
  SYRINX_ASSIGN(const auto other, dsp::pyin_f0(degraded, options));
  return dsp::compare_f0(clean, other);
}

void add_f0(AudioView reference, AudioView degraded, GroupSheet& sheet) {
  const auto found = f0_distance(reference, degraded);
  if (!found) return sheet.miss("f0_distance", found.error());
  constexpr const char* kUnvoiced = "no frame is voiced in both";
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  sheet.add("f0_rmse", found->rmse_hz.value_or(kNone), "Hz", kUnvoiced);
  sheet.add("f0_rmse_cents", found->rmse_cents.value_or(kNone), "cents", kUnvoiced);
  sheet.add("f0_gross_error", found->gross_error.value_or(kNone), "", kUnvoiced);
  sheet.add("f0_correlation", found->correlation.value_or(kNone), "",
            "no pitch moves while both are voiced");
  sheet.add("voicing_error", found->voicing_error.value_or(kNone), "", "there are no frames");
}

}  // namespace

void report_reference(AudioView mono, AudioView reference, SoundReport& report) {
  GroupSheet sheet(report, "reference");
  const auto pair = align(reference, mono);
  if (!pair) return sheet.miss("reference", pair.error());
  report.alignment = pair->alignment;
  const auto delay = static_cast<double>(pair->alignment.delay_samples);
  sheet.add("delay", delay * 1000.0 / mono.sample_rate_hz(), "ms");
  sheet.add("correlation", pair->alignment.correlation, "");
  add_distances(pair->reference, pair->degraded, sheet);
  add_opinions(pair->reference, pair->degraded, sheet);
  add_f0(pair->reference, pair->degraded, sheet);
}

}  // namespace syrinx::measure
