// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/lexicon/lexicon_stack.h"

#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "support/test_data.h"

namespace syrinx::text {
namespace {

namespace fs = std::filesystem;

void write(const fs::path& path, const std::string& contents) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << contents;
}

TEST(LexiconStack, AsksTheFirstLexiconFirstAndSaysWhichDecided) {
  const fs::path dir = support::scratch_dir();
  write(dir / "mine.tsv", "# mine\ndata\tDAH-tuh\n");
  write(dir / "other.tsv", "data\tDAY-tuh\nnews\tnyooz\n");
  const auto stack = LexiconStack::open({{dir / "mine.tsv"}, {dir / "other.tsv"}});
  ASSERT_TRUE(stack) << stack.error().message;
  const LexiconList lexicons = (*stack)->snapshot();
  const auto data = find_in(lexicons, "Data", {});
  EXPECT_EQ(data->reading.pronunciation.symbols, "D AA1 T AH0");
  EXPECT_EQ(data->decided_by(), "mine.tsv:2");
  EXPECT_EQ(find_in(lexicons, "news", {})->decided_by(), "other.tsv:2");
  EXPECT_FALSE(find_in(lexicons, "weather", {}).has_value());
}

TEST(LexiconStack, RefusesAMissingOrBrokenFile) {
  EXPECT_EQ(LexiconStack::open({{"/nowhere/a.tsv"}}).error().code, ErrorCode::kNotFound);
  const fs::path file = support::scratch_dir() / "broken.tsv";
  write(file, "word\tx-y-z\n");
  const auto stack = LexiconStack::open({{file}});
  EXPECT_NE(stack.error().message.find("broken.tsv, line 1"), std::string::npos)
      << stack.error().message;
}

TEST(LexiconStack, FollowsAChangedFileAndKeepsTheOldOneWhenTheNewIsBroken) {
  const fs::path file = support::scratch_dir() / "words.tsv";
  write(file, "data\tDAH-tuh\n");
  auto stack = std::move(LexiconStack::open({{file}})).value();
  EXPECT_FALSE(*stack->reload_changed());
  const LexiconList before = stack->snapshot();
  write(file, "data\tDAY-tuh\nmore\tmor\n");
  EXPECT_TRUE(*stack->reload_changed());
  EXPECT_EQ(find_in(before, "data", {})->reading.pronunciation.symbols, "D AA1 T AH0");
  EXPECT_EQ(find_in(stack->snapshot(), "data", {})->reading.pronunciation.symbols, "D EY1 T AH0");
  write(file, "data\t???\n");
  EXPECT_FALSE(stack->reload_changed().has_value());
  EXPECT_FALSE(*stack->reload_changed()) << "an error is told once";
  EXPECT_EQ(find_in(stack->snapshot(), "data", {})->reading.pronunciation.symbols, "D EY1 T AH0");
  fs::remove(file);
  EXPECT_FALSE(stack->reload_changed().has_value());
}

TEST(LexiconStack, ReloadsWhileOthersRead) {
  const fs::path file = support::scratch_dir() / "busy.tsv";
  write(file, "data\tDAH-tuh\n");
  auto stack = std::move(LexiconStack::open({{file}})).value();
  std::atomic<bool> stop = false;
  std::atomic<int> wrong = 0, asked = 0;
  std::thread reader([&] {
    while (!stop) {
      wrong += find_in(stack->snapshot(), "data", {}) ? 0 : 1;
      ++asked;
    }
  });
  for (int i = 0; i < 100; ++i) {
    write(file, "data\tDAH-tuh\n" + std::string(static_cast<std::size_t>(i) + 1, '#') + "\n");
    while (!stack->reload_changed().has_value()) continue;  // A file half written may be seen.
  }
  while (asked == 0) std::this_thread::yield();
  stop = true;
  reader.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace syrinx::text
