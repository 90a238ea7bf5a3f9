// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/vocoder/waveglow/spectral_denoiser.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "syrinx/stages/vocoder/random_weights_test_support.h"

namespace syrinx::vocoder {
namespace {

std::vector<float> tone(double bin, double level, std::size_t n) {
  std::vector<float> values(n);
  for (std::size_t i = 0; i < n; ++i)
    values[i] = static_cast<float>(
        level * std::cos(2 * std::numbers::pi * bin * static_cast<double>(i) / 1024));
  return values;
}

double rms(std::span<const float> values) {
  double sum = 0;
  for (const float v : values) sum += double{v} * double{v};
  return std::sqrt(sum / static_cast<double>(values.size()));
}

TEST(SpectralDenoiser, TakesTheHumAwayAndLeavesTheRest) {
  const auto hum = tone(100, 0.02, 22'528);
  const auto denoiser = SpectralDenoiser::create(hum);
  ASSERT_TRUE(denoiser);
  // A cosine's windowed magnitude: a quarter of the length times its level.
  EXPECT_NEAR(denoiser->bias()[100], 0.02 * 256, 0.02);
  const auto gone = denoiser->apply(hum, 1);
  ASSERT_TRUE(gone);
  const auto inner = std::span(*gone).subspan(1'024, 20'000);
  EXPECT_LT(rms(inner), 1e-3 * rms(hum));
  const auto half = denoiser->apply(hum, 0.5F);
  EXPECT_NEAR(rms(std::span(*half).subspan(1'024, 20'000)) / rms(hum), 0.5, 0.01);
  const auto voice = tone(300, 0.5, 22'528);
  const auto kept = denoiser->apply(voice, 1);
  EXPECT_GT(testing::snr_db(std::span(voice).subspan(1'024, 20'000),
                            std::span(*kept).subspan(1'024, 20'000)),
            60);
}

TEST(SpectralDenoiser, OfNoStrengthChangesNothing) {
  const auto denoiser = SpectralDenoiser::create(tone(100, 0.02, 2'000));
  ASSERT_TRUE(denoiser);
  const auto signal = testing::random_values(10'001, 3);
  const auto same = denoiser->apply(signal, 0);
  ASSERT_TRUE(same);
  EXPECT_GT(testing::snr_db(signal, *same), 110);
  EXPECT_FALSE(denoiser->apply(signal, -1));
  EXPECT_FALSE(SpectralDenoiser::create(tone(1, 1, 512)));
}

}  // namespace
}  // namespace syrinx::vocoder
