// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/voice/world/voice_shaper.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "support/realtime_guard.h"
#include "syrinx/core/dsp/pitch/test_voices.h"
#include "syrinx/stages/voice/world/world_test_support.h"

namespace syrinx::voice {
namespace {

auto even_map(double ratio, float gain) {
  return [=](const VoiceFrame&, std::span<float> gains) {
    std::fill(gains.begin(), gains.end(), gain);
    return ratio;
  };
}

template <class Map>
AudioBuffer shaped(VoiceShaper& shaper, const AudioBuffer& sound, std::size_t block, Map map) {
  const std::size_t latency = shaper.latency_samples();
  AudioBuffer in(sound.view());
  in.resize(sound.frames() + latency);
  std::fill(in.channel(0).begin() + static_cast<std::ptrdiff_t>(sound.frames()),
            in.channel(0).end(), 0.0f);
  AudioBuffer out(1, in.frames(), sound.sample_rate_hz());
  for (std::size_t at = 0; at < in.frames(); at += block) {
    const std::size_t count = std::min(block, in.frames() - at);
    shaper.process(in.view().channel(0).subspan(at, count), out.channel(0).subspan(at, count), map);
  }
  return AudioBuffer(out.view().slice(latency, sound.frames()));
}

template <class Map>
AudioBuffer shaped(const AudioBuffer& sound, std::size_t block, Map map) {
  auto shaper = VoiceShaper::create(sound.sample_rate_hz()).value();
  return shaped(shaper, sound, block, map);
}

class ShaperRates : public testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(Rates, ShaperRates,
                         testing::Values(8'000, 16'000, 22'050, 44'100, 48'000));

TEST_P(ShaperRates, ThatChangeNothingGiveTheSoundItself) {
  const auto sound = vowel(110.0, 0.5, GetParam(), 0.1);
  const auto out = shaped(sound, 512, even_map(1.0, 1.0f));
  const auto edge = static_cast<std::size_t>(0.03 * GetParam());
  for (std::size_t i = 0; i + edge < sound.frames(); ++i)
    ASSERT_NEAR(out.channel(0)[i], sound.channel(0)[i], 1e-4f) << i;
}

TEST_P(ShaperRates, MovePitchAndKeepFormantsAndLevel) {
  for (const double ratio : {0.7, 1.5}) {
    const auto sound = vowel(130.0, 0.8, GetParam());
    const auto out = shaped(sound, 512, even_map(ratio, 1.0f));
    const auto before = analyse_voice(sound).value();
    const auto after = analyse_voice(out).value();
    EXPECT_NEAR(mean_f0(after) / mean_f0(before), ratio, 0.02 * ratio);
    const auto power = after.frame(after.frames() / 2).power;
    const auto top = std::max_element(power.begin(), power.end()) - power.begin();
    EXPECT_NEAR(static_cast<double>(top) * after.shape.bin_hz(), 700.0, 100.0);
    EXPECT_NEAR(20.0 * std::log10(rms(out.channel(0)) / rms(sound.channel(0))), 0.0, 2.0);
  }
}

TEST(VoiceShaper, FiltersAsItsFramesAsk) {
  const auto sound = dsp::white_noise(0.5, 16'000);
  const auto out = shaped(sound, 512, [](const VoiceFrame&, std::span<float> gain) {
    for (std::size_t k = 0; k < gain.size(); ++k) gain[k] = k < gain.size() / 2 ? 1.0f : 0.0f;
    return 1.0;
  });
  const auto frames = analyse_voice(out).value();
  const auto power = frames.frame(frames.frames() / 2).power;
  const std::size_t bins = power.size();
  EXPECT_GT(power[bins / 4], 100.0f * power[3 * bins / 4]);
}

TEST(VoiceShaper, IsTheSameForBlocksOfAnySizeAndAfterAReset) {
  const auto sound = vowel(140.0, 0.3, 16'000, 0.1);
  const auto whole = shaped(sound, 100'000, even_map(1.3, 0.5f));
  auto shaper = VoiceShaper::create(16'000).value();
  for (const std::size_t block : {1u, 7u, 64u}) {
    const auto cut = shaped(shaper, sound, block, even_map(1.3, 0.5f));
    ASSERT_TRUE(
        std::equal(whole.channel(0).begin(), whole.channel(0).end(), cut.channel(0).begin()))
        << block;
    shaper.reset();
  }
}

TEST(VoiceShaper, IsRealTimeSafe) {
  auto shaper = VoiceShaper::create(16'000).value();
  const auto sound = vowel(140.0, 0.3, 16'000);
  std::vector<float> out(sound.frames());
  EXPECT_REALTIME_SAFE(shaper.process(sound.channel(0), out, even_map(1.3, 1.0f)));
}

TEST(VoiceShaper, TakesHostileSound) {
  AudioBuffer sound(1, 4'000, 16'000);
  for (std::size_t i = 0; i < sound.frames(); ++i) sound.channel(0)[i] = i % 2 ? 0.5f : 0.6f;
  sound.channel(0)[1'000] = std::numeric_limits<float>::infinity();
  sound.channel(0)[2'000] = std::numeric_limits<float>::quiet_NaN();
  const auto out = shaped(sound, 64, even_map(5.0, 1.0f));
  for (const float v : out.channel(0)) ASSERT_TRUE(std::isfinite(v) && std::abs(v) < 10.0f);
}

}  // namespace
}  // namespace syrinx::voice
