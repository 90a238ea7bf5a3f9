// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/lexicon/user_lexicon.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "support/test_data.h"

namespace syrinx::text {
namespace {

namespace fs = std::filesystem;

std::string contents_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(UserLexicon, AddsReplacesAndRemovesEntriesAndKeepsComments) {
  const fs::path file = support::scratch_dir() / "new" / "user.tsv";
  EXPECT_FALSE(*put_user_entry(file, {"Kakuro", "kuh-KAH-roh", "", "", 0}));
  std::ofstream(file, std::ios::app) << "# by hand\nNguyen\t/wɪn/";
  EXPECT_FALSE(*put_user_entry(file, {"record", "ri-KORD", "", "verb", 0}));
  EXPECT_TRUE(*put_user_entry(file, {"Kakuro", "K AE1 K UH0 R OW0", "arpabet", "", 0}));
  EXPECT_EQ(contents_of(file),
            "Kakuro\tK AE1 K UH0 R OW0\tarpabet\n# by hand\nNguyen\t/wɪn/\n"
            "record\tri-KORD\t\tverb\n");
  const auto entries = list_user_entries(file);
  ASSERT_EQ(entries->size(), 3U);
  EXPECT_EQ((*entries)[1].word, "Nguyen");
  EXPECT_EQ((*entries)[1].line, 3U);
  EXPECT_EQ((*entries)[2].part_of_speech, "VERB");
  EXPECT_EQ(*remove_user_entry(file, "record", "noun"), 0U);
  EXPECT_EQ(*remove_user_entry(file, "record", "verb"), 1U);
  EXPECT_EQ(*remove_user_entry(file, "Nguyen"), 1U);
  EXPECT_EQ(contents_of(file), "Kakuro\tK AE1 K UH0 R OW0\tarpabet\n# by hand\n");
  EXPECT_TRUE(Lexicon::load(file).has_value());
}

TEST(UserLexicon, RefusesWhatCannotBeSaidAndLeavesTheFile) {
  const fs::path file = support::scratch_dir() / "user.tsv";
  EXPECT_FALSE(put_user_entry(file, {"word", "xyz", "", "", 0}).has_value());
  EXPECT_FALSE(put_user_entry(file, {"two\twords", "/a/", "", "", 0}).has_value());
  EXPECT_FALSE(put_user_entry(file, {"", "/a/", "", "", 0}).has_value());
  EXPECT_FALSE(put_user_entry(file, {"#x", "/a/", "", "", 0}).has_value());
  EXPECT_FALSE(fs::exists(file));
  EXPECT_EQ(put_user_entry("/proc/nowhere/user.tsv", {"a", "uh", "", "", 0}).error().code,
            ErrorCode::kIo);
}

TEST(UserLexicon, ImportsOnlyWhatReads) {
  const fs::path dir = support::scratch_dir();
  std::ofstream(dir / "names.dict") << "ACME  AE1 K M IY0\n";
  std::ofstream(dir / "broken.dict") << "ACME  AE1 KM IY0\n";
  const auto imported = import_lexicon(dir / "names.dict", LexiconFormat::kDetect, dir / "store");
  ASSERT_TRUE(imported) << imported.error().message;
  EXPECT_EQ(imported->format, LexiconFormat::kCmudict);
  EXPECT_EQ(imported->words, 1U);
  EXPECT_TRUE(fs::exists(dir / "store" / "names.dict"));
  EXPECT_FALSE(import_lexicon(dir / "broken.dict", LexiconFormat::kCmudict, dir / "store"));
  EXPECT_FALSE(fs::exists(dir / "store" / "broken.dict"));
}

TEST(UserLexicon, FindsTheUsersFilesHisOwnFirst) {
  const fs::path dir = support::scratch_dir();
  ::setenv("XDG_DATA_HOME", dir.c_str(), 1);
  EXPECT_TRUE(user_lexicons()->empty());
  const fs::path folder = *user_lexicon_folder();
  EXPECT_EQ(folder, dir / "syrinx" / "lexicons");
  fs::create_directories(folder);
  for (const char* name : {"b.pls", "user.tsv", "a.dict", ".hidden"}) std::ofstream(folder / name);
  const auto found = user_lexicons();
  ASSERT_EQ(found->size(), 3U);
  EXPECT_EQ((*found)[0].path, *user_lexicon_file());
  EXPECT_EQ((*found)[1].path.filename(), "a.dict");
  ::unsetenv("XDG_DATA_HOME");
}

}  // namespace
}  // namespace syrinx::text
