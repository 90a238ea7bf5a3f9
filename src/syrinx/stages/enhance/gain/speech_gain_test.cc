// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/enhance/gain/speech_gain.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include "support/realtime_guard.h"
#include "support/test_data.h"
#include "support/wav.h"
#include "syrinx/core/dsp/k_weighting.h"
#include "syrinx/core/dsp/resample.h"

namespace syrinx::enhance {
namespace {

// BS.1770's integrated loudness of one channel, with its two gates.
double lufs_of(AudioView audio) {
  auto filters =
      dsp::BiquadCascade::create(dsp::k_weighting(audio.sample_rate_hz()), audio.channels())
          .value();
  AudioBuffer weighted(audio);
  filters.process(weighted.view());
  const auto step = static_cast<std::size_t>(audio.sample_rate_hz() / 10);
  std::vector<double> blocks;
  for (std::size_t at = 0; at + 4 * step <= weighted.frames(); at += step) {
    double sum = 0.0;
    for (const float x : weighted.channel(0).subspan(at, 4 * step))
      sum += static_cast<double>(x) * static_cast<double>(x);
    blocks.push_back(sum / static_cast<double>(4 * step));
  }
  const auto mean_above = [&](double gate_lufs) {
    double sum = 0.0;
    double count = 1e-9;
    for (const double power : blocks) {
      if (!(dsp::lufs_of_power(power) > gate_lufs)) continue;
      sum += power;
      count += 1.0;
    }
    return dsp::lufs_of_power(sum / count);
  };
  return mean_above(mean_above(-70.0) - 10.0);
}

AudioBuffer scaled(AudioView audio, double gain_db) {
  AudioBuffer out(audio);
  for (std::size_t c = 0; c < out.channels(); ++c) {
    for (float& x : out.channel(c)) x *= static_cast<float>(std::pow(10.0, gain_db / 20.0));
  }
  return out;
}

AudioBuffer noise(double seconds, int rate_hz, double level) {
  std::mt19937 random(5);
  std::normal_distribution<float> white(0.0F, static_cast<float>(level));
  AudioBuffer out(1, static_cast<std::size_t>(seconds * rate_hz), rate_hz);
  for (float& x : out.channel(0)) x = white(random);
  return out;
}

// Two sentences, each twice, at -23 LUFS.
AudioBuffer speech(int rate_hz) {
  AudioBuffer all(1, 0, 16'000);
  for (int round = 0; round < 2; ++round) {
    for (const char* file : {"media/plc/54_clean.wav", "media/plc/2307_clean.wav"})
      all.append(support::read_wav16(support::data_path(file)).value());
  }
  const AudioBuffer at_rate = dsp::resample(all, rate_hz).value();
  return scaled(at_rate, -23.0 - lufs_of(at_rate));
}

AudioBuffer sent(SpeechGain& gain, AudioView sound, std::size_t block = 480) {
  AudioBuffer out(sound);
  for (std::size_t at = 0; at < out.frames(); at += block)
    gain.process(out.view().slice(at, std::min(block, out.frames() - at)));
  return out;
}

TEST(SpeechGain, BringsSpeechOfAnyLevelAndRateToTheTarget) {
  SYRINX_NEED_DATA("media/plc/54_clean.wav");
  SYRINX_NEED_DATA("media/plc/2307_clean.wav");
  for (const int rate_hz : {8'000, 16'000, 44'100, 48'000}) {
    const AudioBuffer clean = speech(rate_hz);
    for (const double level_db : {-24.0, -12.0, 0.0, 9.0}) {
      auto gain = SpeechGain::create(rate_hz).value();
      const AudioBuffer out = sent(gain, scaled(clean, level_db));
      const std::size_t half = out.frames() / 2;
      EXPECT_NEAR(lufs_of(out.view().slice(half, out.frames() - half)), -23.0, 1.5)
          << rate_hz << " Hz, " << level_db;
      ASSERT_TRUE(gain.statistics().speech_lufs.has_value());
      EXPECT_NEAR(*gain.statistics().speech_lufs, -23.0 + level_db, 3.0);
      EXPECT_NEAR(gain.statistics().gain_db, -level_db, 3.0);
    }
  }
}

TEST(SpeechGain, IsThereWithinTwoSecondsOfSpeech) {
  SYRINX_NEED_DATA("media/plc/54_clean.wav");
  const AudioBuffer quiet = scaled(speech(16'000), -20.0);
  auto gain = SpeechGain::create(16'000).value();
  sent(gain, quiet.view().slice(0, 3 * 16'000));
  EXPECT_GT(gain.statistics().gain_db, 15.0);
}

TEST(SpeechGain, NoiseAloneIsNotRaised) {
  for (const double level : {0.0003, 0.003, 0.03}) {
    const AudioBuffer background = noise(12.0, 16'000, level);
    auto gain = SpeechGain::create(16'000).value();
    const AudioBuffer out = sent(gain, background);
    EXPECT_NEAR(lufs_of(out), lufs_of(background), 0.5) << level;
    EXPECT_LT(gain.statistics().most_gain_db, 0.5) << level;
  }
}

// Speech, eight seconds of its background alone, speech: the gain of the pause is one number.
TEST(SpeechGain, DoesNotPumpInAPause) {
  SYRINX_NEED_DATA("media/plc/54_clean.wav");
  const AudioBuffer quiet = scaled(speech(16'000), -15.0);
  AudioBuffer audio(1, 0, 16'000);
  audio.append(quiet);
  audio.append(AudioBuffer(1, 8 * 16'000, 16'000));
  audio.append(quiet);
  const AudioBuffer background = noise(audio.duration_s(), 16'000, 0.0004);
  for (std::size_t i = 0; i < audio.frames(); ++i) audio.channel(0)[i] += background.channel(0)[i];
  auto gain = SpeechGain::create(16'000).value();
  sent(gain, audio.view().slice(0, quiet.frames() + 16'000));
  const double before = gain.statistics().gain_db;
  EXPECT_GT(before, 6.0);
  double most = before;
  double least = before;
  for (std::size_t at = quiet.frames() + 16'000; at < quiet.frames() + 8 * 16'000; at += 160) {
    sent(gain, audio.view().slice(at, 160));
    most = std::max(most, gain.statistics().gain_db);
    least = std::min(least, gain.statistics().gain_db);
  }
  EXPECT_LT(most - least, 0.5);
  EXPECT_LE(most, before + 0.1);
}

TEST(SpeechGain, ABackgroundIsNotRaisedAboveItsBound) {
  SYRINX_NEED_DATA("media/plc/54_clean.wav");
  AudioBuffer audio = scaled(speech(16'000), -15.0);
  const AudioBuffer background = noise(audio.duration_s(), 16'000, 0.002);  // About -54 dB.
  for (std::size_t i = 0; i < audio.frames(); ++i) audio.channel(0)[i] += background.channel(0)[i];
  auto gain = SpeechGain::create(16'000).value();
  const AudioBuffer pause = noise(3.0, 16'000, 0.002);
  sent(gain, pause);
  sent(gain, audio);
  const AudioBuffer out = sent(gain, pause);
  EXPECT_LT(lufs_of(out.view().slice(16'000, 32'000)), -49.0);
  ASSERT_TRUE(gain.statistics().noise_lufs.has_value());
  EXPECT_NEAR(*gain.statistics().noise_lufs, lufs_of(pause), 2.0);
}

TEST(SpeechGain, NoSampleExceedsTheCeilingAndTheRestIsWhatItWas) {
  auto gain = SpeechGain::create(48'000, 2).value();
  EXPECT_EQ(gain.latency_samples(), 240u);
  AudioBuffer sound(2, 48'000, 48'000);
  for (std::size_t i = 0; i < sound.frames(); ++i)
    sound.channel(0)[i] = 0.25F * static_cast<float>(std::sin(0.05 * static_cast<double>(i)));
  for (std::size_t i = 24'000; i < 24'100; ++i) sound.channel(0)[i] = 3.0F;
  sound.channel(1)[30'000] = -2.0F;
  const AudioBuffer out = sent(gain, sound);
  const float ceiling = static_cast<float>(std::pow(10.0, -1.0 / 20.0)) + 1e-6F;
  for (std::size_t c = 0; c < 2; ++c) {
    for (const float x : out.channel(c)) ASSERT_LE(std::abs(x), ceiling);
  }
  EXPECT_GT(std::abs(out.channel(0)[24'050 + 240]), 0.99F * ceiling);
  for (std::size_t i = 0; i < 20'000; ++i)
    ASSERT_NEAR(out.channel(0)[i + 240], sound.channel(0)[i], 1e-5F);
  EXPECT_NEAR(gain.statistics().most_limited_db, 20.0 * std::log10(3.0) + 1.0, 0.1);
  EXPECT_GT(gain.statistics().limited_frames, 100u);
}

AudioBuffer shelved(AudioView audio, const dsp::Biquad& shelf) {
  AudioBuffer out(audio);
  dsp::BiquadCascade::create({&shelf, 1}, 1).value().process(out.view());
  return out;
}

GainOptions balanced(double most_db) {
  GainOptions options;
  options.most_balance_db = most_db;
  return options;
}

// By how much the high band is weaker than the rest in the sound's second half.
double dullness_db(AudioView audio) {
  const auto bright =
      dsp::high_pass({static_cast<double>(audio.sample_rate_hz()), 2'500.0}).value();
  const auto half = audio.slice(audio.frames() / 2, audio.frames() / 2);
  const AudioBuffer high = shelved(half, bright);
  double all = 0.0, above = 0.0;
  for (std::size_t i = 0; i < half.frames(); ++i) {
    all += std::pow(double{half.channel(0)[i]}, 2.0);
    above += std::pow(double{high.channel(0)[i]}, 2.0);
  }
  return 10.0 * std::log10(all / above);
}

TEST(SpeechGain, BringsTheBandsOfDullAndBoomingSpeechToWherePeoplesAre) {
  SYRINX_NEED_DATA("media/plc/54_clean.wav");
  SYRINX_NEED_DATA("media/plc/2307_clean.wav");
  for (const int rate_hz : {8'000, 16'000, 48'000}) {
    const AudioBuffer clean = speech(rate_hz);
    const auto rate = static_cast<double>(rate_hz);
    auto as_it_is = SpeechGain::create(rate_hz, 1, balanced(12.0)).value();
    sent(as_it_is, clean);
    EXPECT_LT(std::abs(as_it_is.statistics().low_db), 4.0) << rate_hz;
    EXPECT_LT(std::abs(as_it_is.statistics().high_db), 4.0) << rate_hz;

    const AudioBuffer dull = shelved(clean, dsp::high_shelf({rate, 1'500.0, 0.7, -16.0}).value());
    auto gain = SpeechGain::create(rate_hz, 1, balanced(12.0)).value();
    const AudioBuffer lifted = sent(gain, dull);
    EXPECT_GT(gain.statistics().high_db, 6.0) << rate_hz;
    EXPECT_LT(dullness_db(lifted), dullness_db(dull) - 3.5) << rate_hz;
    EXPECT_GT(dullness_db(dull), dullness_db(clean) + 6.0) << rate_hz;
    EXPECT_LT(std::abs(lufs_of(lifted.view().slice(lifted.frames() / 2, lifted.frames() / 2)) + 23),
              1.5);

    const AudioBuffer booming = shelved(clean, dsp::low_shelf({rate, 250.0, 0.7, 20.0}).value());
    auto other = SpeechGain::create(rate_hz, 1, balanced(12.0)).value();
    sent(other, booming);
    EXPECT_LT(other.statistics().low_db, -3.0) << rate_hz;
    other.reset();
    EXPECT_EQ(other.statistics().low_db, 0.0);

    auto off = SpeechGain::create(rate_hz).value();
    sent(off, dull);
    EXPECT_EQ(off.statistics().high_db, 0.0);
  }
}

TEST(SpeechGain, DoesNotRaiseABandOfNoise) {
  SYRINX_NEED_DATA("media/plc/54_clean.wav");
  AudioBuffer dull =
      shelved(speech(16'000), dsp::high_shelf({16'000.0, 1'500.0, 0.7, -30.0}).value());
  const AudioBuffer hiss =
      shelved(noise(dull.duration_s(), 16'000, 0.003), dsp::high_pass({16'000.0, 3'000.0}).value());
  for (std::size_t i = 0; i < hiss.frames(); ++i) dull.channel(0)[i] += hiss.channel(0)[i];
  auto gain = SpeechGain::create(16'000, 1, balanced(20.0)).value();
  sent(gain, dull);
  EXPECT_LT(gain.statistics().high_db, 0.5);
}

TEST(SpeechGain, AnyBlockSizeGivesTheSameSamples) {
  SYRINX_NEED_DATA("media/plc/54_clean.wav");
  const AudioBuffer all = scaled(speech(16'000), -12.0);
  const AudioView sound = all.view().slice(0, 50'000);
  auto gain = SpeechGain::create(16'000, 1, balanced(9.0)).value();
  const AudioBuffer whole = sent(gain, sound, sound.frames());
  for (const std::size_t block : {1u, 7u, 64u, 160u}) {
    gain.reset();
    const AudioBuffer cut = sent(gain, sound, block);
    EXPECT_TRUE(std::ranges::equal(cut.channel(0), whole.channel(0))) << block;
  }
}

TEST(SpeechGain, IsRealTimeSafe) {
  for (const int rate_hz : {8'000, 48'000}) {
    auto gain = SpeechGain::create(rate_hz, 2, balanced(9.0)).value();
    AudioBuffer block(2, 1'000, rate_hz);
    std::ranges::copy(noise(1'000.0 / rate_hz, rate_hz, 0.3).channel(0), block.channel(0).begin());
    EXPECT_REALTIME_SAFE({
      for (int i = 0; i < 60; ++i) gain.process(block.view());
      gain.reset();
    });
  }
}

TEST(SpeechGain, WhatIsNotFiniteIsSilence) {
  auto gain = SpeechGain::create(8'000).value();
  AudioBuffer sound(1, 800, 8'000);
  sound.channel(0)[3] = std::numeric_limits<float>::quiet_NaN();
  sound.channel(0)[4] = std::numeric_limits<float>::infinity();
  sound.channel(0)[5] = 1e9F;
  gain.process(sound.view());
  for (const float x : sound.channel(0)) ASSERT_EQ(x, 0.0F);
  EXPECT_EQ(gain.statistics().bad_samples, 3u);
}

TEST(SpeechGain, RefusesWhatItCannotServe) {
  EXPECT_EQ(SpeechGain::create(4'000).error().code, ErrorCode::kInvalidArgument);
  EXPECT_FALSE(SpeechGain::create(16'000, 0));
  GainOptions loud;
  loud.target_lufs = 0.0;
  const auto refused = SpeechGain::create(16'000, 1, loud);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("target_lufs"), std::string::npos);
  GainOptions none;
  none.max_gain_db = std::nan("");
  EXPECT_FALSE(SpeechGain::create(16'000, 1, none));
}

}  // namespace
}  // namespace syrinx::enhance
