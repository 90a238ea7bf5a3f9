// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/report/sound_report.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

namespace syrinx::measure {
namespace {

constexpr int kRateHz = 16'000;

// A voice-like sound: twenty harmonics of 120 Hz that come and go.
std::vector<float> voice(double seconds, double amplitude = 0.02) {
  std::vector<float> samples(static_cast<std::size_t>(seconds * kRateHz));
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const double t = static_cast<double>(i) / kRateHz;
    double sum = 0.0;
    for (int h = 1; h <= 20; ++h) sum += std::sin(2 * std::numbers::pi * 120 * h * t);
    samples[i] = static_cast<float>(amplitude * sum * std::abs(std::sin(7 * t)));
  }
  return samples;
}

double value_of(const SoundReport& report, std::string_view name) {
  const auto at = std::find_if(report.figures.begin(), report.figures.end(),
                               [&](const Figure& f) { return f.name == name; });
  return at == report.figures.end() ? std::nan("") : at->value;
}

std::string reason_of(const SoundReport& report, std::string_view name) {
  const auto at = std::find_if(report.missing.begin(), report.missing.end(),
                               [&](const MissingFigure& m) { return m.name == name; });
  return at == report.missing.end() ? "" : at->reason;
}

TEST(SoundReport, AVoiceHasItsPitchLevelsAndCurves) {
  const auto samples = voice(4.0);
  const auto report = report_sound(AudioView(samples, kRateHz)).value();
  EXPECT_NEAR(value_of(report, "f0_median"), 120.0, 1.0);
  EXPECT_LT(value_of(report, "integrated"), -5.0);
  EXPECT_EQ(report.frames, samples.size());
  EXPECT_GT(report.f0.frames(), 300u);
  EXPECT_EQ(report.loudness.momentary_lufs.size(), 40u);
  EXPECT_FALSE(report.alignment.has_value());
}

TEST(SoundReport, AReferenceOfAnotherRateIsConvertedAndAligned) {
  const auto clean = voice(3.0);
  std::vector<float> late(800, 0.0f);
  late.insert(late.end(), clean.begin(), clean.end());
  std::vector<float> twice_the_rate(2 * clean.size());
  for (std::size_t i = 0; i < clean.size(); ++i) {
    const float next = i + 1 < clean.size() ? clean[i + 1] : 0.0f;
    twice_the_rate[2 * i] = clean[i];
    twice_the_rate[2 * i + 1] = 0.5f * (clean[i] + next);
  }
  SoundReportOptions options;
  options.groups = report_groups("level").value();
  const auto report =
      report_sound(AudioView(late, kRateHz), AudioView(twice_the_rate, 2 * kRateHz), options)
          .value();
  EXPECT_NEAR(value_of(report, "delay"), 50.0, 0.1);
  EXPECT_GT(value_of(report, "stoi"), 0.95);
  ASSERT_TRUE(report.alignment.has_value());
}

TEST(SoundReport, QualityComesOfWhatWasMeasuredAndOfNothingElse) {
  const auto clean = voice(3.0);
  auto clicking = clean;
  for (std::size_t i = 8'000; i < clicking.size(); i += 8'000) clicking[i] += 0.9f;
  SoundReportOptions options;
  options.groups = report_groups("artifacts").value();
  const auto alone = report_sound(AudioView(clicking, kRateHz), options).value();
  EXPECT_FALSE(alone.quality[QualityAspect::kPredictedMos].has_value());
  EXPECT_FALSE(alone.quality[QualityAspect::kSourcePreservation].has_value());
  EXPECT_GT(alone.quality[QualityAspect::kArtifactShare].value(), 0.0);
  const auto pair =
      report_sound(AudioView(clicking, kRateHz), AudioView(clean, kRateHz), options).value();
  EXPECT_GT(pair.quality[QualityAspect::kSourcePreservation].value(), 0.5);
  EXPECT_FALSE(pair.quality[QualityAspect::kTargetSimilarity].has_value());
  EXPECT_TRUE(QualityTargets::create()->add(pair.quality));
}

TEST(SoundReport, WhatSilenceHasNotIsSaidWithItsReason) {
  const std::vector<float> silence(2 * kRateHz, 0.0f);
  const auto report = report_sound(AudioView(silence, kRateHz)).value();
  EXPECT_FALSE(std::isfinite(value_of(report, "peak")));
  EXPECT_NE(reason_of(report, "peak"), "");
  EXPECT_NE(reason_of(report, "f0"), "");
}

TEST(SoundReport, GroupsAreChosenByNameAndOnlyThoseAreMeasured) {
  const auto samples = voice(0.5);
  SoundReportOptions options;
  options.groups = report_groups("speech,level").value();
  const auto report = report_sound(AudioView(samples, kRateHz), options).value();
  for (const Figure& figure : report.figures)
    EXPECT_TRUE(figure.group == "level" || figure.group == "speech") << figure.group;
  EXPECT_EQ(report_groups("level,colour").error().code, ErrorCode::kInvalidArgument);
  EXPECT_NE(report_groups("colour").error().message.find("loudness"), std::string::npos);
  EXPECT_EQ(report_groups("").error().code, ErrorCode::kInvalidArgument);
  EXPECT_TRUE(report_groups("all").value().artifacts);
}

}  // namespace
}  // namespace syrinx::measure
