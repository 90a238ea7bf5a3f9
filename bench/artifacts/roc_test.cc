// SPDX-License-Identifier: Apache-2.0
#include "artifacts/roc.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "support/test_data.h"
#include "syrinx/core/dsp/resample.h"
#include "syrinx/core/io/audio_file.h"

namespace syrinx::measure {
namespace {

constexpr const char* kSpeech = "speech/kathleen/arctic_a0002.flac";
constexpr const char* kOther = "speech/matthes/LJ001-0001.flac";

AudioBuffer speech_of(const char* file) {
  const auto audio = io::read_audio(support::data_path(file)).value();
  return dsp::resample(audio, 16'000).value();
}

double largest(const std::vector<double>& scores) {
  return *std::max_element(scores.begin(), scores.end());
}

double score_of(ArtifactKind kind, const bench::Specimen& specimen) {
  ArtifactOptions options;
  if (!specimen.reference.empty()) options.reference = specimen.reference.view();
  return largest(artifact_scores(kind, specimen.audio, options).value());
}

TEST(Artifacts, ScoreInjectedDefectsOverTheirThresholdAndOverCleanSpeech) {
  SYRINX_NEED_DATA(kSpeech);
  SYRINX_NEED_DATA(kOther);
  const auto speech = speech_of(kSpeech);
  const auto other = speech_of(kOther);
  for (const auto& detector : artifact_detectors()) {
    const double clean =
        score_of(detector.kind, bench::clean_specimen(detector.kind, speech, other, 3));
    double defect = 0.0;
    for (const double grade : bench::defect_grades(detector.kind).levels)
      defect = std::max(
          defect, score_of(detector.kind,
                           bench::defective_specimen(detector.kind, speech, other, grade, 3)));
    EXPECT_GT(defect, clean) << detector.name;
    EXPECT_GT(defect, detector.threshold) << detector.name;
  }
}

TEST(AreaUnderCurve, IsTheShareOfPairsInTheRightOrder) {
  EXPECT_EQ(bench::area_under_curve({1, 2}, {3, 4}), 1.0);
  EXPECT_EQ(bench::area_under_curve({1, 2}, {1, 2}), 0.5);
  EXPECT_EQ(bench::area_under_curve({3, 4}, {1, 2}), 0.0);
}

}  // namespace
}  // namespace syrinx::measure
