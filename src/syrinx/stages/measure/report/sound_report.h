// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/dsp/pitch/f0_track.h"
#include "syrinx/core/flow/audio.h"
#include "syrinx/stages/measure/artifacts/artifacts.h"
#include "syrinx/stages/measure/level/loudness_curve.h"
#include "syrinx/stages/measure/neural/aecmos.h"
#include "syrinx/stages/measure/psychoacoustics/zwicker_loudness.h"
#include "syrinx/stages/measure/quality/quality_targets.h"
#include "syrinx/stages/measure/reference/alignment.h"

// Everything that can be measured of one sound, as rows that a table, a page or JSON shows.
namespace syrinx::measure {

// One figure and its place. A value that is not finite does not exist for this sound (the level of
// silence); `missing` of the report says why.
struct Figure {
  std::string group;
  std::string name;
  double value = 0.0;
  std::string unit;  // Empty for a share, a count or an index.
};

// What could not be measured, a figure or a whole measure, and why, in a sentence.
struct MissingFigure {
  std::string name;
  std::string reason;
};

// The groups and the names in them, in this order. [what is measured over; else all channels]
//   level       peak rms crest dc_offset noise_floor dynamic_range silence_share clipped_samples
//   loudness    true_peak integrated max_momentary max_short_term range
//   speech      active_level activity snr_pauses snr_wada voiced_share f0_median f0_low f0_high
//               [first channel]
//   spectrum    centroid rolloff flatness flux tilt zero_crossings harmonics_low harmonics_mid
//               harmonics_high (to 1, 3 and 6 kHz) tone thd thd_n  [from the harmonics on: first]
//   voice       formant_1 ... formant_4 jitter shimmer hnr  [first channel]
//   psychoacoustics  full_scale stationary_loudness loudness_level loudness_max loudness_n5
//               loudness_n10 sharpness roughness fluctuation_strength  [first channel]
//   opinion     dnsmos_signal dnsmos_background dnsmos_overall dnsmos_p808 plcmos aecmos_echo
//               aecmos_degradation  [first channel]
//   artifacts   found
//   reference   delay correlation snr si_sdr segmental_snr log_spectral_distance
//               mel_cepstral_distortion stoi extended_stoi pesq_wide_band pesq_narrow_band
//               visqol_speech f0_rmse f0_rmse_cents f0_gross_error f0_correlation voicing_error
//               [first channels]
// A measure that cannot be taken as a whole is missing by its own name, as "dnsmos" or "formants".
struct SoundReport {
  int sample_rate_hz = 0;
  std::size_t channels = 0;
  std::size_t frames = 0;
  std::vector<Figure> figures;  // Those of one group in a row.
  std::vector<MissingFigure> missing;
  std::vector<Artifact> artifacts;
  dsp::F0Track f0;                     // Of the first channel; no frames if it was not measured.
  LoudnessCurve loudness;              // Of all channels; no values if it was not measured.
  std::optional<Alignment> alignment;  // With a reference, of the first channels.
  // What QualityTargets takes, as far as the groups go: the overall DNSMOS, the share of time that
  // artifacts cover, and the mean of STOI and the correlation of F0 (STOI alone where no pitch
  // moves). Similarity to a target needs a speaker's embedding and is never there.
  QualityMeasurement quality;
};

// Which groups are wanted. The reference group is there when a reference is.
struct ReportGroups {
  bool level = true;
  bool loudness = true;
  bool speech = true;
  bool spectrum = true;
  bool voice = true;
  bool psychoacoustics = true;
  bool opinion = true;
  bool artifacts = true;
};

// The groups of a list like "level,loudness"; "all" is every one. Errors: kInvalidArgument for a
// name that there is not, or none.
Result<ReportGroups> report_groups(std::string_view comma_separated);

// The longest sound whose psychoacoustics are computed: they keep about 1 MB per second.
inline constexpr double kMaxPsychoacousticS = 600.0;

// Of an echo canceller whose output the sound is: what the loudspeaker played and what the
// microphone heard, mono each.
struct EchoScene {
  AudioView loudspeaker;
  AudioView microphone;
  TalkScenario scenario = TalkScenario::kDoubleTalk;
};

// How F0 is found.
enum class F0Method {
  kPyin,   // dsp::pyin_f0.
  kSwift,  // measure::SwiftF0, where its model is: find_model("swift_f0/model.onnx").
};
// "pyin", "swift". Error: kInvalidArgument, naming both.
Result<F0Method> parse_f0_method(std::string_view name);
// F0 of a sound of one channel by a method, from 60 to 500 Hz. Errors: those of the method, and of
// find_model().
Result<dsp::F0Track> find_f0(AudioView mono, F0Method method);

struct SoundReportOptions {
  ReportGroups groups;
  F0Method f0 = F0Method::kPyin;  // Of the sound; beside a reference both are pYIN's.
  Calibration calibration;        // What psychoacoustics takes digital full scale for.
  std::optional<EchoScene> echo;  // For the scores of echo in the group opinion.
};

// Measures a sound of up to limits::kMaxChannels channels. What this sound, this machine (a model
// that is not there) or its values (a sample that is not finite) leave unmeasurable is in
// `missing`; it is no error. Errors: kInvalidArgument for no frames, too many channels or a rate
// outside limits.h. Any thread; several at once.
Result<SoundReport> report_sound(AudioView audio, const SoundReportOptions& options = {});

// The same, and the first channel beside that of a clean reference: converted to the sound's rate
// where it differs, then aligned. Errors: as above, for either of the two.
Result<SoundReport> report_sound(AudioView audio, AudioView reference,
                                 const SoundReportOptions& options = {});

}  // namespace syrinx::measure
