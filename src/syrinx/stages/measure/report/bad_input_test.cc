// SPDX-License-Identifier: Apache-2.0
// What every public measure of a sound does with input that is none, or barely one.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "syrinx/core/base/limits.h"
#include "syrinx/core/dsp/pitch/autocorrelation_f0.h"
#include "syrinx/core/dsp/pitch/pyin.h"
#include "syrinx/stages/measure/artifacts/artifacts.h"
#include "syrinx/stages/measure/level/active_speech_level.h"
#include "syrinx/stages/measure/level/distortion.h"
#include "syrinx/stages/measure/level/levels.h"
#include "syrinx/stages/measure/level/loudness_curve.h"
#include "syrinx/stages/measure/level/snr_estimate.h"
#include "syrinx/stages/measure/loudness.h"
#include "syrinx/stages/measure/pitch/formants.h"
#include "syrinx/stages/measure/pitch/voice_quality.h"
#include "syrinx/stages/measure/psychoacoustics/fluctuation_strength.h"
#include "syrinx/stages/measure/psychoacoustics/roughness.h"
#include "syrinx/stages/measure/psychoacoustics/sharpness.h"
#include "syrinx/stages/measure/psychoacoustics/zwicker_loudness.h"
#include "syrinx/stages/measure/reference/alignment.h"
#include "syrinx/stages/measure/reference/pesq.h"
#include "syrinx/stages/measure/reference/signal_ratio.h"
#include "syrinx/stages/measure/reference/spectral_distance.h"
#include "syrinx/stages/measure/reference/stoi.h"
#include "syrinx/stages/measure/reference/visqol.h"
#include "syrinx/stages/measure/report/sound_report.h"
#include "syrinx/stages/measure/spectrogram.h"
#include "syrinx/stages/measure/spectrum/spectral_features.h"

