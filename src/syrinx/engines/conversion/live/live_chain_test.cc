// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/conversion/live/live_chain.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include "support/realtime_guard.h"
#include "syrinx/engines/conversion/conversion.h"
#include "syrinx/engines/conversion/live/live_test_support.h"

namespace syrinx::conversion {
namespace {

using namespace testing;  // NOLINT: helpers of these tests.

LiveChainOptions simple(LiveLevel best = LiveLevel::kHigh, std::size_t channels = 1) {
  LiveChainOptions options;
  options.channels = channels;
  options.best = best;
  options.transforms = late_gains();
  return options;
}

AudioBuffer sine(std::size_t frames, std::size_t channels = 1) {
  AudioBuffer audio(channels, frames, 48'000);
  for (std::size_t c = 0; c < channels; ++c)
    for (std::size_t i = 0; i < frames; ++i)
      audio.channel(c)[i] = 0.5f * static_cast<float>(std::sin(0.01 * static_cast<double>(i)));
  return audio;
}

AudioBuffer sent_through(LiveChain& chain, AudioView sound, std::size_t block = 480) {
  AudioBuffer out(sound);
  for (std::size_t at = 0; at < out.frames(); at += block)
    chain.process(out.view().slice(at, std::min(block, out.frames() - at)));
  return out;
}

float worst_difference(std::span<const float> a, std::span<const float> b) {
  float worst = 0.0f;
  for (std::size_t i = 0; i < a.size(); ++i) worst = std::max(worst, std::abs(a[i] - b[i]));
  return worst;
}

float steepest(std::span<const float> x) {
  float most = 0.0f;
  for (std::size_t i = 1; i < x.size(); ++i) most = std::max(most, std::abs(x[i] - x[i - 1]));
  return most;
}

// What comes `latency` frames after `in`, times a gain.
void expect_late(AudioView in, AudioView out, std::size_t latency, float gain, std::size_t from) {
  for (std::size_t i = from; i < out.frames(); ++i)
    ASSERT_NEAR(out.channel(0)[i], gain * in.channel(0)[i - latency], 1e-5f) << i;
}

TEST(LiveChain, GivesWhatItsTransformMakes) {
  for (const LiveLevel level : {LiveLevel::kHigh, LiveLevel::kBalanced, LiveLevel::kLow}) {
    auto chain = LiveChain::create(simple(level)).value();
    EXPECT_EQ(chain->latency_samples(), latency_of(level));
    const auto in = sine(9'600);
    expect_late(in, sent_through(*chain, in), latency_of(level), gain_of(level), 1'000);
  }
}

TEST(LiveChain, AnyBlockSizeGivesTheSameSamples) {
  LiveChainOptions options = simple(LiveLevel::kHigh, 2);
  options.denoise = enhance::DenoiseKind::kStatistical;
  options.gate_db = -60.0;
  options.max_block_frames = 6'000;
  const auto in = sine(6'000, 2);
  const auto whole = sent_through(*LiveChain::create(options).value(), in, 6'000);
  for (const std::size_t block : {1u, 7u, 64u}) {
    const auto cut = sent_through(*LiveChain::create(options).value(), in, block);
    EXPECT_EQ(worst_difference(cut.channel(1), whole.channel(1)), 0.0f) << block;
  }
}

TEST(LiveChain, BypassPlaysTheInputInTimeWithTheVoiceAndDoesNotClick) {
  auto chain = LiveChain::create(simple()).value();
  const auto in = sine(48'000);
  AudioBuffer out(in.view());
  for (std::size_t at = 0; at < out.frames(); at += 480) {
    if (at == 24'000) chain->set_bypass(true);
    chain->process(out.view().slice(at, 480));
  }
  EXPECT_TRUE(chain->bypassed());
  expect_late(in, out.view(), 300, 1.0f, 26'000);
  EXPECT_LT(steepest(out.channel(0)), 1.2f * steepest(in.channel(0)));
}

TEST(LiveChain, ChangesLevelsWithoutAClickOnceTheNewOneIsWarm) {
  auto chain = LiveChain::create(simple()).value();
  const auto in = sine(96'000);
  AudioBuffer out(in.view());
  for (std::size_t at = 0; at < out.frames(); at += 480) {
    if (at == 19'200) chain->set_level(LiveLevel::kLow);
    if (at == 48'000) chain->set_level(LiveLevel::kPassThrough);
    if (at == 72'000) chain->set_level(LiveLevel::kBalanced);
    chain->process(out.view().slice(at, 480));
  }
  EXPECT_LT(steepest(out.channel(0)), 1.2f * steepest(in.channel(0)));
  const auto part = [&](std::size_t from, std::size_t frames) {
    return std::pair(in.view().slice(from - 300, frames + 300),
                     out.view().slice(from - 300, frames + 300));
  };
  const auto [low_in, low_out] = part(26'000, 20'000);
  expect_late(low_in, low_out, 100, gain_of(LiveLevel::kLow), 300);
  const auto [dry_in, dry_out] = part(52'000, 20'000);
  expect_late(dry_in, dry_out, 100, 1.0f, 300);
  const auto [balanced_in, balanced_out] = part(80'000, 16'000);
  expect_late(balanced_in, balanced_out, 200, gain_of(LiveLevel::kBalanced), 300);
}

TEST(LiveChain, ALevelAboveTheBestIsNotTaken) {
  auto chain = LiveChain::create(simple(LiveLevel::kBalanced)).value();
  chain->set_level(LiveLevel::kHigh);
  EXPECT_EQ(chain->level(), LiveLevel::kBalanced);
}

TEST(LiveChain, GainsGlideAndLevelsAreMeasured) {
  auto chain = LiveChain::create(simple()).value();
  const auto in = sine(48'000);
  AudioBuffer out(in.view());
  for (std::size_t at = 0; at < out.frames(); at += 480) {
    if (at == 24'000) chain->set_gains(-6.0206, 12.0412);
    chain->process(out.view().slice(at, 480));
  }
  expect_late(in, out.view(), 300, 1.0f, 30'000);  // A half, a half and four.
  EXPECT_NEAR(chain->input_db(), -12.0, 1.0);
  EXPECT_LT(steepest(out.channel(0)), 1.5f * steepest(in.channel(0)));
}

TEST(LiveChain, TheGateClosesOnWhatIsQuiet) {
  LiveChainOptions options = simple();
  options.gate_db = -30.0;
  auto chain = LiveChain::create(options).value();
  AudioBuffer in = sine(96'000);
  for (float& x : in.channel(0)) x *= 0.002f;
  const auto out = sent_through(*chain, in);
  EXPECT_LT(*std::max_element(out.channel(0).begin() + 48'000, out.channel(0).end()), 1e-5f);
}

TEST(LiveChain, WhatIsNotFiniteIsSilenceAndCounted) {
  auto chain = LiveChain::create(simple()).value();
  AudioBuffer in = sine(960);
  in.channel(0)[5] = std::numeric_limits<float>::quiet_NaN();
  const auto out = sent_through(*chain, in);
  for (const float x : out.channel(0)) ASSERT_TRUE(std::isfinite(x));
  EXPECT_EQ(chain->bad_samples(), 1u);
}

TEST(LiveChain, TheVoicesOwnTransformsAreRealTimeSafeAndAsLateAsTheirModesSay) {
  LiveChainOptions options;
  options.best = LiveLevel::kHigh;
  options.voice.pitch_ratio = 1.3;
  options.denoise = enhance::DenoiseKind::kStatistical;
  options.gate_db = -60.0;
  auto chain = LiveChain::create(options).value();
  AudioBuffer block = sine(480);
  EXPECT_TRUE(chain->realtime_safe());
  EXPECT_REALTIME_SAFE(for (int i = 0; i < 100; ++i) {
    if (i == 10) chain->set_level(LiveLevel::kLow);
    if (i == 50) chain->set_level(LiveLevel::kPassThrough);
    if (i == 60) chain->set_bypass(true);
    if (i == 70) chain->set_level(LiveLevel::kBalanced);
    chain->process(block.view());
  });
  const double denoiser_ms = 1e3 * 959.0 / 48'000.0;
  EXPECT_LT(1e3 * static_cast<double>(chain->latency_samples(LiveLevel::kLow)) / 48'000.0,
            most_latency_ms(Mode::kLow) + denoiser_ms);
}

TEST(LiveChain, RefusesWhatItCannotServe) {
  LiveChainOptions options = simple();
  options.input_gain_db = 100.0;
  EXPECT_FALSE(LiveChain::create(options));
  EXPECT_FALSE(LiveChain::create(simple(LiveLevel::kPassThrough)));
  options = simple();
  options.sample_rate_hz = 4'000;
  EXPECT_FALSE(LiveChain::create(options));
}

}  // namespace
}  // namespace syrinx::conversion
