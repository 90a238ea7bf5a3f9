// SPDX-License-Identifier: Apache-2.0
#include "conversion/vowels.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <numbers>
#include <vector>

#include "conversion/changers.h"
#include "syrinx/stages/measure/pitch/formants.h"
#include "syrinx/stages/voice/voice_settings.h"

namespace syrinx::bench {
namespace {

constexpr int kRateHz = 22'050;
constexpr double kSeconds = 1.0;
constexpr double kGlideOctaves = 0.4;  // So that harmonics pass over the formants.
constexpr std::size_t kFormants = 5;
constexpr std::size_t kJudged = 3;
using Formants = std::array<double, kFormants>;

constexpr std::array<Formants, 5> kVowels = {{{700, 1'220, 2'600, 3'500, 4'500},
                                              {300, 2'250, 3'000, 3'600, 4'600},
                                              {500, 1'500, 2'500, 3'500, 4'500},
                                              {320, 850, 2'400, 3'400, 4'400},
                                              {600, 1'900, 2'700, 3'600, 4'600}}};
constexpr Formants kBandwidths = {70, 90, 140, 200, 250};

// All harmonics below the upper edge, as strong as each other.
std::vector<double> pulses(double hz) {
  std::vector<double> sound(static_cast<std::size_t>(kSeconds * kRateHz));
  double phase = 0.0;
  for (std::size_t i = 0; i < sound.size(); ++i) {
    const double part = static_cast<double>(i) / static_cast<double>(sound.size());
    const double now_hz = hz * std::exp2(kGlideOctaves * (part - 0.5));
    phase += now_hz / kRateHz;
    for (double k = 1.0; k * now_hz < 0.48 * kRateHz; k += 1.0)
      sound[i] += std::cos(2.0 * std::numbers::pi * k * phase);
  }
  return sound;
}

void resonate(std::vector<double>& sound, double hz, double bandwidth_hz) {
  const double r = std::exp(-std::numbers::pi * bandwidth_hz / kRateHz);
  const double a1 = -2.0 * r * std::cos(2.0 * std::numbers::pi * hz / kRateHz);
  double y1 = 0.0;
  double y2 = 0.0;
  for (double& x : sound) {
    const double y = x * (1.0 + a1 + r * r) - a1 * y1 - r * r * y2;
    y2 = y1;
    y1 = y;
    x = y;
  }
}

AudioBuffer vowel(const Formants& formants, double hz) {
  std::vector<double> sound = pulses(hz);
  double slope = 0.0;  // Of the voice, 6 dB an octave.
  for (double& x : sound) x = slope = 0.97 * slope + x;
  for (std::size_t i = 0; i < kFormants; ++i) resonate(sound, formants[i], kBandwidths[i]);
  double peak = 0.0;
  for (const double x : sound) peak = std::max(peak, std::abs(x));
  AudioBuffer audio(1, sound.size(), kRateHz);
  for (std::size_t i = 0; i < sound.size(); ++i)
    audio.channel(0)[i] = static_cast<float>(0.5 * sound[i] / peak);
  return audio;
}

Result<std::array<double, kJudged>> formants_of(AudioView audio) {
  SYRINX_ASSIGN(const auto track, measure::track_formants(audio, {}));
  return std::array<double, kJudged>{track.median_hz(0), track.median_hz(1), track.median_hz(2)};
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// By formant: how far off, in percent, of each vowel.
using Errors = std::array<std::vector<double>, kJudged>;

nlohmann::json medians(const Errors& errors) {
  nlohmann::json list = nlohmann::json::array();
  for (const auto& one : errors) list.push_back(median(one));
  return list;
}

Result<nlohmann::json> judge_one(double hz, double semitones) {
  const Job job{semitones, 1.0, 1.0};
  Errors perfect_errors, our_errors, errors_to_perfect;
  for (const Formants& formants : kVowels) {
    const AudioBuffer source = vowel(formants, hz);
    const AudioBuffer perfect = vowel(formants, hz * voice::ratio_of_semitones(semitones));
    SYRINX_ASSIGN(const AudioBuffer ours, change({"high", true}, job, source, {}));
    SYRINX_ASSIGN(const auto before, formants_of(source));
    SYRINX_ASSIGN(const auto meant, formants_of(perfect));
    SYRINX_ASSIGN(const auto made, formants_of(ours));
    for (std::size_t i = 0; i < kJudged; ++i) {
      perfect_errors[i].push_back(100.0 * (meant[i] / before[i] - 1.0));
      our_errors[i].push_back(100.0 * (made[i] / before[i] - 1.0));
      errors_to_perfect[i].push_back(100.0 * (made[i] / meant[i] - 1.0));
    }
  }
  return nlohmann::json{{"f0_hz", hz},
                        {"semitones", semitones},
                        {"perfect_to_source_percent", medians(perfect_errors)},
                        {"ours_to_source_percent", medians(our_errors)},
                        {"ours_to_perfect_percent", medians(errors_to_perfect)}};
}

}  // namespace

Result<nlohmann::json> judge_the_judge() {
  std::printf(
      "\nvowels of known formants: F1 to F3 as measured, off by %%\n%8s %8s %22s %22s %22s\n", "F0",
      "moved", "perfect : source", "ours : source", "ours : perfect");
  nlohmann::json all = nlohmann::json::array();
  for (const double hz : {110.0, 210.0}) {
    for (const double semitones : {-12.0, -4.0, 4.0, 12.0}) {
      SYRINX_ASSIGN(const auto one, judge_one(hz, semitones));
      std::printf("%5.0f Hz %+8.0f", hz, semitones);
      for (const char* part :
           {"perfect_to_source_percent", "ours_to_source_percent", "ours_to_perfect_percent"}) {
        std::printf("   ");
        for (const auto& error : one[part]) std::printf("%6.1f ", error.get<double>());
      }
      std::printf("\n");
      all.push_back(one);
    }
  }
  return all;
}

}  // namespace syrinx::bench
