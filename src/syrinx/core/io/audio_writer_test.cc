// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/io/audio_writer.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <limits>
#include <ostream>
#include <string>
#include <thread>
#include <vector>

#include "support/test_data.h"
#include "syrinx/core/dsp/resample.h"
#include "syrinx/core/io/audio_reader.h"
#include "syrinx/core/io/audio_test_support.h"

namespace syrinx::io {
namespace {

using support::scratch_dir;
using namespace testing;  // NOLINT: helpers of these tests.

struct Lossless {
  AudioFormat format;
  SampleEncoding encoding;
  int bits;  // That a float can carry through the encoding unchanged.
};
void PrintTo(const Lossless& kind, std::ostream* out) {
  *out << to_string(kind.format) << " " << to_string(kind.encoding);
}

AudioReadOptions read_options(const Lossless& kind, int sample_rate_hz, std::size_t channels) {
  AudioReadOptions options;
  if (kind.format == AudioFormat::kRaw) {
    options.raw = RawAudioLayout{kind.encoding, false, sample_rate_hz, channels};
  }
  return options;
}

class LosslessFiles : public ::testing::TestWithParam<Lossless> {};

TEST_P(LosslessFiles, ComeBackExactly) {
  const auto& kind = GetParam();
  for (const std::size_t channels : {1u, 2u, 5u}) {
    for (const std::size_t frames : {0u, 1u, 3u, 1'024u, 30'001u}) {
      const auto audio = make_stepped_chord(channels, frames, 44'100, kind.bits);
      const auto path = scratch_dir() / "a";
      const auto written =
          write_audio(path, audio, {.format = kind.format, .encoding = kind.encoding});
      ASSERT_TRUE(written) << written.error().message;
      auto reader = AudioReader::open(path, read_options(kind, 44'100, channels));
      ASSERT_TRUE(reader) << reader.error().message;
      EXPECT_EQ(reader->info().format, kind.format);
      EXPECT_EQ(reader->info().encoding, kind.encoding);
      EXPECT_EQ(reader->sample_rate_hz(), 44'100);
      EXPECT_EQ(reader->channels(), channels);
      EXPECT_EQ(reader->info().frames.value_or(0), frames);
      const auto back = read_all(*reader);
      ASSERT_TRUE(back) << back.error().message;
      EXPECT_FALSE(reader->truncated());
      EXPECT_TRUE(same_samples(audio, *back)) << channels << " channels, " << frames << " frames";
    }
  }
}

TEST_P(LosslessFiles, AreTheSameBytesHoweverTheSoundIsCut) {
  const auto& kind = GetParam();
  const auto audio = make_chord(2, 5'000, 48'000);
  std::vector<std::vector<std::byte>> files;
  for (const std::size_t block : {1u, 7u, 64u, 5'000u}) {
    const auto path = scratch_dir() / "a";
    auto writer = AudioWriter::create(path, {.format = kind.format,
                                             .encoding = kind.encoding,
                                             .sample_rate_hz = 48'000,
                                             .channels = 2,
                                             .dither = true});
    ASSERT_TRUE(writer) << writer.error().message;
    for (std::size_t at = 0; at < audio.frames(); at += block) {
      const auto count = std::min(block, audio.frames() - at);
      ASSERT_TRUE(writer->write(audio.view().slice(at, count)));
    }
    ASSERT_TRUE(writer->finish());
    files.push_back(read_bytes(path));
  }
  for (const auto& file : files) EXPECT_EQ(file, files.front());
}

TEST_P(LosslessFiles, ComeThroughAPipeExactly) {
  const auto& kind = GetParam();
  const auto audio = make_stepped_chord(2, 10'001, 16'000, kind.bits);
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  std::thread speaker([&] {
    auto writer = AudioWriter::to_fd(ends[1], "a pipe",
                                     {.format = kind.format,
                                      .encoding = kind.encoding,
                                      .sample_rate_hz = 16'000,
                                      .channels = 2});
    EXPECT_TRUE(writer) << writer.error().message;
    EXPECT_TRUE(writer->write(audio));
    EXPECT_TRUE(writer->finish());
    close(ends[1]);
  });
  auto reader = AudioReader::from_fd(ends[0], "a pipe", read_options(kind, 16'000, 2));
  speaker.join();
  close(ends[0]);
  ASSERT_TRUE(reader) << reader.error().message;
  const auto back = read_all(*reader);
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_TRUE(same_samples(audio, *back));
  EXPECT_FALSE(reader->truncated());
}

INSTANTIATE_TEST_SUITE_P(
    AudioWriter, LosslessFiles,
    ::testing::Values(Lossless{AudioFormat::kWav, SampleEncoding::kInt16, 16},
                      Lossless{AudioFormat::kWav, SampleEncoding::kInt24, 24},
                      Lossless{AudioFormat::kWav, SampleEncoding::kInt32, 24},
                      Lossless{AudioFormat::kWav, SampleEncoding::kFloat32, 24},
                      Lossless{AudioFormat::kAiff, SampleEncoding::kInt16, 16},
                      Lossless{AudioFormat::kAiff, SampleEncoding::kInt24, 24},
                      Lossless{AudioFormat::kAiff, SampleEncoding::kInt32, 24},
                      Lossless{AudioFormat::kAiff, SampleEncoding::kFloat32, 24},
                      Lossless{AudioFormat::kFlac, SampleEncoding::kInt16, 16},
                      Lossless{AudioFormat::kFlac, SampleEncoding::kInt24, 24},
                      Lossless{AudioFormat::kRaw, SampleEncoding::kInt16, 16},
                      Lossless{AudioFormat::kRaw, SampleEncoding::kInt24, 24},
                      Lossless{AudioFormat::kRaw, SampleEncoding::kInt32, 24},
                      Lossless{AudioFormat::kRaw, SampleEncoding::kFloat32, 24}),
    [](const auto& kind) {
      return std::string(to_string(kind.param.format)) + "_" +
             std::string(to_string(kind.param.encoding));
    });

struct Lossy {
  AudioFormat format;
  int sample_rate_hz;
  std::size_t channels;
  double min_snr_db;  // Of the chord: about 60 % of what was measured; a broken codec is near 0.
};
void PrintTo(const Lossy& kind, std::ostream* out) {
  *out << to_string(kind.format) << " " << kind.sample_rate_hz << " Hz " << kind.channels;
}

class LossyFiles : public ::testing::TestWithParam<Lossy> {};

TEST_P(LossyFiles, ComeBackAtTheRightLengthAndSoundAlike) {
  const auto& kind = GetParam();
  const auto frames = static_cast<std::size_t>(kind.sample_rate_hz);
  const auto audio = make_chord(kind.channels, frames, kind.sample_rate_hz);
  const auto path = scratch_dir() / "a";
  const auto written = write_audio(path, audio, {.format = kind.format});
  ASSERT_TRUE(written) << written.error().message;
  auto reader = AudioReader::open(path);
  ASSERT_TRUE(reader) << reader.error().message;
  EXPECT_EQ(reader->info().format, kind.format);
  EXPECT_EQ(reader->info().encoding, SampleEncoding::kLossy);
  EXPECT_EQ(reader->info().frames, frames);
  const auto back = read_all(*reader);
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_FALSE(reader->truncated());
  EXPECT_EQ(back->frames(), frames);
  EXPECT_EQ(back->channels(), kind.channels);
  EXPECT_EQ(back->sample_rate_hz(), kind.sample_rate_hz);
  EXPECT_GT(snr_db(audio, *back), kind.min_snr_db);
  RecordProperty("snr_db", std::to_string(snr_db(audio, *back)));
}

TEST_P(LossyFiles, FlowThroughAPipeAsTheyAreMade) {
  const auto& kind = GetParam();
  const auto frames = static_cast<std::size_t>(4 * kind.sample_rate_hz);
  const auto audio = make_chord(kind.channels, frames, kind.sample_rate_hz);
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  fcntl(ends[0], F_SETPIPE_SZ, 1 << 20);
  auto writer = AudioWriter::to_fd(
      ends[1], "a pipe",
      {.format = kind.format, .sample_rate_hz = kind.sample_rate_hz, .channels = kind.channels});
  ASSERT_TRUE(writer) << writer.error().message;
  ASSERT_TRUE(writer->write(audio));
  int waiting = 0;
  ASSERT_EQ(ioctl(ends[0], FIONREAD, &waiting), 0);
  EXPECT_GT(waiting, 1'000) << "nothing came out before finish()";
  ASSERT_TRUE(writer->finish());
  close(ends[1]);
  auto reader = AudioReader::from_fd(ends[0], "a pipe");
  close(ends[0]);
  ASSERT_TRUE(reader) << reader.error().message;
  const auto back = read_all(*reader);
  ASSERT_TRUE(back) << back.error().message;
  // Without the tag that says how much, MP3's lead-in and tail of up to three frames stay.
  const std::size_t slack = kind.format == AudioFormat::kMp3 ? 3 * 1'152 : 0;
  EXPECT_GE(back->frames(), frames);
  EXPECT_LE(back->frames(), frames + slack);
}

INSTANTIATE_TEST_SUITE_P(AudioWriter, LossyFiles,
                         ::testing::Values(Lossy{AudioFormat::kOggVorbis, 44'100, 2, 23.0},
                                           Lossy{AudioFormat::kOggVorbis, 8'000, 1, 21.0},
                                           Lossy{AudioFormat::kOpus, 48'000, 2, 12.0},
                                           Lossy{AudioFormat::kOpus, 16'000, 1, 12.0},
                                           Lossy{AudioFormat::kMp3, 44'100, 2, 24.0},
                                           Lossy{AudioFormat::kMp3, 16'000, 1, 17.0}),
                         [](const auto& kind) {
                           return std::string(to_string(kind.param.format)) + "_" +
                                  std::to_string(kind.param.sample_rate_hz);
                         });

TEST(AudioWriter, EveryRateThatAFormatSupportsCanBeWritten) {
  for (const auto format : {AudioFormat::kOggVorbis, AudioFormat::kOpus, AudioFormat::kMp3,
                            AudioFormat::kFlac, AudioFormat::kWav, AudioFormat::kAiff}) {
    for (const int hz : {1'000, 4'000, 5'000, 8'000, 11'025, 12'000, 16'000, 22'050, 24'000, 32'000,
                         44'100, 48'000, 65'535, 88'200, 96'000, 192'000, 655'350, 768'000}) {
      if (!supports_sample_rate(format, hz)) continue;
      for (const std::size_t channels : {std::size_t{1}, max_channels(format)}) {
        const auto path = scratch_dir() / "a";
        const auto written = write_audio(path, make_chord(channels, 3'000, hz), {.format = format});
        EXPECT_TRUE(written) << to_string(format) << " " << hz << " " << channels << ": "
                             << written.error().message;
        if (!written) continue;
        const auto back = read_audio(path);
        ASSERT_TRUE(back) << back.error().message;
        EXPECT_EQ(back->sample_rate_hz(), hz) << to_string(format);
        EXPECT_EQ(back->channels(), channels) << to_string(format);
        EXPECT_EQ(back->frames(), 3'000u) << to_string(format) << " " << hz << " " << channels;
      }
    }
  }
}

TEST(AudioWriter, WithoutSoundThereIsAnEmptyFileOrWhereThatCannotBeAnError) {
  const AudioBuffer nothing(1, 0, 24'000);
  const auto path = scratch_dir() / "a";
  ASSERT_TRUE(write_audio(path, nothing, {.format = AudioFormat::kMp3}));
  EXPECT_EQ(read_audio(path).value().frames(), 0u);
  for (const auto format : {AudioFormat::kOggVorbis, AudioFormat::kOpus}) {
    const auto folder = scratch_dir();
    const auto written = write_audio(folder / "a", nothing, {.format = format});
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code, ErrorCode::kInvalidArgument);
    EXPECT_EQ(files_in(folder), 0u);
  }
}

TEST(AudioWriter, LossyFilesDoNotDependOnHowTheSoundIsCut) {
  const auto audio = make_chord(1, 30'000, 24'000);
  for (const auto format : {AudioFormat::kOggVorbis, AudioFormat::kOpus, AudioFormat::kMp3}) {
    std::vector<AudioBuffer> sounds;
    for (const std::size_t block : {7u, 64u, 30'000u}) {
      const auto path = scratch_dir() / "a";
      auto writer = AudioWriter::create(path, {.format = format, .sample_rate_hz = 24'000});
      ASSERT_TRUE(writer);
      for (std::size_t at = 0; at < audio.frames(); at += block) {
        const auto count = std::min(block, audio.frames() - at);
        ASSERT_TRUE(writer->write(audio.view().slice(at, count)));
      }
      ASSERT_TRUE(writer->finish());
      sounds.push_back(read_audio(path).value());
    }
    for (const auto& sound : sounds) EXPECT_TRUE(same_samples(sound, sounds.front()));
  }
}

TEST(AudioWriter, MoreQualityOrBitrateMakesALargerFile) {
  const auto audio = make_chord(2, 96'000, 48'000);
  const auto size_with = [&](AudioWriteOptions options) {
    const auto path = scratch_dir() / "a";
    const auto written = write_audio(path, audio, options);
    EXPECT_TRUE(written) << written.error().message;
    return std::filesystem::file_size(path);
  };
  for (const auto format : {AudioFormat::kOggVorbis, AudioFormat::kOpus, AudioFormat::kMp3}) {
    EXPECT_LT(size_with({.format = format, .quality = 0.1}),
              size_with({.format = format, .quality = 0.9}))
        << to_string(format);
  }
  // A second at 64 kb/s is 8,000 bytes: of a constant bitrate within 5 %, of an average within 25
  // %.
  const double mp3 =
      static_cast<double>(size_with({.format = AudioFormat::kMp3, .bitrate_bps = 64'000}));
  EXPECT_NEAR(mp3, 16'000.0, 800.0);
  const double opus =
      static_cast<double>(size_with({.format = AudioFormat::kOpus, .bitrate_bps = 64'000}));
  EXPECT_NEAR(opus, 16'000.0, 4'000.0);
}

TEST(AudioWriter, OptionsThatTheFormatCannotHoldAreRefusedWithWhatItCan) {
  const auto refusal = [](AudioWriteOptions options) {
    const auto folder = scratch_dir();
    const auto writer = AudioWriter::create(folder / "a", options);
    EXPECT_FALSE(writer);
    if (writer) return std::string();
    EXPECT_EQ(writer.error().code, ErrorCode::kInvalidArgument) << writer.error().message;
    EXPECT_EQ(files_in(folder), 0u);
    return writer.error().message;
  };
  using F = AudioFormat;
  using E = SampleEncoding;
  EXPECT_NE(refusal({.format = F::kOpus, .sample_rate_hz = 22'050}).find("24000"),
            std::string::npos);
  EXPECT_NE(refusal({.format = F::kMp3, .sample_rate_hz = 16'000, .channels = 3}).find("1 to 2"),
            std::string::npos);
  EXPECT_NE(refusal({.format = F::kFlac, .encoding = E::kFloat32, .sample_rate_hz = 16'000})
                .find("int16, int24"),
            std::string::npos);
  refusal({.format = F::kWav, .sample_rate_hz = 0});
  refusal({.format = F::kWav, .sample_rate_hz = 16'000, .channels = 0});
  refusal({.format = F::kWav, .sample_rate_hz = 16'000, .quality = 0.5});
  refusal({.format = F::kMp3, .sample_rate_hz = 16'000, .quality = 1.5});
  refusal({.format = F::kMp3, .sample_rate_hz = 16'000, .quality = 0.5, .bitrate_bps = 64'000});
  refusal({.format = F::kMp3, .sample_rate_hz = 16'000, .bitrate_bps = 320'000});
  refusal({.format = F::kOggVorbis, .sample_rate_hz = 16'000, .bitrate_bps = 64'000});
}

TEST(AudioWriter, NothingHasTheRealNameBeforeFinish) {
  const auto folder = scratch_dir();
  const auto path = folder / "a.wav";
  auto writer = AudioWriter::create(path, {.sample_rate_hz = 16'000});
  ASSERT_TRUE(writer);
  ASSERT_TRUE(writer->write(make_chord(1, 100, 16'000)));
  EXPECT_FALSE(std::filesystem::exists(path));
  EXPECT_EQ(files_in(folder), 1u);
  ASSERT_TRUE(writer->finish());
  EXPECT_TRUE(std::filesystem::exists(path));
  EXPECT_EQ(files_in(folder), 1u);
}

// Whoever finds the temporary file reads all that was written before, in every lossless format; in
// WAV and AIFF its header counts it.
TEST(AudioWriter, ACheckpointMakesTheFileUnderItsTemporaryNameWhole) {
  const auto audio = make_stepped_chord(2, 9'000, 44'100, 16);
  for (const AudioFormat format : {AudioFormat::kWav, AudioFormat::kAiff, AudioFormat::kFlac}) {
    const auto folder = scratch_dir();
    auto writer = AudioWriter::create(folder / "a", {.format = format,
                                                     .encoding = SampleEncoding::kInt16,
                                                     .sample_rate_hz = 44'100,
                                                     .channels = 2});
    ASSERT_TRUE(writer) << writer.error().message;
    for (const std::size_t frames : {3'000u, 5'000u}) {
      ASSERT_TRUE(writer->write(
          audio.view().slice(static_cast<std::size_t>(writer->frames_written()), frames)));
      ASSERT_TRUE(writer->checkpoint());
      if (format == AudioFormat::kFlac) continue;
      const auto found = std::filesystem::directory_iterator(folder)->path();
      auto reader = AudioReader::open(found, {});
      ASSERT_TRUE(reader) << reader.error().message;
      EXPECT_EQ(reader->info().frames.value_or(0), writer->frames_written());
    }
    ASSERT_TRUE(writer->write(audio.view().slice(8'000, 1'000)));
    ASSERT_TRUE(writer->finish());
    EXPECT_TRUE(writer->checkpoint()) << "harmless after it";
    auto reader = AudioReader::open(folder / "a", {});
    ASSERT_TRUE(reader) << reader.error().message;
    EXPECT_TRUE(same_samples(audio, read_all(*reader).value())) << to_string(format);
    std::filesystem::remove(folder / "a");
  }
}

TEST(AudioWriter, AWriterThatIsDroppedLeavesNothingAndTheOldFileStands) {
  for (const auto format : {AudioFormat::kWav, AudioFormat::kFlac, AudioFormat::kOggVorbis,
                            AudioFormat::kOpus, AudioFormat::kMp3, AudioFormat::kAiff}) {
    const auto folder = scratch_dir();
    const auto path = folder / "a";
    write_bytes(path, {std::byte{42}});
    {
      auto writer = AudioWriter::create(path, {.format = format, .sample_rate_hz = 16'000});
      ASSERT_TRUE(writer);
      ASSERT_TRUE(writer->write(make_chord(1, 5'000, 16'000)));
    }
    EXPECT_EQ(files_in(folder), 1u);
    EXPECT_EQ(read_bytes(path), std::vector<std::byte>{std::byte{42}});
  }
}

TEST(AudioWriter, ReplacesAFileAndKeepsItsPermissions) {
  const auto path = scratch_dir() / "a.wav";
  write_bytes(path, {std::byte{42}});
  chmod(path.c_str(), 0640);
  ASSERT_TRUE(write_audio(path, make_chord(1, 100, 16'000)));
  struct stat status {};
  ASSERT_EQ(stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0640u);
  EXPECT_EQ(read_audio(path).value().frames(), 100u);
}

TEST(AudioWriter, ANewFileHonoursTheUmask) {
  const auto path = scratch_dir() / "a.wav";
  const mode_t former = umask(027);
  const auto written = write_audio(path, make_chord(1, 100, 16'000));
  umask(former);
  ASSERT_TRUE(written);
  struct stat status {};
  ASSERT_EQ(stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0640u);
}

TEST(AudioWriter, WritesThroughASymbolicLinkWithoutReplacingIt) {
  const auto folder = scratch_dir();
  std::filesystem::create_directory(folder / "real");
  std::filesystem::create_symlink("real/a.wav", folder / "link.wav");
  ASSERT_TRUE(write_audio(folder / "link.wav", make_chord(1, 100, 16'000)));
  EXPECT_TRUE(std::filesystem::is_symlink(folder / "link.wav"));
  EXPECT_TRUE(std::filesystem::is_regular_file(folder / "real" / "a.wav"));
  std::filesystem::create_symlink("loop", folder / "loop");
  EXPECT_FALSE(write_audio(folder / "loop", make_chord(1, 100, 16'000), {}));
}

TEST(AudioWriter, PlacesThatCannotBeWrittenAreRefusedAtTheStart) {
  const auto folder = scratch_dir();
  const AudioWriteOptions options{.sample_rate_hz = 16'000};
  const auto is_folder = AudioWriter::create(folder, options);
  ASSERT_FALSE(is_folder);
  EXPECT_EQ(is_folder.error().code, ErrorCode::kInvalidArgument);
  const auto no_folder = AudioWriter::create(folder / "missing" / "a.wav", options);
  ASSERT_FALSE(no_folder);
  EXPECT_EQ(no_folder.error().code, ErrorCode::kNotFound);
  const auto no_name = AudioWriter::create(folder / "", options);
  ASSERT_FALSE(no_name);
  EXPECT_EQ(no_name.error().code, ErrorCode::kInvalidArgument);
  const auto kernel = AudioWriter::create("/proc/syrinx.wav", options);
  EXPECT_FALSE(kernel);
}

TEST(AudioWriter, AVeryLongNameStillFits) {
  const auto path = scratch_dir() / (std::string(251, 'n') + ".wav");
  EXPECT_TRUE(write_audio(path, make_chord(1, 100, 16'000)));
  EXPECT_TRUE(std::filesystem::exists(path));
}

TEST(AudioWriter, AFullDiskIsAnErrorOfWriteOrFinish) {
  if (!std::filesystem::exists("/dev/full")) GTEST_SKIP() << "no /dev/full here";
  for (const auto format : {AudioFormat::kRaw, AudioFormat::kFlac, AudioFormat::kOggVorbis,
                            AudioFormat::kOpus, AudioFormat::kMp3, AudioFormat::kAiff}) {
    auto writer = AudioWriter::create("/dev/full", {.format = format, .sample_rate_hz = 16'000});
    if (!writer) {
      EXPECT_EQ(writer.error().code, ErrorCode::kIo) << to_string(format);
      continue;
    }
    const auto written = writer->write(make_chord(1, 50'000, 16'000));
    const auto finished = writer->finish();
    ASSERT_FALSE(finished) << to_string(format);
    EXPECT_EQ(finished.error().code, ErrorCode::kIo) << finished.error().message;
    EXPECT_NE(finished.error().message.find("No space left"), std::string::npos);
    EXPECT_FALSE(writer->write(make_chord(1, 100, 16'000))) << "after a failure";
  }
  EXPECT_TRUE(std::filesystem::is_character_file("/dev/full"));
}

TEST(AudioWriter, AFileThatCannotGrowFailsAndLeavesNothing) {
  const auto folder = scratch_dir();
  rlimit former{};
  getrlimit(RLIMIT_FSIZE, &former);
  const auto handler = signal(SIGXFSZ, SIG_IGN);
  const rlimit small{20'000, former.rlim_max};
  setrlimit(RLIMIT_FSIZE, &small);
  const auto written = write_audio(folder / "a.wav", make_chord(1, 50'000, 16'000));
  setrlimit(RLIMIT_FSIZE, &former);
  signal(SIGXFSZ, handler);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, ErrorCode::kIo);
  EXPECT_EQ(files_in(folder), 0u);
}

TEST(AudioWriter, AReaderThatGoesAwayIsAnError) {
  const auto handler = signal(SIGPIPE, SIG_IGN);
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  close(ends[0]);
  auto writer = AudioWriter::to_fd(ends[1], "standard output",
                                   {.format = AudioFormat::kRaw, .sample_rate_hz = 16'000});
  ASSERT_TRUE(writer);
  const auto written = writer->write(make_chord(1, 50'000, 16'000));
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, ErrorCode::kIo);
  EXPECT_NE(written.error().message.find("standard output"), std::string::npos);
  close(ends[1]);
  signal(SIGPIPE, handler);
}

TEST(AudioWriter, ADescriptorOfAFileGetsACompleteHeader) {
  const auto path = scratch_dir() / "a.wav";
  const int fd = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  ASSERT_GE(fd, 0);
  auto writer = AudioWriter::to_fd(fd, "standard output", {.sample_rate_hz = 16'000});
  ASSERT_TRUE(writer);
  ASSERT_TRUE(writer->write(make_chord(1, 1'000, 16'000)));
  ASSERT_TRUE(writer->finish());
  EXPECT_EQ(lseek(fd, 0, SEEK_CUR), 44 + 2'000);
  close(fd);
  const auto bytes = read_bytes(path);
  ASSERT_EQ(bytes.size(), 2'044u);
  EXPECT_EQ(std::to_integer<int>(bytes[40]) + 256 * std::to_integer<int>(bytes[41]), 2'000);
}

TEST(AudioWriter, WritersOfTheSameFileDoNotMeet) {
  const auto folder = scratch_dir();
  const auto path = folder / "a.wav";
  std::vector<std::thread> writers;
  for (std::size_t i = 1; i <= 8; ++i) {
    writers.emplace_back(
        [&path, i] { EXPECT_TRUE(write_audio(path, make_chord(1, 1'000 * i, 16'000))); });
  }
  for (auto& writer : writers) writer.join();
  EXPECT_EQ(files_in(folder), 1u);
  EXPECT_EQ(read_audio(path).value().frames() % 1'000, 0u) << "two writers' bytes in one file";
}

TEST(AudioWriter, SamplesThatAreNotFiniteBecomeSilenceAndAreCounted) {
  AudioBuffer audio(1, 4, 16'000);
  audio.channel(0)[0] = 0.5f;
  audio.channel(0)[1] = std::numeric_limits<float>::quiet_NaN();
  audio.channel(0)[2] = std::numeric_limits<float>::infinity();
  for (const auto encoding : {SampleEncoding::kInt16, SampleEncoding::kFloat32}) {
    const auto path = scratch_dir() / "a.wav";
    auto writer = AudioWriter::create(path, {.encoding = encoding, .sample_rate_hz = 16'000});
    ASSERT_TRUE(writer);
    ASSERT_TRUE(writer->write(audio));
    ASSERT_TRUE(writer->finish());
    EXPECT_EQ(writer->non_finite_samples(), 2u);
    EXPECT_EQ(writer->frames_written(), 4u);
    const auto back = read_audio(path).value();
    EXPECT_EQ(back.channel(0)[0], 0.5f);
    EXPECT_EQ(back.channel(0)[1], 0.0f);
    EXPECT_EQ(back.channel(0)[2], 0.0f);
  }
}

TEST(AudioWriter, ASoundCanBeStoredAtAnotherRateHoweverItIsCut) {
  AudioBuffer audio = make_chord(2, 30'000, 22'050);
  const AudioBuffer expected = dsp::resample(audio, 16'000).value();
  audio.channel(1)[29'000] = std::numeric_limits<float>::quiet_NaN();
  for (const std::size_t block : {7u, 64u, 30'000u}) {
    const auto path = scratch_dir() / "a.wav";
    auto writer = AudioWriter::create(path, {.encoding = SampleEncoding::kFloat32,
                                             .sample_rate_hz = 16'000,
                                             .input_rate_hz = 22'050,
                                             .channels = 2});
    ASSERT_TRUE(writer);
    EXPECT_EQ(writer->sample_rate_hz(), 22'050);
    for (std::size_t at = 0; at < audio.frames(); at += block)
      ASSERT_TRUE(writer->write(audio.view().slice(at, std::min(block, audio.frames() - at))));
    ASSERT_TRUE(writer->finish());
    EXPECT_EQ(writer->frames_written(), 30'000u);
    EXPECT_EQ(writer->non_finite_samples(), 1u);
    const AudioBuffer stored = read_audio(path).value();
    ASSERT_EQ(stored.sample_rate_hz(), 16'000);
    ASSERT_EQ(stored.frames(), expected.frames());
    for (std::size_t i = 0; i < expected.frames(); ++i)
      ASSERT_EQ(stored.channel(0)[i], expected.channel(0)[i]) << i;
    for (std::size_t i = 0; i < expected.frames(); ++i)
      ASSERT_TRUE(std::isfinite(stored.channel(1)[i])) << i;
  }
}

TEST(AudioWriter, ARateThatTheFormatCannotHaveIsFitted) {
  const AudioBuffer audio = make_chord(1, 44'100, 44'100);
  AudioWriteOptions options{.format = AudioFormat::kOpus, .sample_rate_hz = 44'100};
  fit_sample_rate(options);
  EXPECT_EQ(options.sample_rate_hz, 48'000);
  EXPECT_EQ(options.input_rate_hz, 44'100);
  const auto path = scratch_dir() / "a.opus";
  auto writer = AudioWriter::create(path, options);
  ASSERT_TRUE(writer) << writer.error().message;
  ASSERT_TRUE(writer->write(audio));
  ASSERT_TRUE(writer->finish());
  const AudioBuffer stored = read_audio(path).value();
  EXPECT_EQ(stored.frames(), 48'000u);

  AudioWriteOptions kept{.format = AudioFormat::kMp3, .sample_rate_hz = 44'100};
  fit_sample_rate(kept);
  EXPECT_EQ(kept.sample_rate_hz, 44'100);
  EXPECT_FALSE(kept.input_rate_hz);
}

TEST(AudioWriter, SoundOfAnotherRateOrShapeIsRefusedAndWritingGoesOn) {
  const auto path = scratch_dir() / "a.wav";
  auto writer = AudioWriter::create(path, {.sample_rate_hz = 16'000});
  ASSERT_TRUE(writer);
  EXPECT_FALSE(writer->write(make_chord(1, 10, 8'000)));
  EXPECT_FALSE(writer->write(make_chord(2, 10, 16'000)));
  EXPECT_TRUE(writer->write(make_chord(1, 10, 16'000)));
  EXPECT_TRUE(writer->finish());
  EXPECT_FALSE(writer->write(make_chord(1, 10, 16'000))) << "after finish()";
  EXPECT_TRUE(writer->finish()) << "finishing twice is harmless";
  EXPECT_EQ(read_audio(path).value().frames(), 10u);
}

}  // namespace
}  // namespace syrinx::io
