// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "support/realtime_guard.h"
#include "syrinx/stages/enhance/dtmf/dtmf_detector.h"
#include "syrinx/stages/enhance/dtmf/dtmf_tones.h"

namespace syrinx::enhance {
namespace {

const std::string kDigits = "0123456789*#ABCD0055";

std::string digits_in(AudioView audio) {
  std::string digits;
  const std::vector<DtmfEvent> events = find_digits(audio).value();
  for (const DtmfEvent& event : events) digits += event.digit;
  return digits;
}

// The least that is to be taken: 40 ms and 50 ms, in noise of that ratio over both tones.
AudioBuffer shortest(DtmfToneOptions options, int rate_hz, double snr_db = 15.0) {
  options.tone_ms = 40.0;
  options.pause_ms = 50.0;
  AudioBuffer audio = make_dtmf(kDigits, rate_hz, options).value();
  const double power =
      std::pow(10.0, options.low_dbov / 10) + std::pow(10.0, options.high_dbov / 10);
  std::mt19937 random(3);
  std::normal_distribution<float> noise(
      0.0F, static_cast<float>(std::sqrt(power) * std::pow(10.0, -snr_db / 20)));
  for (float& sample : audio.channel(0)) sample += noise(random);
  return audio;
}

TEST(Dtmf, EveryDigitOfLeastLengthIsHeardInNoiseAtEveryRate) {
  for (const int rate_hz : {8'000, 11'025, 16'000, 44'100, 48'000})
    EXPECT_EQ(digits_in(shortest({}, rate_hz)), kDigits) << rate_hz;
}

TEST(Dtmf, TonesThatAreALittleOffAreTakenAndThoseThatAreFurtherAreNot) {
  for (const int rate_hz : {8'000, 48'000}) {
    for (const double off : {0.015, -0.015}) {
      DtmfToneOptions options;
      options.frequency_error = off;
      EXPECT_EQ(digits_in(shortest(options, rate_hz)), kDigits) << off;
      options.frequency_error = off > 0 ? 0.035 : -0.035;
      EXPECT_EQ(digits_in(make_dtmf(kDigits, rate_hz, options).value()), "") << off;
      EXPECT_EQ(digits_in(shortest(options, rate_hz)), "") << off;
    }
  }
}

TEST(Dtmf, OneToneMayBeWeakerThanTheOther) {
  DtmfToneOptions options;
  options.low_dbov = -12.0;
  options.high_dbov = -20.0;
  EXPECT_EQ(digits_in(shortest(options, 8'000)), kDigits);
  options.high_dbov = -8.0;
  EXPECT_EQ(digits_in(shortest(options, 8'000)), kDigits);
  options.high_dbov = -26.0;
  EXPECT_EQ(digits_in(make_dtmf(kDigits, 8'000, options).value()), "") << "but not by 14 dB";
}

TEST(Dtmf, LoudAndQuietTonesAreHeardOver35Db) {
  for (const double dbov : {-7.0, -25.0, -43.0}) {
    DtmfToneOptions options;
    options.low_dbov = options.high_dbov = dbov;
    EXPECT_EQ(digits_in(shortest(options, 8'000)), kDigits) << dbov;
  }
}

TEST(Dtmf, ATooShortToneIsNoDigit) {
  DtmfToneOptions options;
  options.tone_ms = 20.0;
  EXPECT_EQ(digits_in(make_dtmf(kDigits, 8'000, options).value()), "");
}

TEST(Dtmf, AnInterruptionOfTenMillisecondsDoesNotDoubleADigit) {
  DtmfToneOptions options;
  options.tone_ms = 120.0;
  AudioBuffer audio = make_dtmf("5", 8'000, options).value();
  for (std::size_t i = 480; i < 560; ++i) audio.channel(0)[i] = 0.0F;
  EXPECT_EQ(digits_in(audio), "5");
}

TEST(Dtmf, BeginAndEndAreKnownToFiveMilliseconds) {
  for (const int rate_hz : {8'000, 48'000}) {
    DtmfToneOptions options;
    options.tone_ms = 80.0;
    options.pause_ms = 60.0;
    const auto events = find_digits(make_dtmf("147*", rate_hz, options).value()).value();
    ASSERT_EQ(events.size(), 4U);
    for (std::size_t i = 0; i < 4; ++i) {
      const double begin_ms = 1e3 * static_cast<double>(events[i].begin_frame) / rate_hz;
      const double end_ms = 1e3 * static_cast<double>(events[i].end_frame) / rate_hz;
      EXPECT_NEAR(begin_ms, 140.0 * static_cast<double>(i), 6.0);
      EXPECT_NEAR(end_ms, 140.0 * static_cast<double>(i) + 80.0, 6.0);
      EXPECT_NEAR(events[i].level_dbov, -8.9, 1.0);
    }
  }
}

TEST(Dtmf, ABeginningAndAnEndAreToldWithin45Ms) {
  DtmfToneOptions options;
  options.tone_ms = 100.0;
  const AudioBuffer audio = make_dtmf("8", 8'000, options).value();
  auto detector = DtmfDetector::create(8'000).value();
  std::vector<std::size_t> told;
  for (std::size_t at = 0; at + 8 <= audio.frames(); at += 8) {
    detector.process(audio.view().slice(at, 8));
    while (detector.next()) told.push_back(at + 8);
  }
  ASSERT_EQ(told.size(), 2U);
  EXPECT_LE(told[0], 45U * 8);
  EXPECT_LE(told[1], (100U + 45U) * 8);
}

TEST(Dtmf, BlocksOfAnySizeHearTheSame) {
  const AudioBuffer audio = shortest({}, 8'000);
  std::vector<std::vector<std::uint64_t>> heard;
  for (const std::size_t size : {std::size_t{1}, std::size_t{7}, std::size_t{64}, audio.frames()}) {
    auto detector = DtmfDetector::create(8'000).value();
    heard.emplace_back();
    for (std::size_t at = 0; at < audio.frames(); at += size) {
      detector.process(audio.view().slice(at, std::min(size, audio.frames() - at)));
      if (size == audio.frames()) break;
      while (const auto event = detector.next()) heard.back().push_back(event->end_frame);
    }
    if (size == audio.frames()) heard.pop_back();  // Its queue holds the last sixteen alone.
  }
  EXPECT_EQ(heard[0], heard[1]);
  EXPECT_EQ(heard[0], heard[2]);
  EXPECT_EQ(heard[0].size(), 2 * kDigits.size());
}

TEST(Dtmf, IsRealTimeSafe) {
  auto detector = DtmfDetector::create(16'000).value();
  const AudioBuffer audio = shortest({}, 16'000);
  DtmfGenerator generator(16'000);
  AudioBuffer out(1, 160, 16'000);
  EXPECT_REALTIME_SAFE({
    detector.process(audio);
    while (detector.next()) continue;
    detector.finish();
    detector.reset();
    generator.start('5', -10.0);
    generator.process(out.view());
  });
}

TEST(Dtmf, WhatIsNotFiniteIsSilence) {
  auto detector = DtmfDetector::create(8'000).value();
  AudioBuffer audio = make_dtmf("55", 8'000).value();
  audio.channel(0)[100] = std::nanf("");
  detector.process(audio);
  detector.finish();
  int digits = 0;
  while (const auto event = detector.next()) digits += event->ended ? 1 : 0;
  EXPECT_EQ(digits, 2);
}

TEST(Dtmf, AGeneratedToneThatGoesOnIsHeardOnce) {
  DtmfGenerator generator(8'000);
  AudioBuffer audio(1, 8'000, 8'000);
  generator.start('C', -10.0);
  for (std::size_t at = 0; at < 4'000; at += 160) generator.process(audio.view().slice(at, 160));
  generator.stop();
  generator.process(audio.view().slice(4'000, 4'000));
  EXPECT_EQ(digits_in(audio), "C");
  EXPECT_EQ(audio.channel(0)[7'999], 0.0F);
}

TEST(Dtmf, WhatIsNoDigitOrRateIsRefused) {
  EXPECT_EQ(make_dtmf("12x", 8'000).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(make_dtmf("1", 4'000).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(DtmfDetector::create(96'000).error().code, ErrorCode::kInvalidArgument);
  DtmfToneOptions options;
  options.tone_ms = -1.0;
  EXPECT_FALSE(make_dtmf("1", 8'000, options).has_value());
}

}  // namespace
}  // namespace syrinx::enhance
