// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "support/test_data.h"
#include "syrinx/core/base/json.h"
#include "syrinx/stages/text/normalise/normaliser.h"
#include "text_report/scoring.h"

namespace syrinx::bench {
namespace {

std::string line(const std::string& written) {
  static const auto kNormaliser = text::Normaliser::create().value();
  return text::spoken_line(kNormaliser.normalise(MappedText(written, 0)));
}

TEST(WordsOf, TakesPunctuationOut) {
  using Words = std::vector<std::string>;
  EXPECT_EQ(words_of("Mother-in-law's, 5 !", Punctuation::kDeleted), (Words{"motherinlaws", "5"}));
  EXPECT_EQ(words_of("Mother-in-law's, 5 !", Punctuation::kSpaced),
            (Words{"mother", "in", "laws", "5"}));
}

TEST(Score, CountsLinesAndWords) {
  Score score;
  EXPECT_TRUE(score.add("Five dollars.", "five dollars"));
  EXPECT_TRUE(score.add("a b", "a-b"));
  EXPECT_FALSE(score.add("five dollar", "five dollars"));
  EXPECT_DOUBLE_EQ(score.sentence_percent(), 200.0 / 3);
  EXPECT_DOUBLE_EQ(score.deleted_percent(), 100.0 / 3);
  EXPECT_DOUBLE_EQ(score.token_percent(), 100.0 - 100.0 / 6);
}

TEST(WordErrors, CountsTheLeastEdits) {
  EXPECT_EQ(word_errors({"a", "b", "c"}, {"a", "c"}), 1U);
  EXPECT_EQ(word_errors({}, {"a", "c"}), 2U);
  EXPECT_EQ(word_errors({"x", "y"}, {"x", "z", "w"}), 2U);
}

// Accuracy on the outside sets, a little below what is reached, so that a loss is seen.
std::vector<std::pair<std::string, std::string>> nemo_pairs() {
  std::vector<std::pair<std::string, std::string>> pairs;
  const auto folder = support::data_path("text/nemo_en");
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    std::ifstream in(file.path());
    for (std::string row; std::getline(in, row);) {
      const std::size_t tilde = row.find('~');
      if (tilde != std::string::npos)
        pairs.emplace_back(row.substr(0, tilde), row.substr(tilde + 1));
    }
  }
  return pairs;
}

TEST(TextAccuracy, ReadsOutsideCasesThatStateOneAnswer) {
  SYRINX_NEED_DATA("text/nemo_en/test_cases_date.txt");
  Score score;
  for (const auto& [written, spoken] : nemo_pairs()) score.add(line(written), spoken);
  EXPECT_GE(score.sentence_percent(), 98.0);
  EXPECT_GE(score.deleted_percent(), 95.0);
}

TEST(TextAccuracy, ReadsOutsideSentences) {
  SYRINX_NEED_DATA("text/google_tn/sentences.jsonl");
  Score score;
  std::ifstream in(support::data_path("text/google_tn/sentences.jsonl"));
  for (std::string row; std::getline(in, row);) {
    const auto json = parse_json(row);
    score.add(line(*json->find("text")->text()), *json->find("gt_normalized")->text());
  }
  EXPECT_GE(score.sentence_percent(), 94.0);
  EXPECT_GE(score.token_percent(), 98.0);
}

}  // namespace
}  // namespace syrinx::bench
