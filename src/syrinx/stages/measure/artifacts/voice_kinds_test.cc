// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <random>

#include "syrinx/stages/measure/artifacts/artifacts.h"

// The kinds that are about the voice, on a synthetic one of which everything is known.
namespace syrinx::measure {
namespace {

constexpr double kTau = 2.0 * std::numbers::pi;
constexpr int kRateHz = 16'000;

using Formants = std::array<double, 3>;
constexpr Formants kVowel = {600.0, 1'300.0, 2'500.0};

struct Voice {
  double jitter = 0.0;      // Deviation of each pulse's moment, over the period.
  double shimmer = 0.0;     // Deviation of each pulse's size, over the mean.
  double pulse_ms = 0.0;    // Each pulse is a chirp of this length: delays that differ.
  double odd_from_s = 1e9;  // From here to `odd_to_s`, the formants are `odd`.
  double odd_to_s = 1e9;
  Formants odd = kVowel;
  double dull_from_s = 1e9;  // From here on, some 9 dB per octave are taken off.
};

// Pulses of a pitch that sways slowly about 120 Hz.
std::vector<double> pulses(const Voice& voice, std::size_t size) {
  std::vector<double> x(size);
  std::mt19937 random(5);
  std::normal_distribution<double> normal(0.0, 1.0);
  for (double at = 20.0; at + 400.0 < static_cast<double>(size);) {
    const double hz = 120.0 + 4.0 * std::sin(kTau * 0.7 * at / kRateHz);
    const double place = at + voice.jitter * normal(random) * kRateHz / hz;
    const auto below = static_cast<std::size_t>(place);
    const double part = place - static_cast<double>(below);
    const double swell = 1.0 + voice.shimmer * normal(random);
    const auto length = static_cast<std::size_t>(std::max(1.0, voice.pulse_ms * kRateHz / 1'000));
    for (std::size_t i = 0; i < length; ++i) {
      const double t = static_cast<double>(i) / static_cast<double>(length);
      const double chirp = std::cos(0.25 * kTau * t * static_cast<double>(i));
      const double size_of = swell * chirp / std::sqrt(static_cast<double>(length));
      x[below + i] += (1.0 - part) * size_of;
      x[below + i + 1] += part * size_of;
    }
    at += kRateHz / hz;
  }
  for (double& v : x) v += 0.001 * normal(random);
  return x;
}

AudioBuffer spoken(const Voice& voice) {
  AudioBuffer audio(1, 4 * kRateHz, kRateHz);
  const auto source = pulses(voice, audio.frames());
  std::array<std::array<double, 2>, 3> past{};
  double dull = 0.0;
  double duller = 0.0;
  for (std::size_t i = 0; i < source.size(); ++i) {
    const double at_s = static_cast<double>(i) / kRateHz;
    const bool odd = at_s >= voice.odd_from_s && at_s < voice.odd_to_s;
    double x = source[i];
    for (std::size_t k = 0; k < 3; ++k) {
      const double radius = std::exp(-std::numbers::pi * 80.0 / kRateHz);
      const double angle = kTau * (odd ? voice.odd[k] : kVowel[k]) / kRateHz;
      const double fed = 2.0 * radius * std::cos(angle) * past[k][0] - radius * radius * past[k][1];
      x = (1.0 - radius) * x + fed;
      past[k] = {x, past[k][0]};
    }
    dull += 0.15 * (x - dull);
    duller += 0.3 * (dull - duller);
    audio.channel(0)[i] = static_cast<float>(100.0 * (at_s < voice.dull_from_s ? x : duller));
  }
  return audio;
}

double largest(const std::vector<double>& scores) {
  return *std::max_element(scores.begin(), scores.end());
}

double score_of(ArtifactKind kind, const AudioBuffer& audio) {
  return largest(artifact_scores(kind, audio).value());
}

double threshold_of(ArtifactKind kind) {
  return artifact_detectors()[static_cast<std::size_t>(kind)].threshold;
}

void expect_found(ArtifactKind kind, const AudioBuffer& clean, const AudioBuffer& bad) {
  EXPECT_LT(score_of(kind, clean), threshold_of(kind));
  EXPECT_GT(score_of(kind, bad), threshold_of(kind));
}

double time_of_largest(ArtifactKind kind, const AudioBuffer& audio) {
  const auto scores = artifact_scores(kind, audio).value();
  const auto at = std::max_element(scores.begin(), scores.end()) - scores.begin();
  return static_cast<double>(at) * kArtifactHopS;
}

TEST(Artifacts, FindAMomentOfAnotherSpectrumWhereItIs) {
  Voice voice;
  voice.odd = {300.0, 2'300.0, 3'200.0};
  voice.odd_from_s = 2.0;
  voice.odd_to_s = 2.025;
  const auto bad = spoken(voice);
  expect_found(ArtifactKind::kSpectralJump, spoken({}), bad);
  EXPECT_NEAR(time_of_largest(ArtifactKind::kSpectralJump, bad), 2.01, 0.03);
}

TEST(Artifacts, FindFormantsThatLeapAwayAndBackWhereTheyDo) {
  Voice voice;
  voice.odd = {780.0, 1'690.0, 3'250.0};  // All 30 % up.
  voice.odd_from_s = 2.0;
  voice.odd_to_s = 2.025;
  const auto bad = spoken(voice);
  expect_found(ArtifactKind::kFormantJump, spoken({}), bad);
  EXPECT_NEAR(time_of_largest(ArtifactKind::kFormantJump, bad), 2.01, 0.03);
}

TEST(Artifacts, FindSoundBetweenTheHarmonics) {
  auto bad = spoken({});
  for (std::size_t i = 0; i < bad.frames(); ++i)
    bad.channel(0)[i] *=
        static_cast<float>(1.0 + 0.4 * std::cos(kTau * 44.0 * static_cast<double>(i) / kRateHz));
  expect_found(ArtifactKind::kInterharmonic, spoken({}), bad);
}

TEST(Artifacts, FindAVoiceWhosePeriodsAndPeaksVary) {
  Voice voice;
  voice.jitter = 0.03;
  voice.shimmer = 0.15;
  expect_found(ArtifactKind::kIrregularVoice, spoken({}), spoken(voice));
}

TEST(Artifacts, ScoreAVoiceThatTurnsDullByTheChangeOfSlope) {
  Voice voice;
  voice.dull_from_s = 2.0;
  EXPECT_GT(score_of(ArtifactKind::kTiltChange, spoken(voice)),
            2.0 + score_of(ArtifactKind::kTiltChange, spoken({})));
}

TEST(Artifacts, ScorePulsesWhoseFrequenciesArriveApartOverPlainOnes) {
  Voice smeared;
  smeared.pulse_ms = 8.0;
  EXPECT_GT(score_of(ArtifactKind::kPhaseSmear, spoken(smeared)),
            2.0 + score_of(ArtifactKind::kPhaseSmear, spoken({})));
}

TEST(Artifacts, FindAVowelThatIsNotTheReferences) {
  constexpr auto kKind = ArtifactKind::kVowelDrift;
  Voice voice;
  voice.odd = {500.0, 1'600.0, 2'500.0};
  voice.odd_from_s = 2.0;
  voice.odd_to_s = 2.4;
  const auto clean = spoken({});
  const auto bad = spoken(voice);
  ArtifactOptions options;
  options.reference = clean.view();
  const auto scores = artifact_scores(kKind, bad, options).value();
  EXPECT_GT(largest(scores), threshold_of(kKind));
  // Beyond the vowel, and for the clean voice against itself, there is nothing.
  EXPECT_LT(*std::max_element(scores.begin(), scores.begin() + 180), threshold_of(kKind));
  EXPECT_EQ(largest(artifact_scores(kKind, clean, options).value()), 0.0);
  const auto found = find_artifacts(bad, clean).value();
  EXPECT_TRUE(std::any_of(found.begin(), found.end(), [](const Artifact& artifact) {
    return artifact.kind == kKind && artifact.begin_s > 1.8 && artifact.begin_s < 2.4;
  }));
}

}  // namespace
}  // namespace syrinx::measure
