// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/vocoder/calibration_speech.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>

#include "syrinx/core/dsp/mel_analysis.h"
#include "syrinx/core/dsp/resample.h"

namespace syrinx::vocoder {
namespace {

constexpr double kDuration_s = 3;
constexpr std::size_t kSegments = 24;  // Vowel, vowel, hiss, burst, and again.
constexpr double kLongest_s = 6;       // Of a recording.
constexpr double kShortest_s = 0.5;

struct Resonance {
  double centre_hz;
  double bandwidth_hz;
};

// The first three resonances of six vowels, from "ee" to "oh".
constexpr std::array<std::array<double, 3>, 6> kVowels_hz{{{300, 2300, 3000},
                                                           {700, 1200, 2600},
                                                           {300, 870, 2240},
                                                           {500, 1900, 2500},
                                                           {650, 1700, 2400},
                                                           {450, 1000, 2500}}};

std::array<Resonance, 4> vowel(std::size_t segment) {
  const auto& f = kVowels_hz[segment % kVowels_hz.size()];
  return {{{f[0], 80}, {f[1], 110}, {f[2], 160}, {3600, 250}}};
}

// Two poles, as loud at 0 Hz as without.
class Resonator {
 public:
  double run(double x, Resonance at, double rate_hz) {
    const double radius = std::exp(-std::numbers::pi * at.bandwidth_hz / rate_hz);
    const double a = 2 * radius * std::cos(2 * std::numbers::pi * at.centre_hz / rate_hz);
    const double b = -radius * radius;
    const double y = (1 - a - b) * x + a * before_ + b * earlier_;
    earlier_ = before_;
    before_ = y;
    return y;
  }

 private:
  double before_ = 0;
  double earlier_ = 0;
};

// What excites the resonances: pulses, hiss or a burst.
class Source {
 public:
  explicit Source(double rate_hz) : rate_hz_(rate_hz) {}
  double next(std::size_t segment, double time_s, double segment_s) {
    const double pitch_hz = 180 + 80 * std::sin(2 * std::numbers::pi * 1.3 * time_s);
    phase_ += pitch_hz / rate_hz_;
    const double pulse = phase_ >= 1 ? 1.0 : 0.0;
    phase_ -= pulse;
    const double hiss = noise();
    if (segment % 4 < 2) return pulse;
    if (segment % 4 == 2) return 0.15 * hiss;
    return segment_s < 0.014 ? 0.3 * hiss : 0.0;
  }

 private:
  // Even numbers of variance 1 (Numerical Recipes' linear congruential generator).
  double noise() {
    state_ = state_ * 1'664'525 + 1'013'904'223;
    return (static_cast<double>(state_) / 4'294'967'296.0 - 0.5) * std::sqrt(12.0);
  }
  double rate_hz_;
  double phase_ = 0;
  std::uint32_t state_ = 1;
};

// Its highest sample to 1, unless all are zero.
void bring_to_full_scale(AudioBuffer& audio) {
  float peak = 0;
  for (const float v : audio.channel(0)) peak = std::max(peak, std::abs(v));
  for (float& v : audio.channel(0)) v /= peak > 0 ? peak : 1.0F;
}

}  // namespace

AudioBuffer calibration_speech(int sample_rate_hz) {
  const double rate_hz = sample_rate_hz;
  const auto samples = static_cast<std::size_t>(kDuration_s * rate_hz);
  const std::size_t segment_samples = samples / kSegments;
  AudioBuffer audio(1, samples, sample_rate_hz);
  const auto out = audio.channel(0);
  Source source(rate_hz);
  std::array<Resonator, 4> resonators;
  double tilted = 0;  // Pulses of a voice fall off with frequency.
  for (std::size_t i = 0; i < samples; ++i) {
    const std::size_t segment = i / segment_samples;
    double y = source.next(segment, static_cast<double>(i) / rate_hz,
                           static_cast<double>(i % segment_samples) / rate_hz);
    const bool hiss = segment % 4 == 2;
    const std::array<Resonance, 4> hissing{
        {{2500 + 800.0 * static_cast<double>(segment % 3), 600}, {5500, 1500}}};
    const auto& shape = hiss ? hissing : vowel(segment);
    for (std::size_t r = 0; r < (hiss ? 2U : 4U); ++r) y = resonators[r].run(y, shape[r], rate_hz);
    tilted += (y - tilted) * 0.07;
    out[i] = static_cast<float>(tilted);
  }
  bring_to_full_scale(audio);
  return audio;
}

Result<Mel> calibration_mel(const MelSpec& spec, const AudioBuffer* speech) {
  if (speech == nullptr) return dsp::analyse_mel(calibration_speech(spec.sample_rate_hz), spec);
  if (speech->duration_s() < kShortest_s)
    return make_error(ErrorCode::kInvalidArgument, "speech of ", speech->duration_s(),
                      " s is too short to calibrate on: give ", kShortest_s, " s or more");
  const auto frames =
      std::min(speech->frames(), static_cast<std::size_t>(kLongest_s * speech->sample_rate_hz()));
  const AudioView mono(speech->channel(0).first(frames), speech->sample_rate_hz());
  SYRINX_ASSIGN(AudioBuffer audio, dsp::resample(mono, spec.sample_rate_hz));
  const auto silent = [](float v) { return v == 0.0F; };
  if (std::all_of(audio.channel(0).begin(), audio.channel(0).end(), silent))
    return make_error(ErrorCode::kInvalidArgument, "silence is no speech to calibrate on");
  bring_to_full_scale(audio);
  return dsp::analyse_mel(audio, spec);
}

}  // namespace syrinx::vocoder
