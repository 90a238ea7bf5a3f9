// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/voice/psola.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "support/realtime_guard.h"
#include "syrinx/stages/voice/voice_test_support.h"

namespace syrinx::voice {
namespace {

std::unique_ptr<VoiceTransform> prepared(const VoiceSettings& settings, AudioView audio,
                                         const PsolaOptions& options = {}) {
  auto transform = std::move(make_psola(options, settings)).value();
  transform->prepare({audio.sample_rate_hz(), audio.channels(), 1u << 20}).value();
  return transform;
}

AudioBuffer changed(VoiceTransform& transform, AudioBuffer audio, std::size_t block = 4'096) {
  for (std::size_t at = 0; at < audio.frames(); at += block)
    transform.process(audio.view().slice(at, std::min(block, audio.frames() - at)));
  return audio;
}
AudioBuffer changed(const VoiceSettings& settings, const AudioBuffer& audio,
                    std::size_t block = 4'096) {
  return changed(*prepared(settings, audio), audio, block);
}

TEST(Psola, LeavesAVoiceAsItIsWhenNothingIsAskedFor) {
  for (const int rate : {16'000, 48'000}) {
    const AudioBuffer voice = voice_at(120.0, 1.0, rate);
    auto transform = prepared({}, voice);
    const AudioBuffer same = changed(*transform, voice);
    const std::size_t lag = transform->latency_samples();
    double worst = 0.0;
    for (std::size_t i = 0; i + lag < voice.frames(); ++i)
      worst = std::max(worst, std::abs(static_cast<double>(same.channel(0)[i + lag]) -
                                       static_cast<double>(voice.channel(0)[i])));
    EXPECT_LT(worst, 1e-3) << rate;
  }
}

TEST(Psola, LetsUnvoicedSoundThroughUntouched) {
  const AudioBuffer hiss = noise(2, 24'000, 48'000);
  VoiceSettings settings;
  settings.pitch_ratio = 1.7;
  auto transform = prepared(settings, hiss);
  const AudioBuffer out = changed(*transform, hiss);
  const std::size_t lag = transform->latency_samples();
  for (std::size_t i = 0; i + lag < hiss.frames(); ++i)
    ASSERT_NEAR(out.channel(1)[i + lag], hiss.channel(1)[i], 1e-5f) << i;
}

// A resonance of noise around `hz`.
AudioBuffer hiss_around(double hz, double seconds, int rate_hz) {
  AudioBuffer audio = noise(1, static_cast<std::size_t>(seconds * rate_hz), rate_hz, 0.02f);
  const double r = std::exp(-std::numbers::pi * 300.0 / rate_hz);
  const double a1 = -2.0 * r * std::cos(2.0 * std::numbers::pi * hz / rate_hz);
  double y1 = 0.0;
  double y2 = 0.0;
  for (float& x : audio.channel(0)) {
    const double y = static_cast<double>(x) - a1 * y1 - r * r * y2;
    y2 = std::exchange(y1, y);
    x = static_cast<float>(y);
  }
  return audio;
}

double crossings_per_sample(std::span<const float> x) {
  std::size_t count = 0;
  for (std::size_t i = 1; i < x.size(); ++i)
    if ((x[i] < 0.0f) != (x[i - 1] < 0.0f)) ++count;
  return static_cast<double>(count) / static_cast<double>(x.size());
}

TEST(Psola, MovesTheSpectrumOfNoiseAsTheFormantsAndKeepsItsLevel) {
  const AudioBuffer hiss = hiss_around(3'000.0, 2.0, 24'000);
  for (const double ratio : {0.8, 1.2, 1.5}) {
    VoiceSettings settings;
    settings.formant_ratio = ratio;
    auto transform = prepared(settings, hiss);
    const AudioBuffer out = changed(*transform, hiss);
    const auto tail = out.channel(0).subspan(12'000);
    EXPECT_NEAR(crossings_per_sample(tail) / crossings_per_sample(hiss.channel(0)), ratio,
                0.03 * ratio);
    EXPECT_NEAR(10.0 * std::log10(power(tail) / power(hiss.channel(0))), 0.0, 0.9) << ratio;
  }
}

TEST(Psola, MovesThePitchByTheRatio) {
  for (const double hz : {90.0, 150.0, 240.0}) {
    const AudioBuffer voice = voice_at(hz, 1.0, 24'000);
    for (const double ratio : {0.5, 0.7, 1.0, 1.3, 2.0, 3.0}) {
      VoiceSettings settings;
      settings.pitch_ratio = ratio;
      settings.aspiration = 0.0;  // Noise that is always of the same period hides the octave.
      if (hz * ratio > 700.0) continue;
      EXPECT_NEAR(median_f0(changed(settings, voice)) / (hz * ratio), 1.0, 0.005)
          << hz << " * " << ratio;
    }
  }
}

// Of F0 against `ratio` times that of the source, both through the same window, over the middle.
double f0_error_rms(const AudioBuffer& voice, const AudioBuffer& out, std::size_t lag,
                    double ratio) {
  dsp::F0Options options;
  options.min_hz = 50.0;
  options.max_hz = 450.0;
  const auto before = dsp::autocorrelation_f0(voice, options).value();
  const auto later = out.view().slice(lag, out.frames() - lag);
  const auto after = dsp::autocorrelation_f0(later, options).value();
  double squares = 0.0;
  double frames = 0.0;
  for (std::size_t i = 10; i + 10 < after.frames(); ++i) {
    const double error = after.hz[i] / (ratio * before.hz[i]) - 1.0;
    squares += error * error;
    frames += 1.0;
  }
  return std::sqrt(squares / frames);
}

TEST(Psola, FollowsAMovingPitchInEveryMode) {
  // Falls by an octave in two seconds, and trembles.
  const AudioBuffer voice =
      voice_along([](double s) { return 220.0 * std::exp2(-0.5 * s + 0.03 * std::sin(30.0 * s)); },
                  2.0, 24'000);
  for (const double latency_ms : {43.0, 88.0}) {
    for (const double ratio : {0.5, 0.8, 1.26, 2.0}) {
      PsolaOptions options;
      options.latency_ms = latency_ms;
      options.marks.reach_back_ms = 5.0;
      VoiceSettings settings;
      settings.pitch_ratio = ratio;
      auto transform = prepared(settings, voice, options);
      const AudioBuffer out = changed(*transform, voice);
      EXPECT_LT(f0_error_rms(voice, out, transform->latency_samples(), ratio), 0.0025)
          << latency_ms << " ms, " << ratio;
    }
  }
}

TEST(Psola, KeepsTheLevel) {
  const AudioBuffer voice = voice_at(130.0, 1.0, 24'000);
  for (const double ratio : {0.5, 0.75, 1.5, 2.0}) {
    VoiceSettings settings;
    settings.pitch_ratio = ratio;
    const AudioBuffer out = changed(settings, voice);
    const double db = 10.0 * std::log10(power(out.channel(0).subspan(6'000)) /
                                        power(voice.channel(0).subspan(6'000)));
    EXPECT_NEAR(db, 0.0, 2.0) << ratio;
  }
}

// The amplitude of what sounds at `hz`, under a Hann window over the middle half.
double amplitude_at(double hz, const AudioBuffer& audio) {
  const auto x = audio.channel(0).subspan(audio.frames() / 4, audio.frames() / 2);
  double re = 0.0;
  double im = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double turns = static_cast<double>(i) / static_cast<double>(x.size());
    const double weight = 0.5 - 0.5 * std::cos(2.0 * std::numbers::pi * turns);
    const double angle =
        2.0 * std::numbers::pi * hz * static_cast<double>(i) / audio.sample_rate_hz();
    re += weight * static_cast<double>(x[i]) * std::cos(angle);
    im += weight * static_cast<double>(x[i]) * std::sin(angle);
  }
  return std::hypot(re, im);
}

double rms(std::span<const float> x) {
  double sum = 0.0;
  for (const float v : x) sum += static_cast<double>(v) * static_cast<double>(v);
  return std::sqrt(sum / static_cast<double>(x.size()));
}

// What aspiration adds to the voice raised by `ratio`.
AudioBuffer aspiration_of(const AudioBuffer& voice, double ratio, double share) {
  VoiceSettings settings;
  settings.pitch_ratio = ratio;
  settings.aspiration = 0.0;
  const AudioBuffer plain = changed(settings, voice);
  settings.aspiration = share;
  AudioBuffer out = changed(settings, voice);
  for (std::size_t i = 0; i < out.frames(); ++i) out.channel(0)[i] -= plain.channel(0)[i];
  return out;
}

double power_around(double hz, const AudioBuffer& audio) {
  double sum = 0.0;
  for (double at = hz - 60.0; at <= hz + 60.0; at += 5.0)
    sum += std::pow(amplitude_at(at, audio), 2.0);
  return sum;
}

// The formants of the voice stand at 700, 1200 and 2600 Hz.
TEST(Psola, BreathesBetweenTheHarmonicsOfARaisedVoice) {
  const AudioBuffer voice = voice_at(200.0, 2.0, 24'000);
  const AudioBuffer noise = aspiration_of(voice, 2.0, 0.2);
  const double share = rms(noise.channel(0)) / rms(voice.channel(0));
  EXPECT_GT(share, 0.1);
  EXPECT_LT(share, 0.25);
  EXPECT_NEAR(rms(aspiration_of(voice, 2.0, 0.4).channel(0)) / rms(noise.channel(0)), 2.0, 1e-3);
  EXPECT_GT(power_around(700.0, noise), 30.0 * power_around(1'900.0, noise));
  EXPECT_GT(power_around(600.0, noise), 0.1 * power_around(800.0, noise)) << "off the harmonics";
}

// With random signs some frames have a hundredth of the power of others there.
TEST(Psola, FillsTheGapBetweenHarmonicsInEveryFrame) {
  const AudioBuffer voice = voice_at(200.0, 2.0, 24'000);
  const AudioBuffer noise = aspiration_of(voice, 2.0, 0.35);
  for (const double hz : {600.0, 1'000.0, 1'100.0, 1'300.0}) {
    double sum = 0.0, least = 1e9;
    std::size_t frames = 0;
    for (std::size_t at = 2'400; at < 45'000; at += 1'200, ++frames) {
      const double power = power_around(hz, AudioBuffer(noise.view().slice(at, 1'200)));
      sum += power;
      least = std::min(least, power);
    }
    EXPECT_GT(least, 0.4 * sum / static_cast<double>(frames)) << hz;
  }
}

TEST(Psola, DoesNotBreatheWhereHarmonicsAreClose) {
  const AudioBuffer high = voice_at(200.0, 1.0, 24'000);
  const AudioBuffer low = voice_at(90.0, 1.0, 24'000);
  EXPECT_EQ(rms(aspiration_of(high, 1.0, 0.5).channel(0)), 0.0);
  EXPECT_EQ(rms(aspiration_of(high, 0.5, 0.5).channel(0)), 0.0);
  EXPECT_EQ(rms(aspiration_of(low, 2.0, 0.5).channel(0)), 0.0);
  const double part = rms(aspiration_of(high, 1.26, 0.5).channel(0));
  EXPECT_GT(part, 0.0);
  EXPECT_LT(part, 0.5 * rms(aspiration_of(high, 2.0, 0.5).channel(0)));
}

VoiceSettings busy() {
  VoiceSettings settings;
  settings.pitch_ratio = 1.4;
  settings.formant_ratio = 1.15;
  settings.intonation = 1.3;
  settings.tilt_db_per_octave = -2.0;
  settings.breathiness = 0.5;
  settings.roughness = 0.4;
  settings.aspiration = 0.4;
  settings.whisper = 0.2;
  settings.tremor_semitones = 0.5;
  return settings;
}

TEST(Psola, GivesTheSameSamplesForAnyBlocks) {
  AudioBuffer voice = voice_at(140.0, 0.6, 16'000);
  voice.append(noise(1, 3'000, 16'000).view());
  const AudioBuffer whole = changed(busy(), voice, voice.frames());
  for (const std::size_t block : {1u, 7u, 64u})
    EXPECT_TRUE(same(changed(busy(), voice, block), whole));
}

TEST(Psola, IsSafeInRealTime) {
  AudioBuffer voice = voice_at(140.0, 0.5, 16'000);
  auto transform = prepared(busy(), voice);
  EXPECT_REALTIME_SAFE({
    transform->process(voice.view());
    transform->set({});
    transform->process(voice.view());
    transform->reset();
  });
}

TEST(Psola, ForgetsThePastWhenReset) {
  const AudioBuffer voice = voice_at(140.0, 0.5, 16'000);
  auto transform = prepared(busy(), voice);
  const AudioBuffer first = changed(*transform, voice);
  transform->reset();
  EXPECT_TRUE(same(changed(*transform, voice), first));
}

TEST(Psola, GlidesToNewSettingsWithoutAClick) {
  const AudioBuffer voice = voice_at(140.0, 1.0, 24'000);
  auto transform = prepared({}, voice);
  AudioBuffer out = voice;
  VoiceSettings other;
  other.pitch_ratio = 1.5;
  other.tilt_db_per_octave = -3.0;
  double steepest_before = 0.0;
  for (std::size_t i = 1; i < voice.frames(); ++i)
    steepest_before =
        std::max(steepest_before,
                 static_cast<double>(std::abs(voice.channel(0)[i] - voice.channel(0)[i - 1])));
  for (std::size_t at = 0; at < out.frames(); at += 2'400) {
    transform->set((at / 2'400) % 2 == 0 ? VoiceSettings{} : other);
    transform->process(out.view().slice(at, 2'400));
  }
  for (std::size_t i = 1; i < out.frames(); ++i)
    ASSERT_LT(std::abs(out.channel(0)[i] - out.channel(0)[i - 1]), 1.6 * steepest_before) << i;
}

TEST(Psola, TakesDamagedSamplesForSilenceAndCountsThem) {
  AudioBuffer damaged = voice_at(140.0, 0.5, 16'000);
  AudioBuffer silenced = damaged;
  damaged.channel(0)[100] = std::numeric_limits<float>::quiet_NaN();
  damaged.channel(0)[4'000] = -std::numeric_limits<float>::infinity();
  damaged.channel(0)[5'000] = 1e30f;
  for (const std::size_t i : {100u, 4'000u, 5'000u}) silenced.channel(0)[i] = 0.0f;
  auto transform = prepared(busy(), damaged);
  EXPECT_TRUE(same(changed(*transform, damaged), changed(busy(), silenced)));
  EXPECT_EQ(transform->bad_samples(), 3u);
}

TEST(Psola, KeepsSilenceAndSteadyLevelsAsTheyAre) {
  for (const float level : {0.0f, 0.25f}) {
    AudioBuffer flat(1, 16'000, 16'000);
    for (float& x : flat.channel(0)) x = level;
    VoiceSettings settings;
    settings.pitch_ratio = 2.0;
    const AudioBuffer out = changed(settings, flat);
    for (std::size_t i = 4'000; i < out.frames(); ++i) ASSERT_NEAR(out.channel(0)[i], level, 1e-5f);
  }
}

TEST(Psola, MovesAVoiceThatLiesOnAConstantAsWithoutIt) {
  AudioBuffer voice(1, 16'000, 16'000);  // The constant is there a second before.
  voice.append(voice_at(150.0, 1.0, 16'000));
  AudioBuffer lifted = voice;
  for (float& x : lifted.channel(0)) x += 0.3f;
  VoiceSettings settings;
  settings.pitch_ratio = 1.4;
  const AudioBuffer expected = changed(settings, voice);
  const AudioBuffer out = changed(settings, lifted);
  for (std::size_t i = 16'000; i < out.frames(); ++i)
    ASSERT_NEAR(out.channel(0)[i] - 0.3f, expected.channel(0)[i], 1e-3f) << i;
}

TEST(Psola, LetsAClickPassAtItsLatency) {
  for (const double latency_ms : {24.0, 49.0, 90.0}) {
    AudioBuffer click(1, 16'000, 16'000);
    for (float& x : click.channel(0)) x = 0.0f;
    click.channel(0)[5'000] = 0.8f;
    PsolaOptions options;
    options.latency_ms = latency_ms;
    auto transform = prepared({}, click, options);
    const AudioBuffer out = changed(*transform, click);
    const auto x = out.channel(0);
    const auto top = std::max_element(x.begin(), x.end()) - x.begin();
    EXPECT_EQ(static_cast<std::size_t>(top), 5'000 + transform->latency_samples());
    EXPECT_EQ(transform->latency_samples(), static_cast<std::size_t>(latency_ms * 16.0));
  }
}

TEST(Psola, ServesAllRatesAndManyChannels) {
  for (const int rate : {8'000, 11'025, 44'100, 96'000, 192'000}) {
    const AudioBuffer voice = voice_at(150.0, 0.4, rate);
    VoiceSettings settings;
    settings.pitch_ratio = 1.5;
    EXPECT_NEAR(median_f0(changed(settings, voice)), 225.0, 2.0) << rate;
  }
  AudioBuffer eight(8, 4'000, 16'000);
  for (std::size_t c = 0; c < 8; ++c)
    for (float& x : eight.channel(c)) x = 0.0f;
  const AudioBuffer still = changed(busy(), eight);
  for (const float x : still.channel(7)) ASSERT_EQ(x, 0.0f);
}

TEST(Psola, WhispersWithoutPitch) {
  const AudioBuffer voice = voice_at(140.0, 1.0, 16'000);
  VoiceSettings settings;
  settings.whisper = 1.0;
  const AudioBuffer out = changed(settings, voice);
  const auto track = dsp::autocorrelation_f0(out).value();
  const auto voiced =
      std::count_if(track.hz.begin(), track.hz.end(), [](double hz) { return hz > 0.0; });
  EXPECT_LT(static_cast<double>(voiced) / static_cast<double>(track.frames()), 0.25);
  EXPECT_GT(power(out.channel(0)), 0.02 * power(voice.channel(0)));
}

TEST(VoiceSettings, AreRefusedOutOfRangeWithAReason) {
  VoiceSettings settings;
  settings.pitch_ratio = 5.0;
  const auto checked = validate(settings);
  ASSERT_FALSE(checked);
  EXPECT_NE(checked.error().message.find("pitch ratio is 5; give 0.25 to 4"), std::string::npos);
  settings.pitch_ratio = std::nan("");
  EXPECT_FALSE(validate(settings));
  EXPECT_EQ(limited(settings).pitch_ratio, 1.0);
}

}  // namespace
}  // namespace syrinx::voice
