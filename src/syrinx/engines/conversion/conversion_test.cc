// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/conversion/conversion.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "support/realtime_guard.h"
#include "syrinx/core/flow/buffer_source.h"
#include "syrinx/engines/conversion/conversion_stream.h"

namespace syrinx::conversion {
namespace {

// A buzz of this pitch in each channel.
AudioBuffer buzz(std::vector<double> hz, double seconds, int rate_hz = 16'000) {
  AudioBuffer audio(hz.size(), static_cast<std::size_t>(seconds * rate_hz), rate_hz);
  for (std::size_t c = 0; c < hz.size(); ++c) {
    double turn = 0.0;
    for (float& x : audio.channel(c)) {
      x = static_cast<float>(0.3 * std::exp(-12.0 * turn) * std::sin(40.0 * turn));
      turn += hz[c] / rate_hz;
      turn -= std::floor(turn);
    }
  }
  return audio;
}

double f0_of(AudioView audio, std::size_t channel = 0) {
  AudioBuffer one(1, audio.frames(), audio.sample_rate_hz());
  std::copy(audio.channel(channel).begin(), audio.channel(channel).end(), one.channel(0).begin());
  BufferSource source(std::move(one));
  return summarise_f0(source)->median_hz;
}

AudioBuffer converted(const AudioBuffer& audio, const ConversionOptions& options) {
  auto source = make_conversion(std::make_unique<BufferSource>(audio), options).value();
  AudioBuffer all;
  AudioBuffer part;
  while (source->next(part, {}).value()) all.append(part.view());
  return all;
}

TEST(Conversion, KeepsBelowTheLatencyOfItsModeAtEveryRate) {
  for (const Mode mode : {Mode::kLow, Mode::kBalanced, Mode::kHigh}) {
    for (const int rate : {8'000, 16'000, 44'100, 48'000, 96'000}) {
      TransformOptions options;
      options.mode = mode;
      const auto transform = make_transform(options, {rate, 1, 256}).value();
      const double latency_ms = 1e3 * static_cast<double>(transform->latency_samples()) / rate;
      EXPECT_LT(latency_ms, most_latency_ms(mode)) << to_string(mode) << " at " << rate;
      // And an impulse comes out exactly then.
      AudioBuffer click(1, static_cast<std::size_t>(rate / 2), rate);
      for (float& x : click.channel(0)) x = 0.0f;
      const auto at = static_cast<std::size_t>(rate / 5);
      click.channel(0)[at] = 0.5f;
      for (std::size_t i = 0; i < click.frames(); i += 256)
        transform->process(click.view().slice(i, std::min<std::size_t>(256, click.frames() - i)));
      EXPECT_NEAR(click.channel(0)[at + transform->latency_samples()], 0.5f, 1e-4f);
    }
  }
}

TEST(Conversion, MovesThePitchInEveryMode) {
  const AudioBuffer voice = buzz({130.0}, 1.0);
  for (const Mode mode : {Mode::kLow, Mode::kBalanced, Mode::kHigh}) {
    ConversionOptions options;
    options.transform.mode = mode;
    options.transform.settings.pitch_ratio = 1.5;
    const AudioBuffer out = converted(voice, options);
    EXPECT_EQ(out.frames(), voice.frames());
    EXPECT_NEAR(f0_of(out), 195.0, 1.5) << to_string(mode);
  }
}

TEST(Conversion, TakesIndependentChannelsForTwoTalkers) {
  const AudioBuffer voices = buzz({120.0, 210.0}, 1.0);
  for (const double speed : {1.0, 1.25}) {
    ConversionOptions options;
    options.speed = speed;
    options.transform.link = ChannelLink::kIndependent;
    options.transform.settings.pitch_ratio = 1.2;
    const AudioBuffer out = converted(voices, options);
    EXPECT_NEAR(f0_of(out, 0), 144.0, 1.5) << speed;
    EXPECT_NEAR(f0_of(out, 1), 252.0, 2.5) << speed;
  }
}

TEST(Conversion, KeepsLinkedChannelsAlike) {
  AudioBuffer voice = buzz({150.0, 150.0}, 0.5);
  for (float& x : voice.channel(1)) x *= 0.5f;
  for (const ChannelLink link : {ChannelLink::kLinked, ChannelLink::kMidSide}) {
    // Mid and side have marks of their own, which rounding may part by a sample of this buzz.
    const float tolerance = link == ChannelLink::kLinked ? 1e-5f : 0.05f;
    for (const double speed : {1.0, 0.8}) {
      ConversionOptions options;
      options.speed = speed;
      options.transform.link = link;
      options.transform.settings.pitch_ratio = 0.8;
      const AudioBuffer out = converted(voice, options);
      for (std::size_t i = 0; i < out.frames(); ++i)
        ASSERT_NEAR(out.channel(1)[i], 0.5f * out.channel(0)[i], tolerance) << to_string(link);
    }
  }
}

TEST(Conversion, RefusesMidAndSideOfOtherThanTwoChannels) {
  for (const double speed : {1.0, 2.0}) {
    ConversionOptions options;
    options.speed = speed;
    options.transform.link = ChannelLink::kMidSide;
    const auto made = make_conversion(std::make_unique<BufferSource>(buzz({100.0}, 0.1)), options);
    ASSERT_FALSE(made);
    EXPECT_NE(made.error().message.find("the sound has 1"), std::string::npos);
  }
}

TEST(Conversion, IsSafeInRealTimeWithLinkedChannels) {
  for (const ChannelLink link :
       {ChannelLink::kLinked, ChannelLink::kIndependent, ChannelLink::kMidSide}) {
    TransformOptions options;
    options.link = link;
    options.settings.pitch_ratio = 1.3;
    const auto transform = make_transform(options, {16'000, 2, 1u << 16}).value();
    AudioBuffer voice = buzz({120.0, 180.0}, 0.5);
    EXPECT_REALTIME_SAFE(transform->process(voice.view()));
  }
}

TEST(Conversion, NamesItsModesAndLinks) {
  for (const Mode mode : {Mode::kLow, Mode::kBalanced, Mode::kHigh})
    EXPECT_EQ(parse_mode(to_string(mode)).value(), mode);
  for (const ChannelLink link :
       {ChannelLink::kLinked, ChannelLink::kIndependent, ChannelLink::kMidSide})
    EXPECT_EQ(parse_channel_link(to_string(link)).value(), link);
  EXPECT_NE(parse_mode("fast").error().message.find("low, balanced, high"), std::string::npos);
}

TEST(Conversion, FindsNoPitchInSilence) {
  AudioBuffer silence(1, 16'000, 16'000);
  for (float& x : silence.channel(0)) x = 0.0f;
  EXPECT_EQ(f0_of(silence), 0.0);
}

}  // namespace
}  // namespace syrinx::conversion
