// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "support/test_data.h"
#include "syrinx/core/io/audio_reader.h"
#include "syrinx/core/io/audio_test_support.h"
#include "syrinx/core/io/audio_writer.h"
#include "syrinx/core/io/bytes.h"

namespace syrinx::io {
namespace {

using support::scratch_dir;
using namespace testing;  // NOLINT: helpers of these tests.
using File = std::vector<std::byte>;

constexpr std::array kAacFormats{AudioFormat::kAac, AudioFormat::kM4a, AudioFormat::kM4b};

File write_blocks(AudioView audio, AudioWriteOptions options, std::size_t block) {
  const auto path = scratch_dir() / "a";
  options.sample_rate_hz = audio.sample_rate_hz();
  options.channels = audio.channels();
  auto writer = AudioWriter::create(path, options);
  EXPECT_TRUE(writer) << writer.error().message;
  for (std::size_t at = 0; at < audio.frames(); at += block)
    EXPECT_TRUE(writer->write(audio.slice(at, std::min(block, audio.frames() - at))));
  const auto done = writer->finish();
  EXPECT_TRUE(done) << done.error().message;
  return read_bytes(path);
}

// Where the payload of a box lies: "moov/trak[1]/mdia" is the mdia of the second trak.
struct Place {
  std::size_t begin = 0;
  std::size_t end = 0;
};
std::optional<Place> child(Bytes file, Place in, std::string_view type, int index) {
  for (std::size_t at = in.begin; at + 8 <= in.end;) {
    const std::size_t size = load_be32(file, at);
    if (size < 8 || size > in.end - at) return std::nullopt;
    if (has_tag(file, at + 4, type) && index-- == 0) return Place{at + 8, at + size};
    at += size;
  }
  return std::nullopt;
}
Place box_at(Bytes file, std::initializer_list<std::pair<const char*, int>> path) {
  Place place{0, file.size()};
  for (const auto& [type, index] : path) {
    const auto inner = child(file, place, type, index);
    EXPECT_TRUE(inner) << "no box " << type;
    if (!inner) return {0, 0};
    place = *inner;
    if (std::string_view(type) == "meta") place.begin += 4;
  }
  return place;
}

TEST(Aac, AdtsIsFramesThatEachSayHowLongTheyAre) {
  const File file = write_blocks(make_chord(2, 30'000, 24'000), {.format = AudioFormat::kAac}, 999);
  std::size_t frames = 0;
  for (std::size_t at = 0; at < file.size(); ++frames) {
    ASSERT_GE(file.size() - at, 7u);
    EXPECT_EQ(load_be16(file, at), 0xFFF1);
    EXPECT_EQ(byte_at(file, at + 2) >> 2, 1u << 4 | 6u);  // Low complexity; 24 kHz is entry 6.
    EXPECT_EQ(byte_at(file, at + 3) >> 6, 2u);            // Channels.
    at += load_be32(file, at + 3) >> 13 & 0x1FFF;
    ASSERT_LE(at, file.size());
  }
  EXPECT_EQ(frames, (30'000u + 1'600 + 1'023) / 1'024);
}

TEST(Aac, IsTheSameBytesHoweverTheSoundIsCut) {
  const AudioBuffer audio = make_chord(1, 5'000, 16'000);
  for (const AudioFormat format : kAacFormats) {
    const File whole = write_blocks(audio, {.format = format}, 5'000);
    for (const std::size_t block : {1u, 7u, 64u})
      EXPECT_EQ(write_blocks(audio, {.format = format}, block), whole) << to_string(format);
  }
}

TEST(Aac, KeepsToTheBitrateThatIsAskedFor) {
  const AudioBuffer audio = make_chord(1, 160'000, 16'000);
  for (const int bps : {24'000, 48'000, 64'000}) {
    const File file = write_blocks(audio, {.format = AudioFormat::kAac, .bitrate_bps = bps}, 4'096);
    EXPECT_NEAR(static_cast<double>(file.size()) * 8 / 10, bps, bps * 0.15);
  }
}

TEST(Aac, TakesEveryRateThatItNamesAndOneOrTwoChannels) {
  for (const int rate : {8'000, 11'025, 12'000, 16'000, 22'050, 24'000, 32'000, 44'100, 48'000,
                         64'000, 88'200, 96'000}) {
    for (const std::size_t channels : {1u, 2u})
      EXPECT_FALSE(
          write_blocks(make_chord(channels, 3'000, rate), {.format = AudioFormat::kM4a}, 500)
              .empty());
  }
}

TEST(Aac, RefusesWhatItCannotHoldInASentence) {
  const auto error = [](AudioWriteOptions options) {
    const auto writer = AudioWriter::create(scratch_dir() / "a", options);
    return writer ? "" : writer.error().message;
  };
  AudioWriteOptions options{.format = AudioFormat::kAac, .sample_rate_hz = 17'000};
  EXPECT_NE(error(options).find("aac cannot have 17000 Hz"), std::string::npos);
  options.sample_rate_hz = 16'000;
  options.channels = 3;
  EXPECT_NE(error(options).find("1 to 2"), std::string::npos);
  options.channels = 1;
  options.bitrate_bps = 500'000;
  EXPECT_NE(error(options).find("bitrates from 8000 to 96000"), std::string::npos);
  options.quality = 0.5;
  EXPECT_NE(error(options).find("both quality and bitrate"), std::string::npos);
  options.bitrate_bps = {};
  options.quality = 1.5;
  EXPECT_NE(error(options).find("outside 0 to 1"), std::string::npos);
  options.quality = {};
  options.tags.title = "A book";
  EXPECT_NE(error(options).find("carry no title"), std::string::npos);
}

TEST(Aac, OfNoSoundIsRefused) {
  for (const AudioFormat format : kAacFormats) {
    const auto done =
        write_audio(scratch_dir() / "a", AudioBuffer(1, 0, 16'000), {.format = format});
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, ErrorCode::kInvalidArgument);
  }
}

TEST(Aac, GoesDownAPipeAsItIsMade) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  File got;
  std::thread reader([&] {
    std::array<std::byte, 4'096> block{};
    for (ssize_t count = 0; (count = ::read(ends[0], block.data(), block.size())) > 0;)
      got.insert(got.end(), block.begin(), block.begin() + count);
  });
  const AudioBuffer audio = make_chord(1, 40'000, 16'000);
  {
    auto writer = AudioWriter::to_fd(ends[1], "a pipe",
                                     {.format = AudioFormat::kAac, .sample_rate_hz = 16'000});
    ASSERT_TRUE(writer);
    EXPECT_TRUE(writer->write(audio));
    EXPECT_TRUE(writer->finish());
  }
  ::close(ends[1]);
  reader.join();
  ::close(ends[0]);
  EXPECT_EQ(got, write_blocks(audio, {.format = AudioFormat::kAac}, 40'000));
}

AudioWriteOptions book() {
  AudioWriteOptions options{.format = AudioFormat::kM4b};
  options.tags.title = "The Book";
  options.tags.author = "N. N.";
  options.tags.language = "en-US";
  options.tags.chapters = {{"One", 0, 40'000}, {"Zwei \xC3\xBC", 40'000, 100'000}};
  return options;
}

TEST(Mp4, IndexesEveryFrameThatIsThere) {
  const File file = write_blocks(make_chord(1, 100'000, 16'000), book(), 1'000);
  EXPECT_TRUE(has_tag(file, 8, "M4B "));
  const Place table =
      box_at(file, {{"moov", 0}, {"trak", 0}, {"mdia", 0}, {"minf", 0}, {"stbl", 0}});
  const Place sizes = *child(file, table, "stsz", 0);
  const std::size_t count = load_be32(file, sizes.begin + 8);
  EXPECT_EQ(count, (100'000u + 1'600 + 1'023) / 1'024);
  const Place chunks = *child(file, table, "co64", 0);
  ASSERT_EQ(load_be32(file, chunks.begin + 4), 2u);  // 64 frames, and the rest.
  const Place sound = box_at(file, {{"mdat", 0}});
  EXPECT_EQ(load_be64(file, chunks.begin + 8), sound.begin);
  std::uint64_t at = sound.begin;
  for (std::size_t i = 0; i < count; ++i) {
    if (i == 64) {
      EXPECT_EQ(load_be64(file, chunks.begin + 16), at);
    }
    at += load_be32(file, sizes.begin + 12 + 4 * i);
  }
  const Place names =
      box_at(file, {{"moov", 0}, {"trak", 1}, {"mdia", 0}, {"minf", 0}, {"stbl", 0}});
  EXPECT_EQ(load_be64(file, child(file, names, "co64", 0)->begin + 8), at);
}

TEST(Mp4, PlaysNothingButTheSoundThatItWasGiven) {
  const File file = write_blocks(make_chord(1, 100'000, 16'000), book(), 1'000);
  const Place edit = box_at(file, {{"moov", 0}, {"trak", 0}, {"edts", 0}, {"elst", 0}});
  EXPECT_EQ(load_be32(file, edit.begin + 8), 100'000u);
  EXPECT_EQ(load_be32(file, edit.begin + 12), 1'600u);  // What the decoder gives out before it.
}

TEST(Mp4, NamesItsChaptersTwice) {
  const File file = write_blocks(make_chord(1, 100'000, 16'000), book(), 1'000);
  const Place nero = box_at(file, {{"moov", 0}, {"udta", 0}, {"chpl", 0}});
  EXPECT_EQ(byte_at(file, nero.begin + 8), 2u);
  EXPECT_EQ(load_be64(file, nero.begin + 9), 0u);
  EXPECT_TRUE(has_tag(file, nero.begin + 18, "One"));
  EXPECT_EQ(load_be64(file, nero.begin + 21), 25'000'000u);  // 2.5 s in units of 100 ns.
  EXPECT_EQ(byte_at(file, nero.begin + 29), 7u);
  EXPECT_TRUE(has_tag(file, nero.begin + 30, "Zwei \xC3\xBC"));
  const Place names =
      box_at(file, {{"moov", 0}, {"trak", 1}, {"mdia", 0}, {"minf", 0}, {"stbl", 0}});
  const Place lengths = *child(file, names, "stts", 0);
  EXPECT_EQ(load_be32(file, lengths.begin + 12), 40'000u);
  EXPECT_EQ(load_be32(file, lengths.begin + 20), 60'000u);
  const std::size_t at = load_be64(file, child(file, names, "co64", 0)->begin + 8);
  EXPECT_EQ(load_be16(file, at), 3u);
  EXPECT_TRUE(has_tag(file, at + 2, "One"));
}

TEST(Mp4, SaysWhatItIs) {
  const File file = write_blocks(make_chord(1, 50'000, 16'000), book(), 1'000);
  const auto text_of = [&](const char* item) {
    const Place data =
        box_at(file, {{"moov", 0}, {"udta", 0}, {"meta", 0}, {"ilst", 0}, {item, 0}, {"data", 0}});
    const Bytes bytes = Bytes(file).subspan(data.begin + 8, data.end - data.begin - 8);
    return std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  };
  EXPECT_EQ(text_of("\251nam"), "The Book");
  EXPECT_EQ(text_of("\251ART"), "N. N.");
}

TEST(Mp4, RefusesChaptersThatOverlap) {
  AudioWriteOptions options = book();
  options.sample_rate_hz = 16'000;
  options.tags.chapters[1].begin_frame = 39'999;
  const auto writer = AudioWriter::create(scratch_dir() / "a", options);
  ASSERT_FALSE(writer);
  EXPECT_NE(writer.error().message.find("in order"), std::string::npos);
}

// A decoder of others', where there is one: what comes out is what went in.
TEST(Aac, IsDecodedByFfmpegToTheSameSound) {
  if (std::system("command -v ffmpeg >/dev/null 2>&1") != 0) GTEST_SKIP() << "no ffmpeg here";
  const auto folder = scratch_dir();
  const AudioBuffer audio = make_chord(2, 60'000, 24'000);
  for (const std::string name : {"a.m4a", "a.m4b"}) {
    ASSERT_TRUE(write_audio(folder / name, audio));
    const auto out = (folder / "out.wav").string();
    const std::string command =
        "ffmpeg -v error -y -i '" + (folder / name).string() + "' '" + out + "'";
    ASSERT_EQ(std::system(command.c_str()), 0);
    const auto back = read_audio(out);
    ASSERT_TRUE(back);
    EXPECT_GT(snr_db(audio, *back), 25.0) << name;  // A frame's shift would leave about 0.
    EXPECT_GE(back->frames(), audio.frames());
    EXPECT_LT(back->frames(), audio.frames() + 1'024);
  }
}

}  // namespace
}  // namespace syrinx::io
