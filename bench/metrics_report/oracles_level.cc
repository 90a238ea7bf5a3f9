// SPDX-License-Identifier: Apache-2.0
#include "metrics_report/oracles_level.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <random>
#include <string>
#include <utility>

#include "syrinx/core/dsp/pitch/autocorrelation_f0.h"
#include "syrinx/core/dsp/pitch/f0_distance.h"
#include "syrinx/core/dsp/pitch/pyin.h"
#include "syrinx/core/dsp/pitch/streaming_f0.h"
#include "syrinx/core/io/audio_file.h"
#include "syrinx/stages/measure/level/active_speech_level.h"
#include "syrinx/stages/measure/level/distortion.h"
#include "syrinx/stages/measure/level/levels.h"
#include "syrinx/stages/measure/level/loudness_curve.h"
#include "syrinx/stages/measure/level/snr_estimate.h"
#include "syrinx/stages/measure/level/test_signals.h"
#include "syrinx/stages/measure/loudness.h"
#include "syrinx/stages/measure/pitch/formants.h"
#include "syrinx/stages/measure/pitch/praat_tracks.h"
#include "syrinx/stages/measure/pitch/voice_quality.h"
#include "syrinx/stages/measure/spectrum/spectral_features.h"

namespace syrinx::measure {
namespace {

using Rows = std::vector<OracleRow>;
using Parts = std::vector<std::pair<double, double>>;

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
const double kSilence = -std::numeric_limits<double>::infinity();

template <class Value, class Part>
double part_of(const Result<Value>& result, Part part) {
  return result ? static_cast<double>(part(*result)) : kNone;
}

double integrated(const Parts& parts) {
  return part_of(measure_loudness(sines(parts)), [](auto& v) { return v.integrated_lufs; });
}

void add_loudness(Rows& rows) {
  const auto add = [&rows](const char* input, const Parts& parts) {
    rows.push_back(
        {"integrated loudness", input, -23, integrated(parts), 0.1, "LUFS", "EBU Tech 3341"});
  };
  add("test 1", {{20, -23}});
  add("test 3", {{10, -36}, {60, -23}, {10, -36}});
  add("test 4", {{10, -72}, {10, -36}, {60, -23}, {10, -36}, {10, -72}});
  add("test 5", {{20, -26}, {20.1, -20}, {20, -26}});
  rows.push_back({"integrated loudness", "test 2", -33, integrated({{20, -33}}), 0.1, "LUFS",
                  "EBU Tech 3341"});
  const auto slow = measure_loudness_curve(sines({{1.05, kSilence}, {3, -23}, {1, kSilence}}), 10);
  rows.push_back({"largest short-term loudness", "test 10, 8th", -23,
                  part_of(slow, [](auto& v) { return v.max_short_term_lufs; }), 0.1, "LUFS",
                  "EBU Tech 3341"});
  const auto fast =
      measure_loudness_curve(sines({{0.14, kSilence}, {0.4, -23}, {1, kSilence}}), 10);
  rows.push_back({"largest momentary loudness", "test 13, 8th", -23,
                  part_of(fast, [](auto& v) { return v.max_momentary_lufs; }), 0.1, "LUFS",
                  "EBU Tech 3341"});
}

void add_range(Rows& rows) {
  const auto add = [&rows](const char* input, double expected_lu, const Parts& parts) {
    const auto range = measure_loudness_range(sines(parts));
    rows.push_back({"loudness range", input, expected_lu,
                    part_of(range, [](auto& v) { return v.range_lu; }), 1, "LU", "EBU Tech 3342"});
  };
  add("test 1", 10, {{20, -20}, {20, -30}});
  add("test 2", 5, {{20, -20}, {20, -15}});
  add("test 3", 20, {{20, -40}, {20, -20}});
  add("test 4", 15, {{20, -50}, {20, -35}, {20, -20}, {20, -35}, {20, -50}});
}

// A tone with its second to fourth harmonic 40, 60 and 80 dB below it.
AudioBuffer distorted_tone() {
  AudioBuffer audio(1, 96'000, 48'000);
  for (std::size_t i = 0; i < audio.frames(); ++i) {
    const double phase = 2 * std::numbers::pi * 997.3 * static_cast<double>(i) / 48'000;
    audio.channel(0)[i] =
        static_cast<float>(0.5 * (std::sin(phase) + 1e-2 * std::sin(2 * phase + 1) +
                                  1e-3 * std::sin(3 * phase + 2) + 1e-4 * std::sin(4 * phase)));
  }
  return audio;
}

void add_levels(Rows& rows) {
  const auto levels = measure_levels(sine(1, -6));
  const auto add = [&](const char* name, double expected, double ours) {
    rows.push_back({name, "1 kHz sine at -6 dBFS", expected, ours, 0.01, "dB", "formula"});
  };
  const double rms_db = -10 * std::log10(2.0);
  add("peak", -6, part_of(levels, [](auto& v) { return v.peak_dbfs; }));
  add("RMS", -6 + rms_db, part_of(levels, [](auto& v) { return v.rms_dbfs; }));
  add("crest", -rms_db, part_of(levels, [](auto& v) { return v.crest_db; }));
  add("active speech level", -6 + rms_db,
      part_of(measure_active_speech_level(sine(10, -6)), [](auto& v) { return v.active_dbfs; }));
  rows.back().tolerance = 0.05;  // The envelope's rise is not yet active.
  const auto distortion = measure_distortion(distorted_tone());
  const double power = 1e-4 + 1e-6 + 1e-8;
  rows.push_back({"THD", "harmonics at -40, -60, -80 dB", 10 * std::log10(power),
                  part_of(distortion, [](auto& v) { return v.thd_db; }), 0.01, "dB", "formula"});
  rows.push_back({"THD+N", "harmonics at -40, -60, -80 dB", 10 * std::log10(power / (1 + power)),
                  part_of(distortion, [](auto& v) { return v.thd_n_db; }), 0.01, "dB", "AES17"});
  for (const auto& [db, value] : Parts{{-10, 0.41231718}, {0, 0.46221153}, {20, 0.95655449}}) {
    rows.push_back({"WADA-SNR statistic", std::to_string(static_cast<int>(db)) + " dB", value,
                    wada_statistic(db), 0.002, "", "Kim and Stern 2008"});
  }
}

void add_spectrum(Rows& rows) {
  AudioBuffer audio(1, 160'000, 16'000);
  std::mt19937 random(7);
  std::normal_distribution<double> noise(0.0, 0.1);
  for (float& v : audio.channel(0)) v = static_cast<float>(noise(random));
  const auto found = spectral_features(audio);
  const auto add = [&](const char* name, double expected, double tolerance, const char* unit,
                       double ours) {
    rows.push_back({name, "white noise at 16 kHz", expected, ours, tolerance, unit, "expectation"});
  };
  add("centroid", 4'000, 40, "Hz", part_of(found, [](auto& v) { return v.mean.centroid_hz; }));
  add("roll-off", 6'800, 60, "Hz", part_of(found, [](auto& v) { return v.mean.rolloff_hz; }));
  add("flatness", 0.5615, 0.01, "", part_of(found, [](auto& v) { return v.mean.flatness; }));
  add("zero crossings", 8'000, 80, "/s",
      part_of(found, [](auto& v) { return v.mean.zero_crossings_per_s; }));
  add("tilt", 0, 0.1, "dB/oct", part_of(found, [](auto& v) { return v.tilt_db_per_octave; }));
}

Result<dsp::F0Track> streamed(AudioView audio) {
  dsp::F0Options options;
  options.hop_s = 0.005;
  SYRINX_ASSIGN(auto f0, dsp::StreamingF0::create(audio.sample_rate_hz(), options));
  dsp::F0Track track;
  track.first_s = static_cast<double>(f0.latency_samples()) / audio.sample_rate_hz();
  track.hop_s = static_cast<double>(f0.hop_samples()) / audio.sample_rate_hz();
  f0.process(audio.channel(0),
             [&track](const dsp::F0Frame& frame) { track.hz.push_back(frame.hz); });
  return track;
}

void add_f0(Rows& rows, const std::string& method, const Result<dsp::F0Track>& track,
            const dsp::F0Track& praat, const char* file, double cents, double voicing) {
  dsp::F0Distance error;
  if (track) error = dsp::compare_f0(praat, *track).value_or({});
  rows.push_back({"F0 by " + method + ", median error", file, 0,
                  error.fine_median_cents.value_or(kNone), cents, "cents", "Praat (ac)"});
  rows.push_back({"F0 by " + method + ", gross errors", file, 0,
                  100 * error.gross_error.value_or(kNone), 5, "%", "Praat (ac)"});
  rows.push_back({"F0 by " + method + ", voicing errors", file, 0,
                  100 * error.voicing_error.value_or(kNone), voicing, "%", "Praat (ac)"});
}

void add_quality(Rows& rows, AudioView audio, const measure::PraatQuality& praat,
                 const char* file) {
  const auto ours = measure_voice_quality(audio);
  rows.push_back({"jitter (local)", file, 100 * praat.jitter_local,
                  part_of(ours, [](auto& v) { return 100 * v.jitter_local; }),
                  8 * praat.jitter_local, "%", "Praat"});
  rows.push_back({"shimmer (local)", file, 100 * praat.shimmer_local,
                  part_of(ours, [](auto& v) { return 100 * v.shimmer_local; }), praat.shimmer_local,
                  "%", "Praat"});
  rows.push_back({"HNR", file, praat.hnr_db, part_of(ours, [](auto& v) { return v.hnr_db; }), 0.05,
                  "dB", "Praat (cc)"});
  const auto track = track_formants(audio);
  for (std::size_t k = 0; k < 3; ++k) {
    rows.push_back({"median F" + std::to_string(k + 1), file, praat.formants_hz[k],
                    part_of(track, [k](auto& v) { return v.median_hz(k); }),
                    0.04 * praat.formants_hz[k], "Hz", "Praat (burg)"});
  }
}

void add_voices(Rows& rows, const std::filesystem::path& root) {
  for (const auto& file : measure::praat_files()) {
    const auto praat =
        measure::read_praat_track(root / "golden/f0" / (std::string(file.track) + ".tsv"));
    const auto audio = io::read_audio(root / "speech" / (std::string(file.speech) + ".flac"));
    if (praat.hz.empty() || !audio) continue;
    add_f0(rows, "pYIN", dsp::pyin_f0(*audio), praat, file.speech, 5, 13);
    add_f0(rows, "streaming", streamed(*audio), praat, file.speech, 8, 15);
    add_f0(rows, "autocorrelation", dsp::autocorrelation_f0(*audio), praat, file.speech, 0.2, 2);
    const auto quality =
        measure::read_praat_quality(root / "golden/f0/voice_quality.tsv", file.quality);
    if (quality) add_quality(rows, *audio, *quality, file.speech);
  }
}

}  // namespace

std::vector<OracleRow> level_oracles(const std::filesystem::path& data_root) {
  Rows rows;
  add_levels(rows);
  add_loudness(rows);
  add_range(rows);
  add_spectrum(rows);
  add_voices(rows, data_root);
  return rows;
}

}  // namespace syrinx::measure
