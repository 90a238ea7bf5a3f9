// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/io/audio_device.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <numeric>
#include <stop_token>
#include <string>
#include <vector>

#include "support/realtime_guard.h"
#include "support/test_data.h"
#include "syrinx/core/io/audio_test_support.h"
#include "syrinx/core/io/device_queue.h"
#include "syrinx/core/io/device_stream.h"

namespace syrinx::io {
namespace {

using namespace testing;  // NOLINT: helpers of these tests.

double seconds_of(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

AudioBuffer make_ramp(std::size_t channels, std::size_t frames) {
  AudioBuffer audio(channels, frames, 48'000);
  for (std::size_t c = 0; c < channels; ++c) {
    const auto row = audio.channel(c);
    std::iota(row.begin(), row.end(), static_cast<float>(1'000'000 * c));
  }
  return audio;
}

TEST(OutputQueue, RendersWhatWasPushedThenSilenceAndCountsIt) {
  OutputQueue queue({"test", 48'000, 2});
  const auto audio = make_ramp(2, 3);
  EXPECT_EQ(queue.push_some(audio), 3u);
  std::vector<float> out(10, -1.0f);
  queue.render(out);
  EXPECT_EQ(out, (std::vector<float>{0, 1'000'000, 1, 1'000'001, 2, 1'000'002, 0, 0, 0, 0}));
  EXPECT_EQ(queue.underrun_frames(), 2u);
  EXPECT_EQ(queue.rendered_frames(), 5u);
  queue.drain();
  queue.render(out);
  EXPECT_EQ(queue.underrun_frames(), 2u) << "running dry at the end is no underrun";
}

TEST(OutputQueue, TakesTwoTenthsOfASecondAndNoMore) {
  OutputQueue queue({"test", 48'000, 1});
  const auto audio = make_ramp(1, 48'000);
  EXPECT_EQ(queue.push_some(audio), 9'600u);
  EXPECT_TRUE(queue.full());
  EXPECT_EQ(queue.push_some(audio), 0u);
}

TEST(OutputQueue, RenderingIsRealTimeSafe) {
  OutputQueue queue({"test", 48'000, 2});
  queue.push_some(make_ramp(2, 500));
  std::vector<float> out(2 * 480);
  EXPECT_REALTIME_SAFE(queue.render(out); queue.render(out));
}

TEST(InputQueue, GivesWhatWasCapturedAndCountsWhatDidNotFit) {
  InputQueue queue({"test", 1'000, 2});
  std::vector<float> captured(2 * 250);
  std::iota(captured.begin(), captured.end(), 0.0f);
  EXPECT_REALTIME_SAFE(queue.capture(captured));
  EXPECT_EQ(queue.overrun_frames(), 50u);
  AudioBuffer block;
  ASSERT_TRUE(queue.pull_some(block, 10));
  EXPECT_EQ(block.frames(), 10u);
  EXPECT_EQ(block.channel(1)[9], 19.0f);
  std::size_t frames = block.frames();
  while (queue.pull_some(block, 64)) frames += block.frames();
  EXPECT_EQ(frames, 200u);
}

// A driver whose thread never calls: a device that was unplugged.
class DeadDriver final : public DeviceDriver {
 public:
  Result<void> start() override { return {}; }
  Result<void> stop() override { return {}; }
};

TEST(AudioOutput, ADeviceThatStopsWorkingIsAnErrorWithinAFewSeconds) {
  auto output = make_queued_output({"dead", 48'000, 1}, [](const DeviceShape&, OutputQueue&) {
    return Result<std::unique_ptr<DeviceDriver>>(std::make_unique<DeadDriver>());
  });
  ASSERT_TRUE(output);
  Result<void> written;
  EXPECT_LT(seconds_of([&] { written = (*output)->write(make_ramp(1, 48'000)); }), 5.0);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, ErrorCode::kIo);
}

TEST(NullDevice, TakesSoundAtOnce) {
  auto output = open_audio_output("null", 48'000, 1);
  ASSERT_TRUE(output);
  const auto minute = make_ramp(1, 48'000 * 60);
  EXPECT_LT(seconds_of([&] {
              EXPECT_TRUE((*output)->write(minute));
              EXPECT_TRUE((*output)->finish());
            }),
            1.0);
  EXPECT_FALSE((*output)->write(make_ramp(2, 10))) << "opened for one channel";
}

TEST(NullDevice, TheRealTimeOneTakesAsLongAsTheSoundLasts) {
  auto output = open_audio_output("null-realtime", 48'000, 2);
  ASSERT_TRUE(output);
  const auto audio = make_ramp(2, 24'000);
  // Half a second; the device's blocks are 10 ms, and a busy machine may be late but never early.
  EXPECT_GT(seconds_of([&] {
              for (std::size_t at = 0; at < audio.frames(); at += 480) {
                ASSERT_TRUE((*output)->write(audio.view().slice(at, 480)));
              }
              ASSERT_TRUE((*output)->finish());
            }),
            0.48);
}

TEST(NullDevice, DroppedWithoutFinishItFallsSilentAtOnce) {
  EXPECT_LT(seconds_of([] {
              auto output = open_audio_output("null-realtime", 48'000, 1);
              ASSERT_TRUE(output);
              ASSERT_TRUE((*output)->write(make_ramp(1, 9'600)));
            }),
            0.15);
}

TEST(NullDevice, RecordsSilenceUntilStopped) {
  for (const char* name : {"null", "null-realtime"}) {
    auto input = open_audio_input(name, 16'000, 2);
    ASSERT_TRUE(input);
    AudioBuffer block;
    std::stop_source stop;
    for (int i = 0; i < 3; ++i) {
      ASSERT_TRUE((*input)->next(block, stop.get_token()).value());
      EXPECT_EQ(block.channels(), 2u);
      EXPECT_EQ(block.channel(1)[0], 0.0f);
    }
    stop.request_stop();
    const auto stopped = (*input)->next(block, stop.get_token());
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().code, ErrorCode::kCancelled);
  }
}

TEST(AudioDevice, RatesAndChannelsOutOfLimitsAreRefused) {
  EXPECT_FALSE(open_audio_output("null", 0, 1));
  EXPECT_FALSE(open_audio_output("null", 48'000, 0));
  EXPECT_FALSE(open_audio_output("null", 48'000, 65));
  EXPECT_FALSE(open_audio_input("null", 48'000, 65));
}

TEST(AudioDevice, LookingForDevicesSaysNothingOnStderr) {
  ::testing::internal::CaptureStderr();
  const auto devices = list_audio_devices();
  const auto missing = open_audio_output("no such device anywhere", 48'000, 1);
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
  ASSERT_FALSE(missing);
  if (!devices) {
    EXPECT_EQ(devices.error().code, ErrorCode::kUnavailable) << devices.error().message;
    EXPECT_EQ(missing.error().code, ErrorCode::kUnavailable);
    return;
  }
  EXPECT_EQ(missing.error().code, ErrorCode::kNotFound) << missing.error().message;
}

// ALSA's own "file" device on its "null" device: everything of a sound card but the sound. It takes
// frames as fast as they are made, so silence is mixed in wherever the queue ran dry.
class AlsaFileDevice {
 public:
  explicit AlsaFileDevice(const std::filesystem::path& folder) : recording_(folder / "out.raw") {
    std::ofstream(folder / "asound.conf")
        << "pcm.syrinx_test { type file slave.pcm \"null\" format \"raw\" file \""
        << recording_.string() << "\" }\n";
    const std::string paths = kSystem.string() + ":" + (folder / "asound.conf").string();
    setenv("ALSA_CONFIG_PATH", paths.c_str(), 1);
  }
  ~AlsaFileDevice() { unsetenv("ALSA_CONFIG_PATH"); }

  static bool possible() { return std::filesystem::exists(kSystem) && list_audio_devices(); }
  std::vector<float> recorded() const {
    const auto bytes = read_bytes(recording_);
    std::vector<float> samples(bytes.size() / sizeof(float));
    std::memcpy(samples.data(), bytes.data(), samples.size() * sizeof(float));
    return samples;
  }

 private:
  static inline const std::filesystem::path kSystem = "/usr/share/alsa/alsa.conf";
  std::filesystem::path recording_;
};

TEST(AudioDevice, EverySampleReachesThePortAudioDeviceOnceAndInOrder) {
  if (!AlsaFileDevice::possible()) GTEST_SKIP() << "no ALSA, or built without PortAudio";
  const AlsaFileDevice device(support::scratch_dir());
  const auto ramp = [] {
    AudioBuffer audio(2, 30'000, 48'000);
    for (std::size_t i = 0; i < audio.frames(); ++i) {
      audio.channel(0)[i] = static_cast<float>(i + 1) / 65'536.0f;
      audio.channel(1)[i] = -audio.channel(0)[i];
    }
    return audio;
  }();
  auto output = open_audio_output("SYRINX_te", 48'000, 2);
  ASSERT_TRUE(output) << output.error().message;
  ASSERT_TRUE((*output)->write(ramp));
  ASSERT_TRUE((*output)->finish());
  output->reset();
  std::size_t next = 0;
  const auto samples = device.recorded();
  for (std::size_t i = 0; i + 1 < samples.size(); i += 2) {
    if (samples[i] == 0.0f && samples[i + 1] == 0.0f) continue;
    ASSERT_LT(next, ramp.frames());
    ASSERT_EQ(samples[i], ramp.channel(0)[next]);
    ASSERT_EQ(samples[i + 1], ramp.channel(1)[next]);
    ++next;
  }
  EXPECT_EQ(next, ramp.frames());
}

TEST(AudioDevice, TheDeviceIsListedAndAnUnknownNameListsIt) {
  if (!AlsaFileDevice::possible()) GTEST_SKIP() << "no ALSA, or built without PortAudio";
  const AlsaFileDevice device(support::scratch_dir());
  const auto devices = list_audio_devices().value();
  const auto found = std::find_if(devices.begin(), devices.end(),
                                  [](const auto& info) { return info.name == "syrinx_test"; });
  ASSERT_NE(found, devices.end());
  EXPECT_EQ(found->host_api, "ALSA");
  EXPECT_GE(found->output_channels, 2u);
  const auto missing = open_audio_output("loudspeaker", 48'000, 1);
  ASSERT_FALSE(missing);
  EXPECT_NE(missing.error().message.find("'syrinx_test'"), std::string::npos);
}

TEST(AudioDevice, RecordingFromThePortAudioDeviceGivesBlocks) {
  if (!AlsaFileDevice::possible()) GTEST_SKIP() << "no ALSA, or built without PortAudio";
  const AlsaFileDevice device(support::scratch_dir());
  auto input = open_audio_input("syrinx_test", 16'000, 1);
  ASSERT_TRUE(input) << input.error().message;
  AudioBuffer block;
  for (int i = 0; i < 5; ++i) ASSERT_TRUE((*input)->next(block, {}).value());
  EXPECT_EQ(block.sample_rate_hz(), 16'000);
  EXPECT_GE(block.frames(), 1u);
}

}  // namespace
}  // namespace syrinx::io
