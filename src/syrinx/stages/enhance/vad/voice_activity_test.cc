// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/enhance/vad/voice_activity.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

#include "support/realtime_guard.h"
#include "support/test_data.h"
#include "support/wav.h"

namespace syrinx::enhance {
namespace {

void add_noise(AudioBuffer& audio, double level) {
  std::mt19937 random(8);
  std::normal_distribution<float> white(0.0F, static_cast<float>(level));
  for (float& sample : audio.channel(0)) sample += white(random);
}

double seconds_of(const std::vector<SpeechSegment>& segments, double from_s, double to_s) {
  double sum = 0.0;
  for (const SpeechSegment& segment : segments)
    sum += std::max(0.0, std::min(segment.end_s, to_s) - std::max(segment.begin_s, from_s));
  return sum;
}

TEST(VoiceActivity, SilenceAndSteadyNoiseAreNoSpeech) {
  AudioBuffer silence(1, 80'000, 16'000);
  EXPECT_TRUE(find_speech(silence)->empty());
  for (const double level : {0.001, 0.01, 0.1}) {
    AudioBuffer noise(1, 160'000, 16'000);
    add_noise(noise, level);
    EXPECT_LT(seconds_of(*find_speech(noise), 1.0, 10.0), 0.5) << level;
  }
}

// Two seconds of noise, speech in the same noise 15 dB below it, and two seconds more.
TEST(VoiceActivity, SpeechInNoiseIsFoundWhereItIs) {
  SYRINX_NEED_DATA("media/plc/54_clean.wav");
  const AudioBuffer speech =
      support::read_wav16(support::data_path("media/plc/54_clean.wav")).value();
  double power = 0.0;
  for (const float sample : speech.channel(0)) power += static_cast<double>(sample) * sample;
  const double level = std::sqrt(power / static_cast<double>(speech.frames()));
  AudioBuffer audio(1, 0, speech.sample_rate_hz());
  audio.append(AudioBuffer(1, 32'000, 16'000));
  audio.append(speech);
  audio.append(AudioBuffer(1, 32'000, 16'000));
  add_noise(audio, level * std::pow(10.0, -15.0 / 20.0));
  const auto segments = find_speech(audio).value();
  const double end_s = 2.0 + speech.duration_s();
  EXPECT_LT(seconds_of(segments, 0.5, 2.0), 0.15);
  EXPECT_LT(seconds_of(segments, end_s + 0.5, end_s + 2.0), 0.15);
  EXPECT_GT(seconds_of(segments, 2.0, end_s), 0.5 * speech.duration_s());
}

TEST(VoiceActivity, SegmentsDoNotOverlapAndAreInOrder) {
  SYRINX_NEED_DATA("media/plc/2307_clean.wav");
  const AudioBuffer speech =
      support::read_wav16(support::data_path("media/plc/2307_clean.wav")).value();
  const auto segments = find_speech(speech).value();
  ASSERT_FALSE(segments.empty());
  double last = 0.0;
  for (const SpeechSegment& segment : segments) {
    EXPECT_GE(segment.begin_s, last);
    EXPECT_GT(segment.end_s, segment.begin_s);
    last = segment.end_s;
  }
  EXPECT_LE(last, speech.duration_s());
}

TEST(VoiceActivity, IsRealTimeSafeAndResetsToANewOne) {
  for (const int rate_hz : {8'000, 16'000, 44'100, 48'000}) {
    auto used = VoiceActivityDetector::create(rate_hz).value();
    auto fresh = VoiceActivityDetector::create(rate_hz).value();
    AudioBuffer hop(1, used.hop_frames(), rate_hz);
    add_noise(hop, 0.05);
    EXPECT_REALTIME_SAFE({
      for (int i = 0; i < 50; ++i) used.process(hop);
      used.reset();
    });
    EXPECT_EQ(used.process(hop), fresh.process(hop));
  }
}

TEST(VoiceActivity, WhatIsNotFiniteIsSilence) {
  auto detector = VoiceActivityDetector::create(8'000).value();
  AudioBuffer hop(1, 80, 8'000);
  hop.channel(0)[1] = std::nanf("");
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(std::isfinite(detector.process(hop)));
  EXPECT_FALSE(detector.speech());
}

TEST(VoiceActivity, OptionsOutsideTheirRangeAreRefused) {
  EXPECT_EQ(VoiceActivityDetector::create(4'000).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(VoiceActivityDetector::create(11'025).error().code, ErrorCode::kInvalidArgument);
  EXPECT_FALSE(VoiceActivityDetector::create(8'000, {2.0, 100, 30}).has_value());
  EXPECT_FALSE(VoiceActivityDetector::create(8'000, {0.5, -1, 30}).has_value());
}

}  // namespace
}  // namespace syrinx::enhance
