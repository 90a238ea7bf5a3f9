// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/voice/world/frame_changes.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "syrinx/stages/voice/world/voice_analyser.h"
#include "syrinx/stages/voice/world/voice_synthesiser.h"
#include "syrinx/stages/voice/world/world_test_support.h"

namespace syrinx::voice {
namespace {

double loudest_hz(const VoiceFrames& frames) {
  const auto power = frames.frame(frames.frames() / 2).power;
  const auto top = std::max_element(power.begin(), power.end());
  return static_cast<double>(top - power.begin()) * frames.shape.bin_hz();
}

TEST(FrameChanges, MovePitchAndFormantsApart) {
  auto frames = analyse_voice(vowel(120.0, 0.6, 16'000)).value();
  FrameChange change;
  change.f0_ratio = 1.5;
  change.formant_ratio = 1.2;
  ASSERT_TRUE(change_frames(frames, change));
  const auto again = analyse_voice(synthesise_voice(frames).value()).value();
  EXPECT_NEAR(mean_f0(again), 180.0, 1.8);
  EXPECT_NEAR(loudest_hz(again), 840.0, 70.0);
}

TEST(FrameChanges, WarpsKeepTheEndsAndRise) {
  for (const auto kind : {WarpKind::kPiecewise, WarpKind::kBilinear}) {
    for (const double ratio : {0.7, 1.0, 1.3}) {
      EXPECT_NEAR(warp_source_hz(kind, ratio, 0.0, 8'000.0), 0.0, 1e-9);
      EXPECT_NEAR(warp_source_hz(kind, ratio, 8'000.0, 8'000.0), 8'000.0, 1e-6);
      EXPECT_NEAR(warp_source_hz(kind, ratio, 100.0, 8'000.0), 100.0 / ratio, 1.0);
      double last = -1.0;
      for (double hz = 0.0; hz <= 8'000.0; hz += 50.0) {
        const double from = warp_source_hz(kind, ratio, hz, 8'000.0);
        EXPECT_GT(from, last);
        last = from;
      }
    }
  }
}

TEST(FrameChanges, ChangeTiltNoiseAndMelody) {
  auto frames = analyse_voice(vowel(120.0, 0.3, 16'000)).value();
  const auto before = frames;
  FrameChange change;
  change.tilt_db_per_octave = -6.0;
  change.noise = 0.5;
  change.f0_spread = 0.0;
  ASSERT_TRUE(change_frames(frames, change));
  const std::size_t k = frames.frames() / 2;
  const auto bin = static_cast<std::size_t>(4'000.0 / frames.shape.bin_hz());
  EXPECT_NEAR(10.0 * std::log10(static_cast<double>(frames.frame(k).power[bin]) /
                                static_cast<double>(before.frame(k).power[bin])),
              -12.0, 0.1);
  EXPECT_GE(frames.frame(k).aperiodicity[0], 0.5f);
  const auto [low, high] = std::minmax_element(frames.f0_hz.begin() + 10, frames.f0_hz.end() - 10);
  EXPECT_NEAR(*low, *high, 0.01f);
}

TEST(FrameChanges, RefuseWhatIsOutOfRangeAndChangeNothingThen) {
  auto frames = analyse_voice(vowel(120.0, 0.1, 16'000)).value();
  const auto before = frames.power;
  EXPECT_FALSE(change_frames(frames, {.f0_ratio = 9.0}));
  EXPECT_FALSE(change_frames(frames, {.formant_ratio = 0.1}));
  EXPECT_FALSE(change_frames(frames, {.noise = std::nan("")}));
  EXPECT_EQ(frames.power, before);
}

}  // namespace
}  // namespace syrinx::voice
