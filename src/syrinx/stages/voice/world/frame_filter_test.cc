// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/voice/world/frame_filter.h"

#include <gtest/gtest.h>

#include <cmath>

#include "support/realtime_guard.h"
#include "syrinx/stages/voice/world/world_test_support.h"

namespace syrinx::voice {
namespace {

constexpr int kRateHz = 16'000;

// 12 dB up at a formant of so many Hz, a little down elsewhere.
std::vector<float> bump(const FrameShape& shape, double centre_hz) {
  std::vector<float> gain(shape.bins());
  for (std::size_t k = 0; k < gain.size(); ++k) {
    const double away = (static_cast<double>(k) * shape.bin_hz() - centre_hz) / 400.0;
    gain[k] = static_cast<float>(std::pow(10.0, (-3.0 + 15.0 * std::exp(-away * away)) / 20.0));
  }
  return gain;
}

AudioBuffer impulse(std::size_t frames, std::size_t at) {
  AudioBuffer sound(1, frames, kRateHz);
  sound.channel(0)[at] = 1.0f;
  return sound;
}

TEST(FrameFilter, HasTheAmplitudesOfItsFrameAndNoDelay) {
  const auto shape = frame_shape(kRateHz).value();
  auto filter = FrameFilter::create(shape, 1).value();
  const auto gain = bump(shape, 2'000.0);
  filter.aim(gain);
  auto sound = impulse(shape.fft_size, shape.hop_samples);  // Once it is wholly there.
  filter.process(sound.view());
  const auto out = sound.channel(0);
  for (std::size_t i = 0; i < shape.hop_samples; ++i) ASSERT_EQ(out[i], 0.0f) << i;
  EXPECT_GT(std::abs(out[shape.hop_samples]), 0.5f);
  auto fft = dsp::RealFft::create(shape.fft_size).value();
  std::vector<std::complex<float>> spectrum(shape.bins());
  fft.forward(out, spectrum);
  for (std::size_t k = 0; k < gain.size(); ++k)
    EXPECT_NEAR(20.0 * std::log10(std::abs(spectrum[k]) / gain[k]), 0.0, 0.3) << k;
}

TEST(FrameFilter, LetsAllThroughUntilItIsAimedAndWhenAllAmplitudesAreOne) {
  const auto shape = frame_shape(kRateHz).value();
  auto filter = FrameFilter::create(shape, 1).value();
  const auto sound = vowel(120.0, 0.2, kRateHz, 0.1);
  AudioBuffer same(sound.view());
  filter.process(same.view().slice(0, 1'000));
  filter.aim(std::vector<float>(shape.bins(), 1.0f));
  filter.process(same.view().slice(1'000, same.frames() - 1'000));
  for (std::size_t i = 0; i < sound.frames(); ++i)
    ASSERT_NEAR(same.channel(0)[i], sound.channel(0)[i], 1e-6f) << i;
}

AudioBuffer swept(std::size_t block) {
  const auto shape = frame_shape(kRateHz).value();
  auto filter = FrameFilter::create(shape, 2).value();
  AudioBuffer sound(2, 8'000, kRateHz);
  const auto mono = vowel(120.0, 0.5, kRateHz, 0.1);
  std::copy(mono.channel(0).begin(), mono.channel(0).end(), sound.channel(1).begin());
  std::size_t at = 0;
  while (at < sound.frames()) {
    if (at % shape.hop_samples == 0) filter.aim(bump(shape, 500.0 + 0.4 * static_cast<double>(at)));
    const std::size_t to_aim = shape.hop_samples - at % shape.hop_samples;
    const std::size_t count = std::min({block, to_aim, sound.frames() - at});
    filter.process(sound.view().slice(at, count));
    at += count;
  }
  return sound;
}

TEST(FrameFilter, IsTheSameForBlocksOfAnySizeAndKeepsItsChannels) {
  const auto whole = swept(8'000);
  for (const std::size_t block : {1u, 7u, 64u}) {
    const auto cut = swept(block);
    for (std::size_t i = 0; i < whole.frames(); ++i) {
      ASSERT_EQ(cut.channel(1)[i], whole.channel(1)[i]) << block << " " << i;
      ASSERT_EQ(cut.channel(0)[i], 0.0f);
    }
  }
}

// A tone whose filter goes from one frame to the next by 12 dB has nothing steeper than the tone
// itself, as it would be where the filter jumps.
TEST(FrameFilter, ChangesWithoutAClick) {
  const auto shape = frame_shape(kRateHz).value();
  auto filter = FrameFilter::create(shape, 1).value();
  AudioBuffer tone(1, 4'000, kRateHz);
  for (std::size_t i = 0; i < tone.frames(); ++i)
    tone.channel(0)[i] = static_cast<float>(std::cos(0.04 * static_cast<double>(i)));
  const std::vector<float> low(shape.bins(), 0.25f);
  filter.aim(std::vector<float>(shape.bins(), 1.0f));
  filter.process(tone.view().slice(0, 2'000));
  filter.aim(low);
  filter.process(tone.view().slice(2'000, 2'000));
  for (std::size_t i = 200; i < tone.frames(); ++i)
    ASSERT_LT(std::abs(tone.channel(0)[i] - tone.channel(0)[i - 1]), 0.05f) << i;
  EXPECT_NEAR(rms(tone.channel(0).subspan(3'000)), 0.25 * std::sqrt(0.5), 0.01);
}

TEST(FrameFilter, IsRealTimeSafe) {
  const auto shape = frame_shape(kRateHz).value();
  auto filter = FrameFilter::create(shape, 1).value();
  auto sound = vowel(120.0, 0.1, kRateHz);
  const auto gain = bump(shape, 700.0);
  EXPECT_REALTIME_SAFE({
    filter.aim(gain);
    filter.process(sound.view());
    filter.reset();
  });
}

}  // namespace
}  // namespace syrinx::voice
