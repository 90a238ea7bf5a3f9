// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/call/port/speech_feeder.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <thread>
#include <vector>

#include "syrinx/core/flow/buffer_source.h"

namespace syrinx::call {
namespace {

AudioBuffer tone(std::size_t channels, double seconds, int rate_hz) {
  AudioBuffer sound(channels, static_cast<std::size_t>(seconds * rate_hz), rate_hz);
  for (std::size_t c = 0; c < channels; ++c)
    for (std::size_t i = 0; i < sound.frames(); ++i)
      sound.channel(c)[i] = static_cast<float>(
          0.3 * std::sin(6.283185307179586 * 440.0 * static_cast<double>(i) / rate_hz));
  return sound;
}

SpeechPortOptions options_of(double speech_s) {
  SpeechPortOptions options;
  options.speech_s = speech_s;
  return options;
}

TEST(SpeechFeeder, SaysASourceOfAnotherRateWholeAndAsOneUtterance) {
  const auto port = SpeechPort::create(options_of(4.0)).value();
  BufferSource source(tone(2, 1.5, 22'050));
  const auto fed = SpeechFeeder(*port).say(source);
  ASSERT_TRUE(fed) << fed.error().message;
  EXPECT_EQ(fed->samples, 24'000u);
  EXPECT_FALSE(fed->stopped);
  std::vector<float> silence(320), out(320);
  double power = 0.0;
  for (int i = 0; i < 75; ++i) {
    port->exchange(silence, out);
    for (const float x : out) power += static_cast<double>(x) * x;
  }
  EXPECT_NEAR(power / 24'000.0, 0.045, 0.001);
  EXPECT_EQ(port->said().utterance, fed->utterance);
  EXPECT_EQ(port->said().samples, 24'000u);
}

TEST(SpeechFeeder, WaitsForRoomAndLeavesOffWhenTheUtteranceIsStopped) {
  const auto port = SpeechPort::create(options_of(0.2)).value();
  std::atomic<bool> done{false};
  std::thread ticking([&] {
    std::vector<float> silence(160), out(160);
    for (int i = 0; !done; ++i) {
      port->exchange(silence, out);
      if (port->said().samples > 16'000) port->stop();
      std::this_thread::yield();
    }
  });
  BufferSource source(tone(1, 600.0, 16'000));
  const auto fed = SpeechFeeder(*port).say(source);
  done = true;
  ticking.join();
  ASSERT_TRUE(fed) << fed.error().message;
  EXPECT_TRUE(fed->stopped);
  EXPECT_GT(fed->samples, 16'000u);
  EXPECT_LT(fed->samples, 600u * 16'000u);
}

TEST(SpeechFeeder, IsCancelledWhileItWaits) {
  const auto port = SpeechPort::create(options_of(0.1)).value();
  BufferSource source(tone(1, 5.0, 16'000));
  std::stop_source stop;
  std::thread user([&] {
    while (port->waiting_samples() == 0) std::this_thread::yield();
    stop.request_stop();
  });
  const auto fed = SpeechFeeder(*port).say(source, stop.get_token());
  user.join();
  ASSERT_FALSE(fed);
  EXPECT_EQ(fed.error().code, ErrorCode::kCancelled);
}

}  // namespace
}  // namespace syrinx::call
