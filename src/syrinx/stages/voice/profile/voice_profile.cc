// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/voice/profile/voice_profile.h"

#include <algorithm>
#include <cmath>

#include "syrinx/core/dsp/resample.h"
#include "syrinx/core/flow/mono.h"
#include "syrinx/stages/voice/world/voice_analyser.h"

namespace syrinx::voice {
namespace {

constexpr std::size_t kMostHeard = 65'536;  // Frames: five minutes, then every second one.
constexpr double kLeastVoicedS = 0.5;
constexpr std::size_t kLeastFormantFrames = 30;
constexpr float kRange = 8.0f;  // Of what is speech, below its loud frames: 35 dB.
constexpr int kLeastRateHz = 16'000;
constexpr int kMostRateHz = 48'000;

// c0 is the mean logarithm times sqrt(40).
float level_of(const Cepstrum& cepstrum) {
  return cepstrum[0] / std::sqrt(static_cast<float>(kMelBands));
}

// The middle of the logarithms of F0, without the tenth at either end: octave errors live there.
void learn_pitch(std::vector<double> logs, VoiceProfile& profile) {
  std::sort(logs.begin(), logs.end());
  const std::size_t cut = logs.size() / 20;
  double sum = 0.0;
  double squares = 0.0;
  for (std::size_t i = cut; i < logs.size() - cut; ++i) {
    sum += logs[i];
    squares += logs[i] * logs[i];
  }
  const auto count = static_cast<double>(logs.size() - 2 * cut);
  profile.log_f0_mean = sum / count;
  const double variance = squares / count - profile.log_f0_mean * profile.log_f0_mean;
  profile.log_f0_deviation = std::sqrt(std::max(variance, 1e-6));
}

// The mean logarithm without the tenth at either end, where poles were taken for formants.
double learn_formant(std::vector<double> logs) {
  if (logs.size() < kLeastFormantFrames) return 0.0;
  std::sort(logs.begin(), logs.end());
  const std::size_t cut = logs.size() / 10;
  double sum = 0.0;
  for (std::size_t i = cut; i < logs.size() - cut; ++i) sum += logs[i];
  return std::exp(sum / static_cast<double>(logs.size() - 2 * cut));
}

}  // namespace

double VoiceProfile::f0_hz() const noexcept { return std::exp(log_f0_mean); }

double VoiceProfile::tilt_db_per_octave() const noexcept {
  const MelLogs logs = logs_of(voiced.mean);
  double n = 0.0, x = 0.0, y = 0.0, xx = 0.0, xy = 0.0;
  for (std::size_t b = 0; b < kMelBands; ++b) {
    const double hz = mel_band_hz(b);
    if (hz < 250.0 || hz > 7'000.0) continue;
    const double octave = std::log2(hz);
    const double db = 10.0 / std::log(10.0) * static_cast<double>(logs[b]);
    n += 1.0;
    x += octave;
    y += db;
    xx += octave * octave;
    xy += octave * db;
  }
  return (n * xy - x * y) / (n * xx - x * x);
}

ProfileLearner::ProfileLearner() { heard_.reserve(kMostHeard); }

void ProfileLearner::keep(const Heard& frame) {
  if (++skipped_ < stride_) return;
  skipped_ = 0;
  if (heard_.size() == kMostHeard) {
    for (std::size_t i = 0; 2 * i < heard_.size(); ++i) heard_[i] = heard_[2 * i];
    heard_.resize(kMostHeard / 2);
    stride_ *= 2;
  }
  heard_.push_back(frame);
}

Result<void> ProfileLearner::add(AudioView speech) {
  if (speech.empty())
    return make_error(ErrorCode::kInvalidArgument,
                      "a voice cannot be learnt from a sound without samples");
  const std::vector<double> mean = mean_of_channels(speech);
  AudioBuffer mono(1, mean.size(), speech.sample_rate_hz());
  for (std::size_t i = 0; i < mean.size(); ++i) mono.channel(0)[i] = static_cast<float>(mean[i]);
  const int rate_hz = std::clamp(speech.sample_rate_hz(), kLeastRateHz, kMostRateHz);
  if (rate_hz != speech.sample_rate_hz()) {
    SYRINX_ASSIGN(mono, dsp::resample(mono, rate_hz));
  }
  SYRINX_ASSIGN(auto analyser, VoiceAnalyser::create(rate_hz));
  const MelCepstra cepstra(analyser.shape());
  const FormantFinder finder(analyser.shape());
  frame_s_ = static_cast<double>(analyser.shape().hop_samples) / rate_hz;
  const auto hear = [&](const VoiceFrame& frame) {
    Heard heard{frame.f0_hz, cepstrum_of(cepstra.logs_of(frame.power)), {}};
    if (frame.f0_hz > 0.0f) heard.formants_hz = finder.find(frame.power);
    keep(heard);
  };
  analyser.process(mono.channel(0), hear);
  analyser.finish(hear);
  return {};
}

Result<VoiceProfile> ProfileLearner::finish(std::string name) const {
  std::vector<float> levels;
  for (const Heard& frame : heard_)
    if (frame.f0_hz > 0.0f) levels.push_back(level_of(frame.cepstrum));
  std::sort(levels.begin(), levels.end());
  const float loud = levels.empty() ? 0.0f : levels[levels.size() * 9 / 10];
  VoiceProfile profile;
  profile.name = std::move(name);
  std::vector<Cepstrum> voiced;
  std::vector<Cepstrum> unvoiced;
  std::vector<double> pitch_logs;
  std::array<std::vector<double>, kFormants> formant_logs;
  for (const Heard& frame : heard_) {
    if (level_of(frame.cepstrum) < loud - kRange) continue;  // A pause.
    (frame.f0_hz > 0.0f ? voiced : unvoiced).push_back(frame.cepstrum);
    if (frame.f0_hz <= 0.0f) continue;
    pitch_logs.push_back(std::log(static_cast<double>(frame.f0_hz)));
    for (std::size_t i = 0; i < kFormants && frame.formants_hz[i] > 0.0; ++i)
      formant_logs[i].push_back(std::log(frame.formants_hz[i]));
  }
  profile.speech_s = static_cast<double>(voiced.size() * stride_) * frame_s_;
  if (profile.speech_s < kLeastVoicedS)
    return make_error(ErrorCode::kInvalidArgument, "the voice '", profile.name, "' has ",
                      profile.speech_s, " s of voiced speech to learn from; give at least ",
                      kLeastVoicedS, " s, and better ten");
  learn_pitch(std::move(pitch_logs), profile);
  for (std::size_t i = 0; i < kFormants; ++i)
    profile.formants_hz[i] = learn_formant(std::move(formant_logs[i]));
  profile.voiced = statistics_of(voiced);
  profile.unvoiced = unvoiced.size() < 20 ? profile.voiced : statistics_of(unvoiced);
  const std::size_t step = (voiced.size() + kMaxExemplars - 1) / kMaxExemplars;
  for (std::size_t i = 0; i < voiced.size(); i += step) profile.exemplars.push_back(voiced[i]);
  return profile;
}

Result<VoiceProfile> learn_profile(AudioView speech, std::string name) {
  ProfileLearner learner;
  SYRINX_TRY(learner.add(speech));
  return learner.finish(std::move(name));
}

Result<VoiceProfile> morph_profiles(std::span<const VoiceProfile> profiles,
                                    std::span<const double> weights) {
  double sum = 0.0;
  for (const double weight : weights) {
    if (!(weight >= 0.0) || !std::isfinite(weight))
      return make_error(ErrorCode::kInvalidArgument, "a voice's weight is ", weight,
                        " but must be a number of at least 0");
    sum += weight;
  }
  if (profiles.empty() || profiles.size() != weights.size() || sum <= 0.0)
    return make_error(ErrorCode::kInvalidArgument, "a voice between ", profiles.size(),
                      " voices needs as many weights, not all 0; ", weights.size(),
                      " were given with the sum ", sum);
  VoiceProfile between;
  const bool formants_known =
      std::all_of(profiles.begin(), profiles.end(),
                  [](const VoiceProfile& profile) { return profile.formants_hz[0] > 0.0; });
  if (formants_known) between.formants_hz.fill(1.0);
  for (std::size_t i = 0; i < profiles.size(); ++i) {
    const VoiceProfile& profile = profiles[i];
    const double share = weights[i] / sum;
    between.name += (i == 0 ? "" : "+") + profile.name;
    between.speech_s += share * profile.speech_s;
    between.log_f0_mean += share * profile.log_f0_mean;
    between.log_f0_deviation += share * profile.log_f0_deviation;
    const auto blend = [&](const Cepstrum& from, Cepstrum& into) {
      for (std::size_t d = 0; d < kCepstra; ++d) into[d] += static_cast<float>(share) * from[d];
    };
    for (std::size_t d = 0; d < kFormants && formants_known; ++d)
      between.formants_hz[d] *= std::pow(profile.formants_hz[d], share);
    blend(profile.voiced.mean, between.voiced.mean);
    blend(profile.voiced.deviation, between.voiced.deviation);
    blend(profile.unvoiced.mean, between.unvoiced.mean);
    blend(profile.unvoiced.deviation, between.unvoiced.deviation);
  }
  return between;
}

}  // namespace syrinx::voice
