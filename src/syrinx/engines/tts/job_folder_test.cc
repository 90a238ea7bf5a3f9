// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/tts/job_folder.h"

#include <gtest/gtest.h>

#include <fstream>

#include "support/test_data.h"

namespace syrinx::tts {
namespace {

namespace fs = std::filesystem;

const JobIdentity kIdentity{{"text", "abc"}, {"voice", "slt"}};

SpokenRecord record_of(const std::string& text) {
  SpokenRecord record;
  record.text = text;
  record.voice = "slt";
  record.source = {3, 9};
  record.words = {{0, 1, {3, 4}, 0.25, 0.5}};
  return record;
}

AudioBuffer ramp(std::size_t frames) {
  AudioBuffer audio(1, frames, 16'000);
  for (std::size_t i = 0; i < frames; ++i) audio.channel(0)[i] = static_cast<float>(i) / 32'768.0f;
  return audio;
}

Result<JobFolder> open(const fs::path& folder, const JobIdentity& identity = kIdentity,
                       bool restart = false) {
  return JobFolder::open(folder, identity, 16'000, restart, {});
}

TEST(JobFolder, GivesBackWhatWasAddedAfterItIsOpenedAgain) {
  const auto folder = support::scratch_dir() / "job";
  {
    auto job = open(folder);
    ASSERT_TRUE(job) << job.error().message;
    ASSERT_TRUE(job->add(record_of("One \"quoted\"\n\xC3\xA9"), ramp(100)));
    ASSERT_TRUE(job->add(record_of("silent"), AudioBuffer(1, 0, 16'000)));
    ASSERT_TRUE(job->add(record_of("Two"), ramp(50)));
  }
  auto job = open(folder);
  ASSERT_TRUE(job) << job.error().message;
  EXPECT_EQ(job->records(), 3u);
  EXPECT_EQ(job->frames(), 150u);
  EXPECT_EQ(job->last().text, "Two");
  auto reader = JobReader::open(*job);
  ASSERT_TRUE(reader);
  SpokenRecord record;
  AudioBuffer sound;
  ASSERT_TRUE(reader->next(record, &sound).value());
  EXPECT_EQ(record.text, "One \"quoted\"\n\xC3\xA9");
  ASSERT_EQ(record.words.size(), 1u);
  EXPECT_DOUBLE_EQ(record.words[0].begin_s, 0.25);
  ASSERT_EQ(sound.frames(), 100u);
  EXPECT_EQ(sound.channel(0)[99], 99.0f / 32'768.0f);
  ASSERT_TRUE(reader->next(record, &sound).value());
  ASSERT_TRUE(reader->next(record, &sound).value());
  EXPECT_EQ(sound.frames(), 50u);
  EXPECT_FALSE(reader->next(record, &sound).value());
}

TEST(JobFolder, WhatIsNotWholeIsCutOff) {
  for (int damage = 0; damage < 4; ++damage) {
    const auto folder = support::scratch_dir() / "job";
    {
      auto job = open(folder);
      for (int i = 0; i < 3; ++i) ASSERT_TRUE(job->add(record_of("x"), ramp(100)));
    }
    const fs::path journal = folder / "journal";
    const fs::path sound = folder / "sound.s16";
    if (damage == 0) fs::resize_file(journal, fs::file_size(journal) - 1);
    if (damage == 1) fs::resize_file(sound, 450);
    if (damage == 2) std::ofstream(journal, std::ios::app) << "0123456789abcdef {}\n";
    if (damage == 3) {
      std::fstream file(sound, std::ios::in | std::ios::out | std::ios::binary);
      file.seekp(420);
      file.put('\x55');
    }
    auto job = open(folder);
    ASSERT_TRUE(job) << job.error().message;
    EXPECT_EQ(job->records(), damage == 2 ? 3u : 2u) << damage;
    EXPECT_EQ(fs::file_size(sound), job->frames() * 2);
    ASSERT_TRUE(job->add(record_of("y"), ramp(10)));  // And it goes on.
  }
}

TEST(JobFolder, AnotherJobIsRefusedWithWhatDiffers) {
  const auto folder = support::scratch_dir() / "job";
  { ASSERT_TRUE(open(folder)->add(record_of("x"), ramp(10))); }
  const auto other = open(folder, {{"text", "abd"}, {"voice", "slt"}});
  ASSERT_FALSE(other);
  EXPECT_NE(other.error().message.find("unfinished job of other text;"), std::string::npos);
  const auto anew = open(folder, {{"text", "abd"}, {"voice", "slt"}}, true);
  ASSERT_TRUE(anew) << anew.error().message;
  EXPECT_EQ(anew->records(), 0u);
}

TEST(JobFolder, IsOneProcesssAtATime) {
  const auto folder = support::scratch_dir() / "job";
  const auto first = open(folder);
  ASSERT_TRUE(first);
  const auto second = open(folder);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::kUnavailable);
}

TEST(JobFolder, RemovesItselfAndTouchesNothingElse) {
  const auto folder = support::scratch_dir() / "job";
  auto job = open(folder);
  ASSERT_TRUE(job->add(record_of("x"), ramp(10)));
  std::ofstream(folder / "mine.txt") << "x";
  EXPECT_FALSE(job->remove()) << "a file that is none of its own";
  EXPECT_TRUE(fs::exists(folder / "mine.txt"));
  fs::remove(folder / "mine.txt");
  EXPECT_TRUE(job->remove());
  EXPECT_FALSE(fs::exists(folder));
}

TEST(JobFolder, FoldersOfOthersAreLeftAlone) {
  const auto folder = support::scratch_dir();
  std::ofstream(folder / "mine.txt") << "x";
  const auto job = open(folder);
  ASSERT_FALSE(job);
  EXPECT_NE(job.error().message.find("none of a job's"), std::string::npos);
}

TEST(SpokenRecord, EveryChangedByteOfALineIsNoticed) {
  const std::string line = line_of(record_of("Some text."));
  ASSERT_TRUE(parse_record(line));
  for (std::size_t i = 0; i < line.size(); ++i) {
    std::string changed = line;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_FALSE(parse_record(changed)) << i;
    EXPECT_FALSE(parse_record(line.substr(0, i)));
  }
}

}  // namespace
}  // namespace syrinx::tts
