// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/voice/grain_reader.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <vector>

namespace syrinx::voice {
namespace {

TEST(GrainReader, FadesOfNeighboursAddUpToOneWhateverTheirWidth) {
  const GrainReader reader;
  for (const double width : {0.1, 0.45, 1.0})
    for (double share = 0.0; share <= 1.0; share += 1.0 / 64.0)
      EXPECT_NEAR(reader.fade(share, width) + reader.fade(1.0 - share, width), 1.0f, 1e-6f)
          << share << " of " << width;
}

TEST(GrainReader, FadesWithinTheWidthAlone) {
  const GrainReader reader;
  EXPECT_EQ(reader.fade(0.0, 1.0), 1.0f);
  EXPECT_NEAR(reader.fade(0.25, 1.0), 0.5 + 0.25 * std::numbers::sqrt2, 1e-6);
  EXPECT_EQ(reader.fade(1.0, 1.0), 0.0f);
  EXPECT_EQ(reader.fade(0.27, 0.45), 1.0f);
  EXPECT_LT(reader.fade(0.29, 0.45), 1.0f);
  EXPECT_GT(reader.fade(0.71, 0.45), 0.0f);
  EXPECT_EQ(reader.fade(0.73, 0.45), 0.0f);
  EXPECT_EQ(reader.fade(7.0, 0.45), 0.0f);
}

TEST(GrainReader, ReadsBetweenTheSamples) {
  const GrainReader reader;
  std::vector<float> sound(400);
  const auto wave = [](double at) { return std::sin(0.3 * at); };
  for (std::size_t i = 0; i < sound.size(); ++i)
    sound[i] = static_cast<float>(wave(static_cast<double>(i)));
  std::vector<float> read(100);
  for (const double step : {1.0, 0.8, 1.3, -1.0}) {
    const double at = 200.37;
    reader.read(sound, at, step, read);
    for (std::size_t i = 0; i < read.size(); ++i)
      EXPECT_NEAR(read[i], wave(at + step * static_cast<double>(i)), 3e-3) << step << " " << i;
  }
}

}  // namespace
}  // namespace syrinx::voice
