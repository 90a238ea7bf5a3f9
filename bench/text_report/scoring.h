// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace syrinx::bench {

// How punctuation is taken out of lines before they are compared. Letter case never counts.
enum class Punctuation {
  kDeleted,  // "mother-in-law" is "motherinlaw".
  kSpaced,   // "mother-in-law" is "mother in law"; apostrophes are still deleted.
};

// The words of a line as they are compared: lower case, letters and digits of any alphabet alone.
std::vector<std::string> words_of(std::string_view line, Punctuation punctuation);

// How many words must be put in, taken out or replaced to make one list the other (Levenshtein).
std::size_t word_errors(const std::vector<std::string>& said,
                        const std::vector<std::string>& wanted);

// Counts of one set.
struct Score {
  std::size_t lines = 0;
  std::size_t right = 0;          // With Punctuation::kSpaced.
  std::size_t right_deleted = 0;  // With Punctuation::kDeleted.
  std::size_t words = 0;
  std::size_t errors = 0;

  // Compares a line; true if it is right with Punctuation::kSpaced, by which words are counted too.
  bool add(std::string_view said, std::string_view wanted);
  double sentence_percent() const;
  double deleted_percent() const;
  double token_percent() const;
};

}  // namespace syrinx::bench
