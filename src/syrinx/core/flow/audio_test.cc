// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/flow/audio.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <utility>
#include <vector>

namespace syrinx {
namespace {

AudioBuffer counting(std::size_t channels, std::size_t frames) {
  AudioBuffer buffer(channels, frames, 16'000);
  for (std::size_t c = 0; c < channels; ++c) {
    for (std::size_t i = 0; i < frames; ++i)
      buffer.channel(c)[i] = static_cast<float>(c * 1000 + i);
  }
  return buffer;
}

TEST(AudioBuffer, StartsSilentWithEveryChannelAligned) {
  AudioBuffer buffer(3, 101, 48'000);
  for (std::size_t c = 0; c < 3; ++c) {
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(buffer.channel(c).data()) % 64, 0u);
    for (const float sample : buffer.channel(c)) EXPECT_EQ(sample, 0.0f);
  }
  EXPECT_EQ(buffer.view().sample_rate_hz(), 48'000);
}

TEST(AudioBuffer, CopiesDeeplyAndMovesOut) {
  AudioBuffer first = counting(2, 10);
  AudioBuffer copy = first;
  copy.channel(1)[9] = -1.0f;
  EXPECT_EQ(first.channel(1)[9], 1009.0f);
  const AudioBuffer moved = std::move(first);
  EXPECT_EQ(moved.channel(1)[9], 1009.0f);
  EXPECT_EQ(first.frames(), 0u);  // NOLINT: a moved-from buffer is documented to be empty.
}

TEST(AudioBuffer, AppendKeepsEveryChannelWhileGrowing) {
  AudioBuffer sum;
  const AudioBuffer part = counting(2, 7);
  for (int i = 0; i < 100; ++i) sum.append(part);
  ASSERT_EQ(sum.frames(), 700u);
  EXPECT_EQ(sum.channel(0)[699], 6.0f);
  EXPECT_EQ(sum.channel(1)[7], 1000.0f);
}

TEST(AudioBuffer, ResizeKeepsTheHeadAndAddsSilence) {
  AudioBuffer buffer = counting(1, 5);
  buffer.resize(3);
  buffer.resize(200);
  EXPECT_EQ(buffer.channel(0)[2], 2.0f);
  EXPECT_EQ(buffer.channel(0)[3], 0.0f);
  EXPECT_EQ(buffer.channel(0)[199], 0.0f);
}

TEST(AudioBuffer, ReshapeReusesItsMemory) {
  AudioBuffer buffer(2, 1000, 48'000);
  const float* before = buffer.channel(0).data();
  buffer.reshape(1, 500, 24'000);
  EXPECT_EQ(buffer.channel(0).data(), before);
}

TEST(AudioView, SlicesWithoutCopying) {
  const AudioBuffer buffer = counting(2, 10);
  const AudioView middle = buffer.view().slice(4, 3);
  EXPECT_EQ(middle.frames(), 3u);
  EXPECT_EQ(middle.channel(1)[0], 1004.0f);
}

TEST(AudioView, CarriesItsRateIntoDuration) {
  const std::vector<float> row(8'000);
  EXPECT_DOUBLE_EQ(AudioView(row, 16'000).duration_s(), 0.5);
}

TEST(AudioViewDeathTest, AnIndexPastTheChannelsStops) {
  const AudioBuffer buffer(1, 1, 8'000);
  EXPECT_DEATH((void)buffer.channel(1), "channel index");
}

TEST(AudioView, WrongRateSaysBothRates) {
  const Error error = wrong_rate_error("the vocoder", 16'000, 24'000);
  EXPECT_NE(error.message.find("16000"), std::string::npos);
  EXPECT_NE(error.message.find("24000"), std::string::npos);
}

}  // namespace
}  // namespace syrinx
