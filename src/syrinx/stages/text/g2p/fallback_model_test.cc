// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/g2p/fallback_model.h"

#include <gtest/gtest.h>

#include <ctime>
#include <fstream>
#include <random>
#include <sstream>
#include <vector>

#include "support/test_data.h"
#include "syrinx/stages/text/g2p/arpabet_codes.h"
#include "syrinx/stages/text/g2p/english_data.h"
#include "syrinx/stages/text/g2p/english_words.h"
#include "syrinx/stages/text/lexicon/arpabet_names.h"
#include "syrinx/stages/text/lexicon/lexicon.h"

namespace syrinx::text {
namespace {

TEST(FallbackModel, SaysWordsThatNobodyTaughtIt) {
  const FallbackModel& model = FallbackModel::english();
  EXPECT_EQ(model.pronounce("blinter"), "B L IH1 N T ER0");
  EXPECT_EQ(model.pronounce("Snickerdoodling"), model.pronounce("snickerdoodling"));
  EXPECT_EQ(model.pronounce("fli-ck3"), model.pronounce("flick"));
  EXPECT_EQ(model.pronounce(""), "");
  EXPECT_EQ(model.pronounce("123 \xFF"), "");
}

// The reference is training/g2p/reference.py, which reads the model's file and searches it by
// itself; equal to the last phoneme, as all scores are multiples of 1/16 and so exact.
TEST(FallbackModel, EqualsTheReferenceOnAThousandInventedWords) {
  std::ifstream file(SYRINX_G2P_REFERENCE);
  ASSERT_TRUE(file) << SYRINX_G2P_REFERENCE;
  std::size_t words = 0;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#') continue;
    const std::size_t tab = line.find('\t');
    EXPECT_EQ(FallbackModel::english().pronounce(line.substr(0, tab)), line.substr(tab + 1));
    ++words;
  }
  EXPECT_EQ(words, 1'000U);
}

std::string without_stress(std::string symbols) {
  std::string bare;
  for (const char c : symbols) {
    if (c < '0' || c > '2') bare += c;
  }
  return bare;
}

// As training/g2p/dictionary.cc has it.
bool was_held_out(const std::string& word) {
  std::uint32_t hash = 2166136261U;
  for (const char c : word) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
  return hash % 10 == 0;
}

// The held-out tenth of CMUdict: words whose FNV-1a hash ends in the digit 0.
TEST(FallbackModel, SaysMostHeldOutWordsOfCmudictRight) {
  SYRINX_NEED_DATA("text/cmudict/cmudict.dict");
  const auto cmudict = Lexicon::load(support::data_path("text/cmudict/cmudict.dict"));
  ASSERT_TRUE(cmudict);
  std::ifstream file(support::data_path("text/cmudict/cmudict.dict"));
  std::size_t words = 0, right = 0, stressed = 0;
  const std::clock_t begin = std::clock();  // Processor time: others may be busy.
  for (std::string line; std::getline(file, line);) {
    const std::string word = line.substr(0, line.find(' '));
    if (word.find_first_not_of("abcdefghijklmnopqrstuvwxyz'") != std::string::npos) continue;
    if (!was_held_out(word)) continue;
    const std::string said = FallbackModel::english().pronounce(word);
    bool is_right = false, is_stressed = false;
    for (const LexiconReading& reading : cmudict->readings(word)) {
      is_stressed |= reading.pronunciation.symbols == said;
      is_right |= without_stress(reading.pronunciation.symbols) == without_stress(said);
    }
    words += 1;
    right += is_right;
    stressed += is_stressed;
  }
  const double seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
  const double percent = 100.0 * static_cast<double>(right) / static_cast<double>(words);
  std::printf("%zu words: right %.2f %%, with stress %.2f %%; %.0f words/s\n", words, percent,
              100.0 * static_cast<double>(stressed) / static_cast<double>(words),
              static_cast<double>(words) / seconds);
  EXPECT_EQ(words, 12'401U);
  EXPECT_GT(percent, 74.0);
}

TEST(EnglishWords, KnowTheFirstReadingOfEveryWordOfCmudict) {
  SYRINX_NEED_DATA("text/cmudict/cmudict.dict");
  std::ifstream file(support::data_path("text/cmudict/cmudict.dict"));
  const EnglishWords& known = EnglishWords::builtin();
  std::size_t words = 0, wrong = 0;
  for (std::string line; std::getline(file, line);) {
    const std::string word = line.substr(0, line.find(' '));
    if (word.find('(') != std::string::npos) continue;
    if (!known.was_taught(word)) ++wrong;
    if (++words % 7 != 0) continue;  // A seventh of them: all take a quarter of a minute.
    std::string expected = line.substr(word.size() + 1);
    expected = expected.substr(0, expected.find(" #"));
    const std::string by_heart = known.by_heart(word);
    wrong += (by_heart.empty() ? FallbackModel::english().recall(word) : by_heart) != expected;
  }
  EXPECT_GT(words, 125'000U);
  EXPECT_EQ(wrong, 0U);
}

TEST(EnglishWords, SeldomTakeAnInventedWordForATaughtOne) {
  std::mt19937 random(3);
  std::size_t passed = 0;
  for (int i = 0; i < 10'000; ++i) {
    std::string word = "qz";
    for (int letter = 0; letter < 8; ++letter) word += static_cast<char>('a' + random() % 26);
    passed += EnglishWords::builtin().was_taught(word);
  }
  EXPECT_LT(passed, 200U);
  EXPECT_EQ(EnglishWords::builtin().by_heart("qzzzq"), "");
}

template <class Read>
void damage(std::span<const std::byte> whole, Read read) {
  std::mt19937 random(11);
  for (int run = 0; run < 60; ++run) {
    std::vector<std::byte> bytes(whole.begin(), whole.end());
    if (run % 2 == 0) bytes.resize(random() % bytes.size());
    for (int edit = 0; edit < 20 && !bytes.empty(); ++edit) {
      const std::size_t span =
          run % 3 == 0 ? std::min<std::size_t>(bytes.size(), 600) : bytes.size();
      bytes[random() % span] = static_cast<std::byte>(random());
    }
    read(std::span<const std::byte>(bytes));
  }
}

TEST(FallbackModel, SurvivesADamagedFile) {
  damage(english_model_bytes(), [](std::span<const std::byte> bytes) {
    const auto model = FallbackModel::from_bytes(bytes);
    if (!model) return;
    for (const char* word : {"strengthening", "a'b", "zzyzx"}) {
      const std::string said = model->pronounce(word);
      EXPECT_EQ(first_unknown_arpabet(said), "") << said;
    }
  });
}

TEST(EnglishWords, SurviveADamagedFile) {
  damage(english_words_bytes(), [](std::span<const std::byte> bytes) {
    const auto words = EnglishWords::from_bytes(bytes);
    if (words) {
      EXPECT_EQ(first_unknown_arpabet(words->by_heart("the")), "");
    }
  });
}

}  // namespace
}  // namespace syrinx::text
