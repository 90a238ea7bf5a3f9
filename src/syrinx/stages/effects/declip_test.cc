// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/effects/declip.h"

#include <gtest/gtest.h>

#include <limits>

#include "support/test_data.h"
#include "syrinx/core/io/audio_file.h"
#include "syrinx/stages/effects/effect_test_support.h"

namespace syrinx::effects {
namespace {

AudioBuffer clipped_at(const AudioBuffer& audio, float level) {
  AudioBuffer out(audio);
  for (std::size_t c = 0; c < out.channels(); ++c)
    for (float& x : out.channel(c)) x = std::clamp(x, -level, level);
  return out;
}

// Signal to distortion ratio over all samples.
double sdr_db(const AudioBuffer& clean, const AudioBuffer& other) {
  double signal = 0, error = 0;
  for (std::size_t i = 0; i < clean.frames(); ++i) {
    const double d = double(clean.channel(0)[i]) - double(other.channel(0)[i]);
    signal += double(clean.channel(0)[i]) * double(clean.channel(0)[i]);
    error += d * d;
  }
  return 10 * std::log10(signal / error);
}

AudioBuffer voice_like() {
  AudioBuffer audio(1, 48'000, kTestRateHz);
  for (const int harmonic : {1, 2, 3, 4, 5, 7, 9, 12}) {
    const AudioBuffer part = tone(143.7 * harmonic, 0.35 / harmonic, 48'000);
    for (std::size_t i = 0; i < 48'000; ++i) audio.channel(0)[i] += part.channel(0)[i];
  }
  return audio;
}

// Nearly a fifth of its samples are cut off.
TEST(Declip, RestoresAHarmonicSoundBy8Db) {
  const AudioBuffer clean = voice_like();
  AudioBuffer audio = clipped_at(clean, 0.9f * static_cast<float>(peak_of(clean.channel(0))));
  const double before = sdr_db(clean, audio);
  const auto report = declip(audio.view());
  ASSERT_TRUE(report);
  EXPECT_GT(report->clipped_samples, 1'000u);
  EXPECT_GT(sdr_db(clean, audio), before + 8);
}

TEST(Declip, RestoresSpeechBy6Db) {
  SYRINX_NEED_DATA("speech/jfk.flac");
  const auto speech = io::read_audio(support::data_path("speech/jfk.flac"));
  ASSERT_TRUE(speech);
  const AudioBuffer clean(speech->view().slice(0, std::min<std::size_t>(64'000, speech->frames())));
  AudioBuffer audio = clipped_at(clean, 0.4f * static_cast<float>(peak_of(clean.channel(0))));
  const double before = sdr_db(clean, audio);
  ASSERT_TRUE(declip(audio.view()));
  EXPECT_GT(sdr_db(clean, audio), before + 6);
}

TEST(Declip, ChangesClippedSamplesAloneAndNeverTowardsZero) {
  const AudioBuffer clipped = clipped_at(voice_like(), 0.5f);
  AudioBuffer audio(clipped);
  declip(audio.view()).value();
  for (std::size_t i = 0; i < audio.frames(); ++i) {
    const float was = clipped.channel(0)[i];
    if (std::abs(was) < 0.999f * 0.5f) {
      ASSERT_EQ(audio.channel(0)[i], was);
    } else {
      ASSERT_GE(std::abs(audio.channel(0)[i]), std::abs(was));
    }
  }
}

TEST(Declip, LeavesSoundsThatAreNotClipped) {
  for (const AudioBuffer& given : {tone(440, 0.9, 4'800), noise(2, 4'800), constant(0.0f, 100)}) {
    AudioBuffer audio(given);
    EXPECT_EQ(declip(audio.view()).value().clipped_samples, 0u);
    EXPECT_TRUE(same(audio, given));
  }
}

TEST(Declip, TakesBadInputAsItsHeaderSays) {
  AudioBuffer audio = clipped_at(noise(1, 2'000), 0.2f);
  audio.channel(0)[7] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_TRUE(declip(audio.view()));
  for (const float x : audio.channel(0)) ASSERT_TRUE(std::isfinite(x));
  EXPECT_TRUE(declip(AudioBuffer().view()));
  AudioBuffer one = constant(0.5f, 1);
  EXPECT_TRUE(declip(one.view()));
  EXPECT_FALSE(declip(one.view(), {.threshold = -1}));
  EXPECT_FALSE(declip(one.view(), {.frame_ms = 0}));
  EXPECT_FALSE(declip(one.view(), {.max_iterations = 0}));
}

}  // namespace
}  // namespace syrinx::effects
