// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/conversion/improve/repairs.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "syrinx/engines/conversion/improve/improve_test_support.h"

namespace syrinx::conversion {
namespace {

using measure::Artifact;
using measure::ArtifactKind;

double rms_between(AudioView a, AudioView b, double from_s, double to_s) {
  double sum = 0.0;
  const auto from = static_cast<std::size_t>(from_s * a.sample_rate_hz());
  const auto to = static_cast<std::size_t>(to_s * a.sample_rate_hz());
  for (std::size_t i = from; i < to; ++i) {
    const double d = static_cast<double>(a.channel(0)[i]) - static_cast<double>(b.channel(0)[i]);
    sum += d * d;
  }
  return std::sqrt(sum / static_cast<double>(to - from));
}

TEST(Repairs, PutBackTheSamplesUnderAClickAndNoOthers) {
  const AudioBuffer clean = vowel(1.0);
  AudioBuffer mended(clean.view());
  add_clicks(mended, 1.0);  // One, in the middle.
  const Artifact click{ArtifactKind::kClick, 0.495, 0.505, 1.0, ""};
  const std::size_t replaced = mend_clicks(mended.view(), std::span(&click, 1));
  EXPECT_GT(replaced, 0u);
  EXPECT_LT(replaced, 64u);
  EXPECT_LT(rms_between(clean, mended, 0.49, 0.51), 0.005) << "a click of 0.7 was there";
  EXPECT_EQ(rms_between(clean, mended, 0.0, 0.48), 0.0);
  EXPECT_EQ(rms_between(clean, mended, 0.52, 1.0), 0.0);
}

TEST(Repairs, TakeFoundClicksOut) {
  AudioBuffer sound = vowel(2.0);
  add_clicks(sound, 0.5);
  const auto before = measure::find_artifacts(sound).value();
  const auto is_click = [](const Artifact& one) { return one.kind == ArtifactKind::kClick; };
  ASSERT_GE(std::count_if(before.begin(), before.end(), is_click), 3);
  EXPECT_GT(mend_clicks(sound.view(), before), 0u);
  const auto after = measure::find_artifacts(sound).value();
  EXPECT_EQ(std::count_if(after.begin(), after.end(), is_click), 0);
}

TEST(Repairs, LeaveEdgesAndPlacesWithoutClicksAlone) {
  AudioBuffer sound = vowel(0.2);
  const AudioBuffer before(sound.view());
  const Artifact edges[] = {{ArtifactKind::kClick, 0.0, 0.01, 1.0, ""},
                            {ArtifactKind::kClick, 0.19, 0.2, 1.0, ""},
                            {ArtifactKind::kBuzz, 0.1, 0.11, 1.0, ""}};
  EXPECT_EQ(mend_clicks(sound.view(), edges), 0u);
  EXPECT_EQ(rms_between(before, sound, 0.0, 0.2), 0.0);
}

TEST(Repairs, SmoothABurstAndKeepTheRest) {
  const AudioBuffer clean = vowel(1.0);
  AudioBuffer smoothed(clean.view());
  for (std::size_t i = 0; i < 160; ++i) {  // 10 ms at 3.5 kHz.
    const double phase = 2.0 * 3.14159265 * 3'500.0 * static_cast<double>(i) / kTestRateHz;
    smoothed.channel(0)[8'000 + i] += static_cast<float>(0.3 * std::sin(phase));
  }
  const double was = rms_between(clean, smoothed, 0.49, 0.52);
  const Artifact jump{ArtifactKind::kSpectralJump, 0.50, 0.51, 1.0, ""};
  const auto frames = smooth_spectra(smoothed.view(), std::span(&jump, 1));
  ASSERT_TRUE(frames);
  EXPECT_GT(*frames, 4u);
  EXPECT_LT(rms_between(clean, smoothed, 0.49, 0.52), 0.6 * was);
  EXPECT_EQ(rms_between(clean, smoothed, 0.0, 0.4), 0.0);
  EXPECT_EQ(rms_between(clean, smoothed, 0.6, 1.0), 0.0);
}

TEST(Repairs, ChangeNothingWhereNothingWasFound) {
  AudioBuffer sound = vowel(0.3);
  const AudioBuffer before(sound.view());
  EXPECT_EQ(mend_clicks(sound.view(), {}), 0u);
  EXPECT_EQ(smooth_spectra(sound.view(), {}).value(), 0u);
  EXPECT_EQ(rms_between(before, sound, 0.0, 0.3), 0.0);
}

}  // namespace
}  // namespace syrinx::conversion
