// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/artifacts/artifacts.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "support/test_data.h"
#include "syrinx/core/dsp/resample.h"
#include "syrinx/core/io/audio_file.h"

namespace syrinx::measure {
namespace {

constexpr const char* kSpeech = "speech/kathleen/arctic_a0002.flac";

AudioBuffer speech_of(const char* file) {
  const auto audio = io::read_audio(support::data_path(file)).value();
  return dsp::resample(audio, 16'000).value();
}

TEST(Artifacts, HaveOneDetectorPerKindInOrder) {
  const auto detectors = artifact_detectors();
  for (std::size_t i = 0; i < detectors.size(); ++i) {
    EXPECT_EQ(static_cast<std::size_t>(detectors[i].kind), i);
    EXPECT_LT(detectors[i].threshold, detectors[i].worst);
  }
}

TEST(Artifacts, FindAClickWhereItIs) {
  SYRINX_NEED_DATA(kSpeech);
  auto speech = speech_of(kSpeech);
  speech.channel(0)[20'000] += 0.8f;
  const auto found = find_artifacts(speech).value();
  const auto click = std::find_if(found.begin(), found.end(), [](const Artifact& artifact) {
    return artifact.kind == ArtifactKind::kClick && std::abs(artifact.begin_s - 1.25) < 0.011;
  });
  ASSERT_NE(click, found.end());
  EXPECT_GT(click->severity, 0.1);
  EXPECT_LE(click->severity, 1.0);
  EXPECT_GT(click->end_s, click->begin_s);
  EXPECT_FALSE(click->cause.empty());
}

TEST(Artifacts, FindNothingInSilenceOrASteadyToneOrAnInstant) {
  EXPECT_TRUE(find_artifacts(AudioBuffer(1, 32'000, 16'000)).value().empty());
  EXPECT_TRUE(find_artifacts(AudioBuffer(2, 1, 48'000)).value().empty());
  AudioBuffer tone(1, 32'000, 16'000);
  for (std::size_t i = 0; i < tone.frames(); ++i) {
    const double phase = 2 * std::numbers::pi * 200 * static_cast<double>(i) / 16'000;
    tone.channel(0)[i] = static_cast<float>(0.3 * std::sin(phase));
  }
  const auto found = find_artifacts(tone).value();
  for (const auto& artifact : found) {
    // Its ends are where it really starts and stops.
    EXPECT_TRUE(artifact.begin_s < 0.03 || artifact.end_s > 1.97) << artifact.cause;
  }
}

TEST(Artifacts, RefuseWhatTheyCannotJudge) {
  const AudioBuffer mono(1, 16'000, 16'000);
  EXPECT_FALSE(find_artifacts(AudioBuffer()));
  EXPECT_FALSE(find_artifacts(AudioBuffer(64, 100, 16'000)));
  EXPECT_FALSE(artifact_scores(ArtifactKind::kCrosstalk, mono));
  EXPECT_FALSE(artifact_scores(ArtifactKind::kConsonantLoss, mono));
  EXPECT_FALSE(artifact_scores(ArtifactKind::kVowelDrift, mono));
  const AudioBuffer shorter(1, 8'000, 16'000);
  EXPECT_FALSE(find_artifacts(mono, shorter));
  AudioBuffer bad(1, 16'000, 16'000);
  bad.channel(0)[5] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_FALSE(find_artifacts(bad));
}

}  // namespace
}  // namespace syrinx::measure
