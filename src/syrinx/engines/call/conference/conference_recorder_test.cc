// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/call/conference/conference_recorder.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <fstream>

#include "support/realtime_guard.h"
#include "support/test_data.h"
#include "syrinx/core/io/audio_file.h"

namespace syrinx::call {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

constexpr std::size_t kTick = 320;  // 20 ms at 16 kHz.

class Recording : public testing::Test {
 protected:
  std::unique_ptr<ConferenceRecorder> make(RecorderOptions options = {}) {
    options.folder = folder_;
    auto made = ConferenceRecorder::create({}, options);
    EXPECT_TRUE(made) << made.error().message;
    return std::move(*made);
  }
  // A tick's sound of a leg: the number of the tick, so that it says where it belongs.
  static void tick(ConferenceRecorder& recorder, LegId leg, int number) {
    const std::vector<float> said(kTick, value(number));
    const std::vector<float> heard(kTick, -value(number));
    recorder.tick(leg, milliseconds(20 * (number + 1)), said, heard);
  }
  static float value(int number) { return static_cast<float>(1 + number % 100) / 128.0f; }
  AudioBuffer read(const std::string& name) const {
    const auto audio = io::read_audio(folder_ / name);
    EXPECT_TRUE(audio) << (audio ? "" : audio.error().message);
    return audio ? *audio : AudioBuffer(1, 0, 16'000);
  }
  std::vector<std::filesystem::path> files() const {
    std::vector<std::filesystem::path> found;
    if (!std::filesystem::exists(folder_)) return found;
    for (const auto& entry : std::filesystem::directory_iterator(folder_))
      found.push_back(entry.path());
    return found;
  }

  std::filesystem::path folder_ = support::scratch_dir() / "recorded";
};

// One from the first tick on, one who comes and goes, while for a second nobody is ticked.
TEST_F(Recording, AllFilesAreInStepAndOfOneLength) {
  const auto recorder = make();
  const auto ticked = [](int i) { return i < 100 || i >= 150; };
  for (int i = 0; i < 300; ++i) {
    if (ticked(i)) tick(*recorder, 1, i + 1'000);
    if (ticked(i) && i >= 70 && i < 200) tick(*recorder, 2, i + 1'000);
    recorder->drain();
  }
  ASSERT_TRUE(recorder->finish());
  const AudioBuffer one = read("leg-1.wav");
  const AudioBuffer two = read("leg-2.wav");
  ASSERT_EQ(one.frames(), 300 * kTick);
  ASSERT_EQ(two.frames(), 300 * kTick);
  for (int i = 0; i < 300; ++i) {
    const std::size_t at = static_cast<std::size_t>(i) * kTick;
    const float expected = ticked(i) ? value(i + 1'000) : 0.0f;
    EXPECT_EQ(one.channel(0)[at], expected) << i;
    EXPECT_EQ(one.channel(0)[at + kTick - 1], expected) << i;
    EXPECT_EQ(two.channel(0)[at + 7], i >= 70 && i < 200 ? expected : 0.0f) << i;
  }
  EXPECT_EQ(files().size(), 2u);
  EXPECT_EQ(recorder->statistics().legs, 2u);
  EXPECT_EQ(recorder->statistics().frames, 2 * 300 * kTick);
}

TEST_F(Recording, TicksThatAreNotToTheFrameLeaveNoHolesAndNoDoubles) {
  const auto recorder = make();
  const std::vector<float> sound(kTick, 0.5f);
  for (int i = 0; i < 200; ++i) {
    const auto off = std::chrono::microseconds(i % 7 * 900 - 2'700);
    recorder->tick(1, milliseconds(20 * (i + 1)) + off, sound, sound);
    recorder->drain();
  }
  ASSERT_TRUE(recorder->finish());
  const AudioBuffer audio = read("leg-1.wav");
  EXPECT_EQ(audio.frames(), 200 * kTick);
  for (const float sample : audio.channel(0)) ASSERT_EQ(sample, 0.5f);
}

TEST_F(Recording, WhatALegWasGivenToHearIsTheSecondChannel) {
  RecorderOptions options;
  options.with_heard = true;
  options.name_of = [](LegId leg) { return "party " + std::to_string(leg); };
  const auto recorder = make(options);
  for (int i = 0; i < 10; ++i) tick(*recorder, 7, i);
  recorder->drain();
  ASSERT_TRUE(recorder->finish());
  const AudioBuffer audio = read("party 7.wav");
  ASSERT_EQ(audio.channels(), 2u);
  EXPECT_EQ(audio.channel(0)[3 * kTick], value(3));
  EXPECT_EQ(audio.channel(1)[3 * kTick], -value(3));
}

TEST_F(Recording, TheTickingThreadNeitherAllocatesNorWaitsAndTheMemoryStays) {
  const auto recorder = make();
  const std::vector<float> sound(kTick, 0.25f);
  std::size_t after_a_second = 0;
  for (int i = 0; i < 6'000; ++i) {
    EXPECT_REALTIME_SAFE({
      recorder->tick(1, milliseconds(20 * (i + 1)), sound, sound);
      recorder->tick(2, milliseconds(20 * (i + 1)), sound, sound);
    });
    recorder->drain();
    if (i == 50) after_a_second = support::heap_bytes();
  }
  EXPECT_EQ(support::heap_bytes(), after_a_second) << "two minutes later";
  ASSERT_TRUE(recorder->finish());
  EXPECT_EQ(read("leg-2.wav").frames(), 6'000 * kTick);
}

// The disk is away for three seconds: what does not fit is silence, and what comes after it in
// step.
TEST_F(Recording, WhatTheDiskIsTooSlowForIsCountedAndSilent) {
  ConferenceOptions room;
  room.max_legs = 1;
  RecorderOptions options;
  options.folder = folder_;
  const auto recorder = ConferenceRecorder::create(room, options).value();
  for (int i = 0; i < 250; ++i) {
    tick(*recorder, 1, i);
    if (i < 50 || i >= 200) recorder->drain();
  }
  ASSERT_TRUE(recorder->finish());
  const auto dropped = recorder->statistics().blocks_dropped;
  EXPECT_GT(dropped, 50u);
  EXPECT_LT(dropped, 110u);
  const AudioBuffer audio = read("leg-1.wav");
  ASSERT_EQ(audio.frames(), 250 * kTick);
  std::size_t silent = 0;
  for (int i = 0; i < 250; ++i) {
    const float sample = audio.channel(0)[static_cast<std::size_t>(i) * kTick + 5];
    if (sample == 0.0f) ++silent;
    if (sample != 0.0f) {
      EXPECT_EQ(sample, value(i)) << i;
    }
  }
  EXPECT_EQ(silent, dropped);
}

TEST_F(Recording, AThreadOfItsOwnWritesWhileItGoesOn) {
  const auto recorder = make();
  ASSERT_TRUE(recorder->start());
  EXPECT_EQ(recorder->start().error().code, ErrorCode::kInvalidArgument);
  for (int i = 0; i < 100; ++i) tick(*recorder, 1, i);
  ASSERT_TRUE(recorder->finish());
  const AudioBuffer audio = read("leg-1.wav");
  ASSERT_EQ(audio.frames(), 100 * kTick);
  EXPECT_EQ(audio.channel(0)[99 * kTick], value(99));
}

// Killed after ten seconds and a half: a second at most is missing, and the header is right.
TEST_F(Recording, WhoIsKilledLeavesAWholeFile) {
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const auto recorder = make();
    for (int i = 0; i < 525; ++i) {
      tick(*recorder, 1, i);
      recorder->drain();
    }
    raise(SIGKILL);
    _exit(1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));
  const auto left = files();
  ASSERT_EQ(left.size(), 1u);
  EXPECT_NE(left[0].filename().string().find("leg-1.wav"), std::string::npos);
  std::ifstream file(left[0], std::ios::binary);
  std::vector<char> bytes{std::istreambuf_iterator<char>(file), {}};
  ASSERT_GT(bytes.size(), 44u);
  const auto u32 = [&](std::size_t at) {
    std::uint32_t value = 0;
    for (std::size_t i = 4; i-- > 0;) value = value << 8 | static_cast<std::uint8_t>(bytes[at + i]);
    return value;
  };
  // RIFF's size, and at the end of the header that of the data.
  EXPECT_LE(u32(4) + 8, bytes.size());
  const auto data =
      std::search(bytes.begin(), bytes.end(), std::begin("data"), std::end("data") - 1);
  const auto at = static_cast<std::size_t>(data - bytes.begin());
  EXPECT_EQ(u32(at + 4), u32(4) - at);
  EXPECT_GE(u32(at + 4), 10u * 16'000u * 2u);
  // As another program would read it.
  std::filesystem::copy_file(left[0], folder_ / "found.wav");
  const AudioBuffer audio = read("found.wav");
  EXPECT_GE(audio.frames(), 10u * 16'000u);
  EXPECT_EQ(audio.channel(0)[400 * kTick], value(400));
}

TEST_F(Recording, WhoIsNotFinishedLeavesNothing) {
  {
    const auto recorder = make();
    for (int i = 0; i < 100; ++i) tick(*recorder, 1, i);
    recorder->drain();
    EXPECT_EQ(files().size(), 1u);
  }
  EXPECT_TRUE(files().empty());
}

TEST_F(Recording, AFileThatCannotBeIsToldOfAndTheOthersAreThere) {
  RecorderOptions options;
  options.name_of = [](LegId leg) {
    return leg == 1 ? std::string("no/such/folder") : "leg-" + std::to_string(leg);
  };
  const auto recorder = make(options);
  for (int i = 0; i < 100; ++i) {
    tick(*recorder, 1, i);
    tick(*recorder, 2, i);
    recorder->drain();
  }
  const auto done = recorder->finish();
  ASSERT_FALSE(done);
  EXPECT_NE(done.error().message.find("leg 1"), std::string::npos) << done.error().message;
  EXPECT_EQ(read("leg-2.wav").frames(), 100 * kTick);
  EXPECT_EQ(recorder->statistics().legs, 1u);
  options.queue_s = 0.0;
  options.folder = folder_;
  EXPECT_EQ(ConferenceRecorder::create({}, options).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(ConferenceRecorder::create({}, {}).error().code, ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace syrinx::call
