// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/spectrogram.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "syrinx/stages/measure/bitmap_font.h"
#include "syrinx/stages/measure/colour_map.h"
#include "syrinx/stages/measure/spectrogram_image.h"

namespace syrinx::measure {
namespace {

AudioBuffer sine(double hz, double seconds, int rate_hz = 16'000) {
  AudioBuffer audio(1, static_cast<std::size_t>(seconds * rate_hz), rate_hz);
  for (std::size_t i = 0; i < audio.frames(); ++i) {
    audio.channel(0)[i] =
        static_cast<float>(std::sin(2 * std::numbers::pi * hz * static_cast<double>(i) / rate_hz));
  }
  return audio;
}

TEST(Spectrogram, ShowsAFullScaleSineAt0DbInItsBin) {
  const auto result = spectrogram(sine(1'000, 0.5)).value();
  EXPECT_EQ(result.hop_samples, 128u);
  EXPECT_EQ(result.frames(), 63u);
  const auto frame = result.frame(30);
  const auto loudest =
      static_cast<std::size_t>(std::max_element(frame.begin(), frame.end()) - frame.begin());
  EXPECT_NEAR(static_cast<double>(loudest) * result.bin_hz, 1'000, result.bin_hz);
  EXPECT_NEAR(frame[loudest], 0.0, 0.05);
  EXPECT_LT(frame[loudest + 20], -90);
}

TEST(Spectrogram, ShowsSilenceAndNanAsTheFloor) {
  AudioBuffer silence(2, 1'000, 16'000);
  silence.channel(1)[10] = std::nanf("");
  const auto result = spectrogram(silence).value();
  for (const float db : result.values_db) ASSERT_EQ(db, -120.0f);
}

TEST(Spectrogram, RefusesWhatItCannotShow) {
  const auto tone = sine(1'000, 0.1);
  EXPECT_FALSE(spectrogram(AudioView{}));
  EXPECT_FALSE(spectrogram(tone, {.window_ms = 0}));
  EXPECT_FALSE(spectrogram(tone, {.window_ms = 1e9}));
  EXPECT_FALSE(spectrogram(tone, {.hop_ms = 0}));
  EXPECT_FALSE(spectrogram(tone, {.hop_ms = 50}));
  EXPECT_FALSE(spectrogram(tone, {.window_ms = std::nan("")}));
}

int brightness(Colour colour) { return colour[0] + colour[1] + colour[2]; }

TEST(SpectrogramImage, HasABrightLineWhereTheToneIs) {
  const auto image = render_spectrogram(sine(2'000, 1.0)).value();
  EXPECT_EQ(image.width(), 1'200u);
  EXPECT_EQ(image.height(), 600u);
  // In the middle of the picture, down the spectrogram: the brightest pixel lies at a quarter of
  // 8 kHz from the bottom.
  std::size_t brightest = 120;
  for (std::size_t y = 120; y < 550; ++y) {
    if (brightness(image.pixel(600, y)) > brightness(image.pixel(600, brightest))) brightest = y;
  }
  EXPECT_NEAR(static_cast<double>(brightest), 555 - 448 / 4.0, 4.0);
}

TEST(SpectrogramImage, ManagesAnySoundAndSize) {
  AudioBuffer bad(1, 100, 8'000);
  bad.channel(0)[50] = std::numeric_limits<float>::infinity();
  EXPECT_TRUE(render_spectrogram(bad));
  EXPECT_TRUE(render_spectrogram(AudioBuffer(1, 1, 48'000)));
  EXPECT_TRUE(render_spectrogram(AudioBuffer(3, 999, 1'000), {.width = 320, .height = 240}));
  EXPECT_TRUE(render_spectrogram(sine(100, 60), {.width = 400, .height = 300}));
  EXPECT_FALSE(render_spectrogram(AudioView{}));
  EXPECT_FALSE(render_spectrogram(bad, {.width = 10}));
  EXPECT_FALSE(render_spectrogram(bad, {.height = 1'000'000}));
  EXPECT_FALSE(render_spectrogram(bad, {.max_hz = 5'000}));
  EXPECT_FALSE(render_spectrogram(bad, {.range_db = 0}));
}

TEST(ColourMap, GrowsLighterAtEveryStep) {
  // Relative luminance of sRGB (gamma approximated), which even steps of lightness must raise.
  const auto luminance = [](Colour c) {
    return 0.2126 * std::pow(c[0], 2.2) + 0.7152 * std::pow(c[1], 2.2) +
           0.0722 * std::pow(c[2], 2.2);
  };
  const auto& map = heat_colours();
  for (std::size_t i = 4; i < map.size(); ++i) EXPECT_GT(luminance(map[i]), luminance(map[i - 4]));
}

TEST(BitmapFont, DrawsInsideTheImageOnly) {
  Image image(20, 10, {255, 255, 255});
  draw_text(image, -3, -2, "8", {0, 0, 0}, 2);
  draw_text(image, 15, 5, "8?", {0, 0, 0}, 2);
  EXPECT_EQ(text_width("88", 2), 22u);
  EXPECT_NE(std::count(image.rgb().begin(), image.rgb().end(), 0), 0);
}

}  // namespace
}  // namespace syrinx::measure
