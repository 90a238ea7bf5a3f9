// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/io/audio_tags.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include "support/test_data.h"
#include "syrinx/core/base/limits.h"
#include "syrinx/core/io/audio_reader.h"
#include "syrinx/core/io/audio_test_support.h"
#include "syrinx/core/io/audio_writer.h"

namespace syrinx::io {
namespace {

using support::scratch_dir;
using namespace testing;  // NOLINT: helpers of these tests.

constexpr AudioFormat kTagged[] = {AudioFormat::kM4a,  AudioFormat::kM4b,       AudioFormat::kMp3,
                                   AudioFormat::kOpus, AudioFormat::kOggVorbis, AudioFormat::kFlac};

AudioTags tags_of(std::size_t chapters) {
  AudioTags tags;
  tags.title = "The Book \xC3\xA9";
  tags.author = "N. N.";
  tags.narrator = "slt";
  tags.genre = "Audiobook";
  for (std::size_t i = 0; i < chapters; ++i)
    tags.chapters.push_back({"Chapter " + std::to_string(i), 1'000 * i, 1'000 * (i + 1)});
  return tags;
}

TEST(AudioTags, ATaggedFileHoldsTheSameSoundAsAnUntaggedOne) {
  const AudioBuffer audio = make_chord(1, 40'000, 16'000);
  const auto folder = scratch_dir();
  for (const AudioFormat format : kTagged) {
    if (is_aac(format)) continue;  // Which is not read here.
    const auto sound = [&](std::size_t chapters) {
      AudioWriteOptions options{.format = format};
      if (chapters > 0) options.tags = tags_of(chapters);
      const auto path = folder / "a";
      const auto written = write_audio(path, audio, options);
      EXPECT_TRUE(written) << written.error().message;
      auto back = read_audio(path);
      EXPECT_TRUE(back) << to_string(format) << ": " << back.error().message;
      return back ? std::move(back).value() : AudioBuffer(1, 0, 16'000);
    };
    const AudioBuffer plain = sound(0);
    for (const std::size_t chapters : {1u, 3u, 300u, 9'000u})
      EXPECT_TRUE(same_samples(plain, sound(chapters))) << to_string(format) << " " << chapters;
  }
}

// Another reader's view, where there is one.
TEST(AudioTags, FfprobeReadsTheTitleAndEveryChapter) {
  if (std::system("command -v ffprobe >/dev/null 2>&1") != 0) GTEST_SKIP() << "no ffprobe here";
  const AudioBuffer audio = make_chord(1, 320'000, 16'000);
  const auto folder = scratch_dir();
  for (const AudioFormat format : kTagged) {
    for (const std::size_t chapters : {2u, 300u}) {
      const auto path = folder / ("a." + std::string(to_string(format)));
      ASSERT_TRUE(write_audio(path, audio, {.format = format, .tags = tags_of(chapters)}));
      const auto out = folder / "probe.txt";
      const std::string command = "ffprobe -v error -show_chapters -show_format -show_streams '" +
                                  path.string() + "' > '" + out.string() + "' 2>/dev/null";
      ASSERT_EQ(std::system(command.c_str()), 0) << to_string(format);
      std::ifstream file(out);
      const std::string said{std::istreambuf_iterator<char>(file), {}};
      std::size_t count = 0;
      for (std::size_t at = said.find("[CHAPTER]"); at != std::string::npos;
           at = said.find("[CHAPTER]", at + 1))
        ++count;
      EXPECT_EQ(count, chapters) << to_string(format);
      EXPECT_NE(said.find("=The Book \xC3\xA9\n"), std::string::npos) << to_string(format);
      EXPECT_NE(said.find("start_time=0.062"), std::string::npos) << to_string(format);
      EXPECT_NE(said.find("title=Chapter 1\n"), std::string::npos) << to_string(format);
    }
  }
}

TEST(AudioTags, AreRefusedWhereTheyCannotBe) {
  EXPECT_FALSE(supports_tags(AudioFormat::kWav));
  EXPECT_FALSE(check_tags(AudioFormat::kWav, tags_of(1)));
  EXPECT_TRUE(check_tags(AudioFormat::kWav, {}));
  for (const AudioFormat format : kTagged) EXPECT_TRUE(check_tags(format, tags_of(2)));
  AudioTags tags = tags_of(1);
  tags.title.assign(limits::kMaxTagBytes + 1, 'x');
  EXPECT_EQ(check_tags(AudioFormat::kMp3, tags).error().code, ErrorCode::kLimitExceeded);
  tags.title = std::string("a\0b", 3);
  EXPECT_EQ(check_tags(AudioFormat::kMp3, tags).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(check_tags(AudioFormat::kMp3, tags_of(limits::kMaxAudioChapters + 1)).error().code,
            ErrorCode::kLimitExceeded);
}

}  // namespace
}  // namespace syrinx::io
