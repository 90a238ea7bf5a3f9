// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/flow/buffer_source.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace syrinx {
namespace {

AudioBuffer ramp(std::size_t frames) {
  AudioBuffer audio(2, frames, 8'000);
  for (std::size_t i = 0; i < frames; ++i) {
    audio.channel(0)[i] = static_cast<float>(i);
    audio.channel(1)[i] = -static_cast<float>(i);
  }
  return audio;
}

void expect_all(AudioSource& source, const AudioBuffer& expected, std::size_t most) {
  EXPECT_EQ(source.sample_rate_hz(), expected.sample_rate_hz());
  EXPECT_EQ(source.channels(), expected.channels());
  AudioBuffer all, block;
  while (source.next(block, {}).value()) {
    EXPECT_LE(block.frames(), most);
    EXPECT_GT(block.frames(), 0U);
    all.append(block);
  }
  EXPECT_TRUE(block.empty());
  ASSERT_EQ(all.frames(), expected.frames());
  for (std::size_t c = 0; c < all.channels(); ++c)
    EXPECT_TRUE(
        std::equal(all.channel(c).begin(), all.channel(c).end(), expected.channel(c).begin()));
}

TEST(BufferSource, HandsOutItsOwnSoundOrAnothersInBlocks) {
  for (const std::size_t frames : {1U, 999U, 1'000U, 9'001U}) {
    const AudioBuffer sound = ramp(frames);
    BufferSource borrowed(sound.view());
    expect_all(borrowed, sound, BufferSource::kBlockFrames);
    BufferSource owned(AudioBuffer(sound), 1'000);
    expect_all(owned, sound, 1'000);
  }
}

TEST(BufferSource, StopsWhenItIsAsked) {
  const AudioBuffer sound = ramp(10);
  BufferSource source(sound.view());
  std::stop_source stop;
  stop.request_stop();
  AudioBuffer block;
  EXPECT_EQ(source.next(block, stop.get_token()).error().code, ErrorCode::kCancelled);
}

}  // namespace
}  // namespace syrinx
