// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/io/audio_reader.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmath>
#include <cstring>
#include <ostream>
#include <string>
#include <thread>
#include <vector>

#include "support/test_data.h"
#include "syrinx/core/io/audio_test_support.h"
#include "syrinx/core/io/audio_writer.h"
#include "syrinx/core/io/bytes.h"
#include "syrinx/core/io/pcm_header.h"

namespace syrinx::io {
namespace {

using support::data_path;
using support::scratch_dir;
using namespace testing;  // NOLINT: helpers of these tests.

// What is to become of one hostile file: an error of open(), or so many frames and then the end or
// an error of next().
struct BadFile {
  const char* name;
  ErrorCode open_error = ErrorCode::kInternal;  // kInternal: open() succeeds.
  const char* says = "";                        // Part of the error's sentence.
  std::uint64_t frames = 0;
  bool truncated = false;
  bool next_fails = false;
  std::uint64_t non_finite = 0;
};
void PrintTo(const BadFile& file, std::ostream* out) { *out << file.name; }

constexpr ErrorCode kOpens = ErrorCode::kInternal;

// Exact counts where the format decides them.
const BadFile kBadFiles[] = {
    {"aiff_truncated.aiff", ErrorCode::kCorruptData, "ends inside its 'COMM' chunk"},
    {"bits_0.wav", ErrorCode::kCorruptData, "0 bits"},
    {"bits_7.wav", ErrorCode::kUnsupported, "7 bits"},
    {"channels_65535.wav", ErrorCode::kLimitExceeded, "65535 channels; at most 64"},
    {"corrupt_middle.flac", kOpens, "", 16'384, false, true},
    {"data_4gb.wav", kOpens, "", 1'600, true},
    {"empty.wav", ErrorCode::kCorruptData, "is empty"},
    {"nan_inf.wav", kOpens, "", 1'600, false, false, 3},
    {"no_data_chunk.wav", ErrorCode::kCorruptData, "no 'data' chunk"},
    {"no_samples.wav", kOpens, "", 0},
    {"odd_chunk.wav", kOpens, "", 8'000},
    {"one_sample.wav", kOpens, "", 1},
    {"random.flac", ErrorCode::kCorruptData, "without a STREAMINFO block"},
    {"random.mp3", ErrorCode::kUnsupported, "not an audio file"},
    {"random.ogg", ErrorCode::kCorruptData, "first page is not valid"},
    {"rate_4ghz.wav", ErrorCode::kLimitExceeded, "4294967295 Hz; rates from 1000 to 768000"},
    {"riff_size_zero.wav", kOpens, "", 1'600},
    {"text.wav", ErrorCode::kUnsupported, "not an audio file (it begins with \"this is not \")"},
    {"truncated.flac", kOpens, "", 16'384, true},
    {"truncated_data.wav", kOpens, "", 2'478, true},
    {"truncated_header.wav", ErrorCode::kCorruptData, "ends inside its 'fmt ' chunk"},
    {"unknown_format_tag.wav", ErrorCode::kUnsupported, "format tag 0x1234"},
    {"zero_channels.wav", ErrorCode::kCorruptData, "0 channels"},
    {"zero_rate.wav", ErrorCode::kCorruptData, "sample rate of 0 Hz"},
};

class BadAudio : public ::testing::TestWithParam<BadFile> {};

TEST_P(BadAudio, GetsAnErrorSentenceOrADocumentedPartialRead) {
  SYRINX_NEED_DATA("bad_audio");
  const BadFile& expected = GetParam();
  const auto path = data_path("bad_audio/" + std::string(expected.name));
  auto reader = AudioReader::open(path);
  if (expected.open_error != kOpens) {
    ASSERT_FALSE(reader);
    EXPECT_EQ(reader.error().code, expected.open_error) << reader.error().message;
    EXPECT_NE(reader.error().message.find(expected.says), std::string::npos)
        << reader.error().message;
    EXPECT_NE(reader.error().message.find(expected.name), std::string::npos);
    return;
  }
  ASSERT_TRUE(reader) << reader.error().message;
  AudioBuffer block;
  auto more = reader->next(block);
  while (more && *more) more = reader->next(block);
  EXPECT_EQ(!more, expected.next_fails) << (more ? "" : more.error().message);
  EXPECT_EQ(reader->frames_read(), expected.frames);
  EXPECT_EQ(reader->truncated(), expected.truncated);
  EXPECT_EQ(reader->non_finite_samples(), expected.non_finite);
  EXPECT_FALSE(reader->next(block).value_or(true)) << "after the end there is nothing";
}

INSTANTIATE_TEST_SUITE_P(AudioReader, BadAudio, ::testing::ValuesIn(kBadFiles),
                         [](const auto& file) {
                           std::string name = file.param.name;
                           for (char& c : name) c = c == '.' ? '_' : c;
                           return name;
                         });

std::vector<std::byte> wav_bytes(AudioView audio, SampleEncoding encoding) {
  const auto path = scratch_dir() / "a.wav";
  EXPECT_TRUE(write_audio(path, audio, {.encoding = encoding}));
  return read_bytes(path);
}

// A plain header with samples of `data` behind it, for what our writer does not write.
std::vector<std::byte> wav_of(std::uint16_t tag, std::uint16_t bits, Bytes data) {
  PcmFormat format{SampleEncoding::kInt16, 16'000, 1};
  auto file = make_wav_header(format, static_cast<std::uint32_t>(data.size()));
  file[20] = static_cast<std::byte>(tag & 0xFF);
  file[21] = static_cast<std::byte>(tag >> 8);
  file[32] = static_cast<std::byte>(bits / 8);
  file[34] = static_cast<std::byte>(bits);
  file.insert(file.end(), data.begin(), data.end());
  return file;
}

TEST(AudioReader, BlocksOfAnySizeGiveTheSameSamples) {
  const auto audio = make_chord(2, 20'000, 24'000);
  for (const auto format : {AudioFormat::kWav, AudioFormat::kFlac, AudioFormat::kOggVorbis,
                            AudioFormat::kOpus, AudioFormat::kMp3, AudioFormat::kAiff}) {
    const auto path = scratch_dir() / "a";
    ASSERT_TRUE(write_audio(path, audio, {.format = format}));
    const auto whole = read_audio(path, {.block_frames = 1 << 20}).value();
    EXPECT_EQ(whole.frames(), audio.frames());
    for (const std::size_t block : {1u, 7u, 64u, 4'096u}) {
      const auto cut = read_audio(path, {.block_frames = block});
      ASSERT_TRUE(cut) << cut.error().message;
      EXPECT_TRUE(same_samples(whole, *cut)) << to_string(format) << " in blocks of " << block;
    }
  }
}

TEST(AudioReader, EveryBlockIsFullButTheLast) {
  const auto path = scratch_dir() / "a.mp3";
  ASSERT_TRUE(write_audio(path, make_chord(1, 10'000, 16'000)));
  auto reader = AudioReader::open(path, {.block_frames = 3'000});
  ASSERT_TRUE(reader);
  AudioBuffer block;
  std::vector<std::size_t> sizes;
  while (reader->next(block).value()) sizes.push_back(block.frames());
  EXPECT_EQ(sizes, (std::vector<std::size_t>{3'000, 3'000, 3'000, 1'000}));
  EXPECT_EQ(block.frames(), 0u);
}

TEST(AudioReader, TheNameOfAFileMeansNothing) {
  const auto folder = scratch_dir();
  ASSERT_TRUE(write_audio(folder / "liar.wav", make_chord(1, 1'000, 16'000),
                          {.format = AudioFormat::kFlac}));
  EXPECT_EQ(AudioReader::open(folder / "liar.wav").value().info().format, AudioFormat::kFlac);
  ASSERT_TRUE(write_audio(folder / "liar.flac", make_chord(1, 1'000, 16'000),
                          {.format = AudioFormat::kRaw}));
  const auto raw = AudioReader::open(folder / "liar.flac");
  ASSERT_FALSE(raw) << "raw is never guessed";
  EXPECT_EQ(raw.error().code, ErrorCode::kUnsupported);
}

TEST(AudioReader, KindsThatAreNotReadAreNamed) {
  const std::string mp4(
      "\0\0\0\x20"
      "ftypM4A \0\0\0\0",
      16);
  const auto reader = AudioReader::from_memory(std::as_bytes(std::span(mp4)));
  ASSERT_FALSE(reader);
  EXPECT_EQ(reader.error().code, ErrorCode::kUnsupported);
  EXPECT_NE(reader.error().message.find("M4A"), std::string::npos);
}

TEST(AudioReader, WhatIsNotThereOrIsAFolderIsSaid) {
  const auto missing = AudioReader::open(scratch_dir() / "missing.wav");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::kNotFound);
  const auto folder = AudioReader::open(scratch_dir());
  ASSERT_FALSE(folder);
  EXPECT_EQ(folder.error().code, ErrorCode::kInvalidArgument);
}

TEST(AudioReader, RawSamplesAreReadAsTold) {
  const std::vector<std::byte> bytes{std::byte{0x40}, std::byte{0x00}, std::byte{0xC0},
                                     std::byte{0x00}, std::byte{0x7F}};
  auto reader = AudioReader::from_memory(
      bytes, {.raw = RawAudioLayout{SampleEncoding::kInt16, true, 8'000, 1}});
  ASSERT_TRUE(reader) << reader.error().message;
  EXPECT_TRUE(reader->truncated()) << "half a sample is left";
  const auto audio = read_all(*reader).value();
  ASSERT_EQ(audio.frames(), 2u);
  EXPECT_EQ(audio.channel(0)[0], 0.5f);
  EXPECT_EQ(audio.channel(0)[1], -0.5f);
  for (const RawAudioLayout bad : {RawAudioLayout{SampleEncoding::kLossy, false, 8'000, 1},
                                   RawAudioLayout{SampleEncoding::kInt16, false, 0, 1},
                                   RawAudioLayout{SampleEncoding::kInt16, false, 8'000, 0},
                                   RawAudioLayout{SampleEncoding::kInt16, false, 8'000, 65}}) {
    EXPECT_FALSE(AudioReader::from_memory(bytes, {.raw = bad}));
  }
}

TEST(AudioReader, ReadsTheEncodingsOfOtherWriters) {
  const std::vector<std::byte> data{std::byte{0x00}, std::byte{0x80}, std::byte{0xFF},
                                    std::byte{0xD5}};
  struct Case {
    std::uint16_t tag;
    SampleEncoding encoding;
    float first;
  };
  // 0x00 is the lowest unsigned step; -32,124 / 32,768 in mu-law; -5,504 / 32,768 in A-law (G.711).
  for (const auto& [tag, encoding, first] :
       {Case{1, SampleEncoding::kUint8, -1.0f}, Case{7, SampleEncoding::kMuLaw, -0.980346680f},
        Case{6, SampleEncoding::kALaw, -0.16796875f}}) {
    const auto file = wav_of(tag, 8, data);
    auto reader = AudioReader::from_memory(file);
    ASSERT_TRUE(reader) << reader.error().message;
    EXPECT_EQ(reader->info().encoding, encoding);
    EXPECT_FLOAT_EQ(read_all(*reader).value().channel(0)[0], first);
  }
}

TEST(AudioReader, FloatsThatAreNotFiniteAreSilenceAndCounted) {
  const auto audio = make_chord(1, 100, 16'000);
  auto file = wav_bytes(audio, SampleEncoding::kFloat32);
  const float values[] = {NAN, INFINITY, -INFINITY};
  std::memcpy(file.data() + 58, values, sizeof values);
  auto reader = AudioReader::from_memory(file);
  ASSERT_TRUE(reader);
  const auto back = read_all(*reader).value();
  EXPECT_EQ(reader->non_finite_samples(), 3u);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(back.channel(0)[i], 0.0f);
  EXPECT_EQ(back.channel(0)[3], audio.channel(0)[3]);
}

TEST(AudioReader, SizesThatAStreamingWriterLeftOpenPromiseNothing) {
  auto file = wav_bytes(make_chord(1, 500, 16'000), SampleEncoding::kInt16);
  for (const std::size_t at : {4u, 40u}) {
    for (std::size_t i = 0; i < 4; ++i) file[at + i] = std::byte{0xFF};
  }
  auto reader = AudioReader::from_memory(file);
  ASSERT_TRUE(reader);
  EXPECT_EQ(reader->info().frames, 500u);
  EXPECT_EQ(read_all(*reader).value().frames(), 500u);
  EXPECT_FALSE(reader->truncated());
}

TEST(AudioReader, Rf64IsReadByTheSizesOfItsDs64Chunk) {
  const auto plain = wav_bytes(make_chord(1, 500, 16'000), SampleEncoding::kInt16);
  std::vector<std::byte> file(plain.begin(), plain.begin() + 12);
  std::memcpy(file.data(), "RF64\xFF\xFF\xFF\xFF", 8);
  std::vector<std::byte> ds64(36);
  std::memcpy(ds64.data(), "ds64\x1C\0\0\0", 8);
  ds64[16] = std::byte{200};  // 200 bytes of data, of the 1,000 that follow.
  file.insert(file.end(), ds64.begin(), ds64.end());
  file.insert(file.end(), plain.begin() + 12, plain.end());
  for (std::size_t i = 0; i < 4; ++i) file[36 + 40 + i] = std::byte{0xFF};
  auto reader = AudioReader::from_memory(file);
  ASSERT_TRUE(reader) << reader.error().message;
  EXPECT_EQ(reader->info().frames, 100u);
}

TEST(AudioReader, ExtensibleWavIsReadByItsSubformat) {
  std::vector<std::byte> file = wav_bytes(make_chord(1, 500, 16'000), SampleEncoding::kInt16);
  std::vector<std::byte> extra(24);
  extra[0] = std::byte{22};
  extra[8] = std::byte{1};  // PCM, the first two bytes of the subformat's GUID.
  file[16] = std::byte{40};
  file[20] = std::byte{0xFE};
  file[21] = std::byte{0xFF};
  file.insert(file.begin() + 36, extra.begin(), extra.end());
  auto reader = AudioReader::from_memory(file);
  ASSERT_TRUE(reader) << reader.error().message;
  EXPECT_EQ(reader->info().encoding, SampleEncoding::kInt16);
  EXPECT_EQ(reader->info().frames, 500u);
}

TEST(AudioReader, AnId3TagBeforeMp3OrFlacIsSteppedOver) {
  for (const auto format : {AudioFormat::kMp3, AudioFormat::kFlac}) {
    const auto path = scratch_dir() / "a";
    ASSERT_TRUE(write_audio(path, make_chord(1, 10'000, 16'000), {.format = format}));
    auto file = read_bytes(path);
    std::vector<std::byte> tag(10 + 300);
    std::memcpy(tag.data(), "ID3\4\0\0\0\0\2\x2C", 10);  // 2 * 128 + 44 = 300 bytes.
    file.insert(file.begin(), tag.begin(), tag.end());
    auto reader = AudioReader::from_memory(file);
    ASSERT_TRUE(reader) << reader.error().message;
    EXPECT_EQ(reader->info().format, format);
    EXPECT_EQ(read_all(*reader).value().frames(), 10'000u);
  }
}

TEST(AudioReader, CompressedFilesThatAreCutShortSaySo) {
  for (const auto format :
       {AudioFormat::kFlac, AudioFormat::kOggVorbis, AudioFormat::kOpus, AudioFormat::kMp3}) {
    const auto path = scratch_dir() / "a";
    ASSERT_TRUE(write_audio(path, make_chord(2, 100'000, 24'000), {.format = format}));
    auto file = read_bytes(path);
    file.resize(file.size() * 2 / 3);
    auto reader = AudioReader::from_memory(file);
    ASSERT_TRUE(reader) << reader.error().message;
    const auto back = read_all(*reader);
    ASSERT_TRUE(back) << to_string(format) << ": " << back.error().message;
    EXPECT_TRUE(reader->truncated()) << to_string(format);
    EXPECT_GT(back->frames(), 10'000u) << to_string(format);
    EXPECT_LT(back->frames(), 90'000u) << to_string(format);
  }
}

TEST(AudioReader, VorbisWithAPieceMissingDeliversWhatCameBeforeThenFails) {
  const auto path = scratch_dir() / "a.ogg";
  ASSERT_TRUE(write_audio(path, make_chord(2, 300'000, 24'000)));
  auto file = read_bytes(path);
  const auto middle = file.begin() + static_cast<std::ptrdiff_t>(file.size() / 2);
  file.erase(middle, middle + 10'000);
  auto reader = AudioReader::from_memory(file);
  ASSERT_TRUE(reader) << reader.error().message;
  const auto back = read_all(*reader);
  ASSERT_FALSE(back);
  EXPECT_EQ(back.error().code, ErrorCode::kCorruptData) << back.error().message;
  EXPECT_GT(reader->frames_read(), 10'000u);
}

TEST(AudioReader, AHugeClaimTakesNoHugeMemory) {
  const auto path = scratch_dir() / "a.flac";
  ASSERT_TRUE(write_audio(path, make_chord(1, 5'000, 16'000)));
  auto file = read_bytes(path);
  file[21] |= std::byte{0x0F};  // 36 bits of total samples, all ones.
  for (std::size_t i = 22; i < 26; ++i) file[i] = std::byte{0xFF};
  rusage before{};
  getrusage(RUSAGE_SELF, &before);
  auto reader = AudioReader::from_memory(file);
  ASSERT_TRUE(reader);
  EXPECT_EQ(reader->info().frames, (std::uint64_t{1} << 36) - 1);
  const auto back = read_all(*reader);
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(back->frames(), 5'000u);
  EXPECT_TRUE(reader->truncated());
  rusage after{};
  getrusage(RUSAGE_SELF, &after);
  EXPECT_LT(after.ru_maxrss - before.ru_maxrss, 32 << 10) << "KiB";
}

TEST(AudioReader, AStopRequestEndsTheStream) {
  const auto file = wav_bytes(make_chord(1, 10'000, 16'000), SampleEncoding::kInt16);
  auto reader = AudioReader::from_memory(file, {.block_frames = 100});
  ASSERT_TRUE(reader);
  std::stop_source stop;
  AudioBuffer block;
  EXPECT_TRUE(reader->next(block, stop.get_token()).value());
  stop.request_stop();
  const auto stopped = reader->next(block, stop.get_token());
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, ErrorCode::kCancelled);
  EXPECT_FALSE(reader->next(block).value());
}

TEST(AudioReader, EndlessInputIsRefusedAtTheLimitOrAtOnceIfItIsNotAudio) {
  const auto zeros = AudioReader::open("/dev/zero");
  ASSERT_FALSE(zeros);
  EXPECT_EQ(zeros.error().code, ErrorCode::kUnsupported) << zeros.error().message;
  const RawAudioLayout layout{SampleEncoding::kInt16, false, 8'000, 1};
  const auto raw = AudioReader::open("/dev/zero", {.raw = layout, .max_spool_bytes = 1 << 20});
  ASSERT_FALSE(raw);
  EXPECT_EQ(raw.error().code, ErrorCode::kLimitExceeded) << raw.error().message;
}

TEST(AudioReader, BlockSizesOutOfRangeAreRefused) {
  const auto file = wav_bytes(make_chord(1, 10, 16'000), SampleEncoding::kInt16);
  EXPECT_FALSE(AudioReader::from_memory(file, {.block_frames = 0}));
  EXPECT_FALSE(AudioReader::from_memory(file, {.block_frames = limits::kMaxBlockFrames + 1}));
}

TEST(AudioReader, ReadsTheRecordingsOfTheDataFolder) {
  SYRINX_NEED_DATA("speech/jfk.flac");
  const auto audio = read_audio(data_path("speech/jfk.flac"));
  ASSERT_TRUE(audio) << audio.error().message;
  EXPECT_NEAR(audio->duration_s(), 11.0, 0.1);
}

}  // namespace
}  // namespace syrinx::io
