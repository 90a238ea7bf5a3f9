// SPDX-License-Identifier: Apache-2.0
#include "artifacts/roc.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

#include "support/test_data.h"
#include "syrinx/core/dsp/resample.h"
#include "syrinx/core/io/audio_file.h"

namespace syrinx::measure {
namespace {

constexpr const char* kSpeech = "speech/kathleen/arctic_a0002.flac";
constexpr const char* kOther = "speech/matthes/LJ001-0001.flac";

// Eight recordings of four speakers, their first 5 s.
std::vector<AudioBuffer> recordings() {
  std::vector<AudioBuffer> result;
  for (const char* file : {"kathleen/arctic_a0002", "ljspeech/LJ001-0001", "matthes/LJ001-0001",
                           "kerstin/de_rhasspy-0004", "kathleen/arctic_a0001",
                           "ljspeech/LJ001-0002", "ljspeech/LJ001-0004", "matthes/LJ001-0002"}) {
    const auto path = support::data_path(std::string("speech/") + file + ".flac");
    const auto audio = io::read_audio(path);
    if (!audio) continue;
    const auto speech = dsp::resample(*audio, 16'000).value();
    const std::size_t frames = std::min<std::size_t>(speech.frames(), 80'000);
    result.emplace_back(AudioView(speech.channel(0).first(frames), 16'000));
  }
  return result;
}

// What the area under the curve of one kind must not fall below, at the third of the four levels
// and at the strongest. Eight recordings give steps of 1/64; each floor lies some 0.1 under what
// was found. The whole data gives the true figures (syrinx_artifact_roc).
struct Floor {
  ArtifactKind kind;
  double third;
  double strongest;
};
constexpr Floor kFloors[] = {{ArtifactKind::kClick, 0.8, 0.85},
                             {ArtifactKind::kDiscontinuity, 0.7, 0.75},
                             {ArtifactKind::kEnergySpike, 0.8, 0.8},
                             {ArtifactKind::kLoudnessJump, 0.8, 0.85},
                             {ArtifactKind::kOctaveJump, 0.6, 0.6},
                             {ArtifactKind::kMetallic, 0.9, 0.9},
                             {ArtifactKind::kBuzz, 0.8, 0.8},
                             {ArtifactKind::kHighNoise, 0.9, 0.9},
                             {ArtifactKind::kConsonantLoss, 0.85, 0.85},
                             {ArtifactKind::kCrosstalk, 0.8, 0.9},
                             {ArtifactKind::kSpectralJump, 0.8, 0.85},
                             {ArtifactKind::kInterharmonic, 0.85, 0.9},
                             {ArtifactKind::kIrregularVoice, 0.85, 0.9},
                             {ArtifactKind::kTiltChange, 0.7, 0.75},
                             {ArtifactKind::kPhaseSmear, 0.8, 0.85},
                             {ArtifactKind::kFormantJump, 0.8, 0.85},
                             {ArtifactKind::kVowelDrift, 0.65, 0.65}};

TEST(Artifacts, TellInjectedDefectsFromCleanSpeechAndScoreTheStrongerHigher) {
  SYRINX_NEED_DATA(kSpeech);
  SYRINX_NEED_DATA(kOther);
  const auto speech = recordings();
  ASSERT_GE(speech.size(), 6u);
  ASSERT_EQ(std::size(kFloors), artifact_detectors().size());
  for (const auto& detector : artifact_detectors()) {
    const Floor& floor = kFloors[static_cast<std::size_t>(detector.kind)];
    ASSERT_EQ(floor.kind, detector.kind);
    const auto roc = bench::measure_roc(detector, speech, 3);
    RecordProperty(std::string(detector.name), std::to_string(roc.auc_at[2]));
    EXPECT_GE(roc.auc_at[2], floor.third) << detector.name;
    EXPECT_GE(roc.auc_at[3], floor.strongest) << detector.name;
    EXPECT_GT(roc.detected[3], 0.0) << detector.name;
    // An octave lasts longer at its higher levels; it is no worse an octave.
    if (detector.kind != ArtifactKind::kOctaveJump) {
      EXPECT_GT(roc.mean_score[3], roc.mean_score[0]) << detector.name;
    }
  }
}

TEST(AreaUnderCurve, IsTheShareOfPairsInTheRightOrder) {
  EXPECT_EQ(bench::area_under_curve({1, 2}, {3, 4}), 1.0);
  EXPECT_EQ(bench::area_under_curve({1, 2}, {1, 2}), 0.5);
  EXPECT_EQ(bench::area_under_curve({3, 4}, {1, 2}), 0.0);
}

}  // namespace
}  // namespace syrinx::measure