namespace syrinx::measure {
namespace {

constexpr int kRateHz = 16'000;

using Numbers = std::vector<double>;
using Measure = std::function<Result<Numbers>(AudioView)>;

// Takes a value apart into its numbers, or hands its error on.
template <class T, class Take>
Result<Numbers> numbers_of(const Result<T>& result, Take&& take) {
  if (!result) return result.error();
  return take(*result);
}

Result<Numbers> number_of(const Result<double>& result) {
  return numbers_of(result, [](double value) { return Numbers{value}; });
}

struct Case {
  const char* name;
  Measure measure;
  // What becomes of each of kSounds: a value for each (v), a value of which something is infinite
  // (i) or NaN (n) as its header says, or a refusal (r).
  const char* expected;
};

AudioBuffer noise(std::size_t channels, std::size_t frames) {
  AudioBuffer audio(channels, frames, kRateHz);
  std::mt19937 random(9);
  std::uniform_real_distribution<float> uniform(-0.5f, 0.5f);
  for (std::size_t c = 0; c < channels; ++c) {
    for (float& sample : audio.channel(c)) sample = uniform(random);
  }
  return audio;
}

AudioBuffer constant(float value, std::size_t frames) {
  AudioBuffer audio(1, frames, kRateHz);
  for (float& sample : audio.channel(0)) sample = value;
  return audio;
}

AudioBuffer with(float bad) {
  AudioBuffer audio = noise(1, 3 * kRateHz);
  audio.channel(0)[kRateHz] = bad;
  return audio;
}

struct Sound {
  const char* name;
  AudioBuffer audio;
};

const std::vector<Sound>& sounds() {
  static const std::vector<Sound> kSounds = [] {
    std::vector<Sound> all;
    all.push_back({"silence", constant(0.0f, 3 * kRateHz)});
    all.push_back({"a constant", constant(0.5f, 3 * kRateHz)});
    all.push_back({"one sample", constant(0.5f, 1)});
    all.push_back({"two samples", noise(1, 2)});
    all.push_back({"a NaN", with(std::nanf(""))});
    all.push_back({"an infinity", with(std::numeric_limits<float>::infinity())});
    all.push_back({"64 channels", noise(64, kRateHz / 2)});
    return all;
  }();
  return kSounds;
}

char outcome_of(const Result<Numbers>& result) {
  if (!result) return 'r';
  char outcome = 'v';
  for (const double value : *result) {
    if (std::isnan(value)) return 'n';
    if (std::isinf(value)) outcome = 'i';
  }
  return outcome;
}

const std::vector<Case>& cases() {
  static const Calibration kCalibration;
  static const std::vector<Case> kCases = {
      {"levels",
       [](AudioView a) {
         return numbers_of(measure_levels(a), [](const Levels& v) {
           return Numbers{v.peak_dbfs,        v.rms_dbfs,         v.crest_db,     v.dc_offset,
                          v.noise_floor_dbfs, v.dynamic_range_db, v.silence_share};
         });
       },
       "ivvvvvv"},
      {"clipping",
       [](AudioView a) {
         return numbers_of(find_clipping(a),
                           [](const Clipping& v) { return Numbers{v.clipped_share}; });
       },
       "vvvvvvv"},
      {"loudness",
       [](AudioView a) {
         return numbers_of(measure_loudness(a), [](const Loudness& v) {
           return Numbers{v.integrated_lufs, v.max_momentary_lufs, v.max_short_term_lufs,
                          v.sample_peak_dbfs, v.true_peak_dbtp};
         });
       },
       "iviivvi"},
      {"loudness curve",
       [](AudioView a) {
         return numbers_of(measure_loudness_curve(a),
                           [](const LoudnessCurve& v) { return v.momentary_lufs; });
       },
       "iivviii"},
      {"loudness range",
       [](AudioView a) {
         return numbers_of(measure_loudness_range(a), [](const LoudnessRange& v) {
           return Numbers{v.range_lu, v.low_lufs, v.high_lufs};
         });
       },
       "iviivvi"},
      {"active speech level",
       [](AudioView a) {
         return numbers_of(measure_active_speech_level(a), [](const ActiveSpeechLevel& v) {
           return Numbers{v.active_dbfs, v.long_term_dbfs, v.activity};
         });
       },
       "iviivvv"},
      {"SNR estimate",
       [](AudioView a) {
         return numbers_of(estimate_snr(a), [](const SnrEstimate& v) {
           return Numbers{v.pauses_db, v.wada_db};
         });
       },
       "rviivvv"},
      {"distortion",
       [](AudioView a) {
         return numbers_of(measure_distortion(a), [](const Distortion& v) {
           return Numbers{v.tone_hz, v.tone_dbfs, v.thd_n_db};
         });
       },
       "rrrrrrv"},
      {"pYIN",
       [](AudioView a) {
         return numbers_of(dsp::pyin_f0(a), [](const dsp::F0Track& v) { return v.hz; });
       },
       "vvvvvvv"},
      {"autocorrelation F0",
       [](AudioView a) {
         return numbers_of(dsp::autocorrelation_f0(a), [](const dsp::F0Track& v) { return v.hz; });
       },
       "vvvvvvv"},
      {"formants",
       [](AudioView a) {
         return numbers_of(track_formants(a), [](const FormantTrack& v) {
           Numbers all;
           for (const auto& frame : v.frames) {
             for (const Formant& formant : frame)
               all.insert(all.end(), {formant.hz, formant.bandwidth_hz});
           }
           return all;
         });
       },
       "vvvvvvv"},
      {"voice quality",
       [](AudioView a) {
         return numbers_of(measure_voice_quality(a), [](const VoiceQuality& v) {
           return Numbers{v.jitter_local, v.shimmer_local, v.hnr_db};
         });
       },
       "nnnnnnn"},
      {"spectral features",
       [](AudioView a) {
         return numbers_of(spectral_features(a), [](const SpectralFeatures& v) {
           return Numbers{v.mean.centroid_hz, v.mean.rolloff_hz, v.mean.flatness,
                          v.mean.flux,        v.mean.power,      v.tilt_db_per_octave};
         });
       },
       "vvvvvvv"},
      {"harmonic bands",
       [](AudioView a) {
         return numbers_of(
             harmonic_bands(a, 100.0, {0.0, 1'000.0}),
             [](const std::vector<HarmonicBand>& v) { return Numbers{v.front().hnr_db}; });
       },
       "nvnvvvv"},
      {"stationary loudness",
       [](AudioView a) {
         return numbers_of(stationary_loudness(a, kCalibration), [](const ZwickerLoudness& v) {
           return Numbers{v.sone, v.phon};
         });
       },
       "vvrrrrr"},
      {"time-varying loudness",
       [](AudioView a) {
         return numbers_of(time_varying_loudness(a, kCalibration),
                           [](const LoudnessOverTime& v) { return v.sone; });
       },
       "vvvvrrr"},
      {"sharpness", [](AudioView a) { return number_of(sharpness_acum(a, kCalibration)); },
       "vvrrrrr"},
      {"roughness",
       [](AudioView a) {
         return numbers_of(roughness(a, kCalibration),
                           [](const Roughness& v) { return Numbers{v.asper}; });
       },
       "vvrrrrr"},
      {"fluctuation strength",
       [](AudioView a) {
         return numbers_of(fluctuation_strength(a, kCalibration),
                           [](const FluctuationStrength& v) { return Numbers{v.vacil}; });
       },
       "vvrrrrr"},
      {"artifacts",
       [](AudioView a) {
         return numbers_of(find_artifacts(a), [](const std::vector<Artifact>& v) {
           Numbers all;
           for (const Artifact& one : v)
             all.insert(all.end(), {one.begin_s, one.end_s, one.severity});
           return all;
         });
       },
       "vvvvrrr"},
      {"alignment with itself",
       [](AudioView a) {
         return numbers_of(find_alignment(a, a),
                           [](const Alignment& v) { return Numbers{v.correlation}; });
       },
       "vvvvrrv"},
      {"SNR", [](AudioView a) { return number_of(snr_db(a, a)); }, "rvvvrrv"},
      {"SI-SDR", [](AudioView a) { return number_of(si_sdr_db(a, a)); }, "rrrvrrv"},
      {"segmental SNR", [](AudioView a) { return number_of(segmental_snr_db(a, a)); }, "rvvvrrv"},
      {"log-spectral distance",
       [](AudioView a) { return number_of(log_spectral_distance_db(a, a)); }, "vvvvrrv"},
      {"mel-cepstral distortion",
       [](AudioView a) { return number_of(mel_cepstral_distortion_db(a, a)); }, "vvvvrrv"},
      {"STOI", [](AudioView a) { return number_of(stoi(a, a)); }, "rvrrrrv"},
      {"extended STOI", [](AudioView a) { return number_of(extended_stoi(a, a)); }, "rvrrrrv"},
      {"PESQ",
       [](AudioView a) {
         return numbers_of(pesq(a, a, PesqBand::kWide),
                           [](const auto& v) { return Numbers{v.mos_lqo}; });
       },
       "rvrrrrr"},
      {"ViSQOL",
       [](AudioView a) {
         return numbers_of(visqol_speech(a, a),
                           [](const VisqolScore& v) { return Numbers{v.mos_lqo}; });
       },
       "rvrrrrr"},
  };
  return kCases;
}

TEST(BadInput, EachMeasureDoesWithOddSoundsWhatTheTableSays) {
  for (const Case& one : cases()) {
    ASSERT_EQ(std::string(one.expected).size(), sounds().size()) << one.name;
    for (std::size_t i = 0; i < sounds().size(); ++i) {
      const auto result = one.measure(sounds()[i].audio);
      EXPECT_EQ(outcome_of(result), one.expected[i]) << one.name << " of " << sounds()[i].name;
      if (result) continue;
      EXPECT_EQ(result.error().code, ErrorCode::kInvalidArgument) << one.name;
      EXPECT_GT(result.error().message.size(), 20u) << one.name;
    }
  }
}

TEST(BadInput, EachMeasureRefusesWhatIsNoSound) {
  const std::vector<float> samples(65 * 1'000, 0.1f);
  const float* data = samples.data();
  const std::vector<AudioView> none = {
      AudioView(),
      AudioView(data, 1, 0, 0, kRateHz),
      AudioView(data, 0, 1'000, 1'000, kRateHz),
      AudioView(data, 65, 1'000, 1'000, kRateHz),
      AudioView(data, 1, 1'000, 1'000, 0),
      AudioView(data, 1, 1'000, 1'000, -kRateHz),
      AudioView(data, 1, 1'000, 1'000, limits::kMinSampleRateHz - 1),
      AudioView(data, 1, 1'000, 1'000, limits::kMaxSampleRateHz + 1)};
  for (const Case& one : cases()) {
    for (std::size_t i = 0; i < none.size(); ++i) {
      const auto result = one.measure(none[i]);
      ASSERT_FALSE(result.has_value()) << one.name << ", view " << i;
      EXPECT_EQ(result.error().code, ErrorCode::kInvalidArgument) << one.name << ", view " << i;
    }
  }
}

TEST(BadInput, PairsOfDifferentRatesOrChannelsAreRefused) {
  using PairMeasure = Result<double> (*)(AudioView, AudioView);
  const std::vector<std::pair<const char*, PairMeasure>> measures = {
      {"SNR", snr_db},
      {"SI-SDR", si_sdr_db},
      {"segmental SNR", segmental_snr_db},
      {"log-spectral distance", log_spectral_distance_db},
      {"STOI", stoi},
      {"extended STOI", extended_stoi},
      {"mel-cepstral distortion",
       [](AudioView a, AudioView b) { return mel_cepstral_distortion_db(a, b); }},
      {"alignment",
       [](AudioView a, AudioView b) -> Result<double> {
         SYRINX_ASSIGN(const auto found, find_alignment(a, b));
         return found.correlation;
       }},
      {"PESQ",
       [](AudioView a, AudioView b) -> Result<double> {
         SYRINX_ASSIGN(const auto score, pesq(a, b, PesqBand::kWide));
         return score.mos_lqo;
       }},
      {"ViSQOL", [](AudioView a, AudioView b) -> Result<double> {
         SYRINX_ASSIGN(const auto score, visqol_speech(a, b));
         return score.mos_lqo;
       }}};
  const AudioBuffer one = noise(1, 2 * kRateHz);
  const AudioBuffer stereo = noise(2, 2 * kRateHz);
  const AudioView half_rate(one.channel(0), kRateHz / 2);
  for (const auto& [name, measure] : measures) {
    EXPECT_EQ(measure(one, half_rate).error().code, ErrorCode::kInvalidArgument) << name;
    EXPECT_EQ(measure(one, stereo).error().code, ErrorCode::kInvalidArgument) << name;
  }
}

bool has_reason(const SoundReport& report, const std::string& name) {
  return std::any_of(report.missing.begin(), report.missing.end(), [&](const MissingFigure& m) {
    return m.name == name && m.reason.size() > 10;
  });
}

TEST(BadInput, AReportOfAnOddSoundHasAReasonForEveryFigureThatIsMissing) {
  for (const Sound& sound : sounds()) {
    const auto report = report_sound(sound.audio, sound.audio);
    ASSERT_TRUE(report.has_value()) << sound.name << ": " << report.error().message;
    for (const Figure& figure : report->figures) {
      EXPECT_TRUE(std::isfinite(figure.value) || has_reason(*report, figure.name))
          << figure.name << " of " << sound.name;
    }
    for (const char* group : {"level", "loudness"}) {
      EXPECT_TRUE(std::any_of(report->figures.begin(), report->figures.end(),
                              [&](const Figure& f) { return f.group == group; }))
          << group << " of " << sound.name;
    }
  }
}

TEST(BadInput, AReportOfNoSoundIsRefused) {
  const std::vector<float> samples(65 * 100, 0.1f);
  const AudioView good(samples.data(), 1, 100, 100, kRateHz);
  for (const AudioView bad : {AudioView(), AudioView(samples.data(), 65, 100, 100, kRateHz),
                              AudioView(samples.data(), 1, 100, 100, 1)}) {
    EXPECT_EQ(report_sound(bad).error().code, ErrorCode::kInvalidArgument);
    EXPECT_EQ(report_sound(good, bad).error().code, ErrorCode::kInvalidArgument);
    EXPECT_EQ(report_sound(bad, good).error().code, ErrorCode::kInvalidArgument);
  }
}

}  // namespace
}  // namespace syrinx::measure
