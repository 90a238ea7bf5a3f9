// SPDX-License-Identifier: Apache-2.0
#include "text_report/scoring.h"

#include <algorithm>

#include "syrinx/stages/text/normalise/pieces.h"

namespace syrinx::bench {
namespace {

double percent(std::size_t part, std::size_t whole) {
  return whole == 0 ? 0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

std::vector<std::string> words_of(std::string_view line, Punctuation punctuation) {
  const text::Pieces pieces(line);
  std::vector<std::string> words;
  bool apart = true;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    apart = apart || pieces[i].space_before;
    if (!pieces.is_letters(i) && !pieces.is_digits(i)) {
      const bool apostrophe = pieces.is(i, '\'') || pieces.is(i, 0x2019);
      apart = apart || (punctuation == Punctuation::kSpaced && !apostrophe);
      continue;
    }
    if (apart) words.emplace_back();
    words.back() += text::lower_case(pieces.text(i));
    apart = false;
  }
  return words;
}

std::size_t word_errors(const std::vector<std::string>& said,
                        const std::vector<std::string>& wanted) {
  std::vector<std::size_t> row(wanted.size() + 1);
  for (std::size_t j = 0; j < row.size(); ++j) row[j] = j;
  for (std::size_t i = 0; i < said.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < wanted.size(); ++j) {
      const std::size_t replaced = diagonal + (said[i] == wanted[j] ? 0U : 1U);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

bool Score::add(std::string_view said, std::string_view wanted) {
  const auto said_words = words_of(said, Punctuation::kSpaced);
  const auto wanted_words = words_of(wanted, Punctuation::kSpaced);
  const bool is_right = said_words == wanted_words;
  const bool is_right_deleted =
      words_of(said, Punctuation::kDeleted) == words_of(wanted, Punctuation::kDeleted);
  ++lines;
  right += is_right ? 1 : 0;
  right_deleted += is_right_deleted ? 1 : 0;
  words += wanted_words.size();
  errors += is_right ? 0 : word_errors(said_words, wanted_words);
  return is_right;
}

double Score::sentence_percent() const { return percent(right, lines); }
double Score::deleted_percent() const { return percent(right_deleted, lines); }
double Score::token_percent() const { return 100.0 - percent(errors, words); }

}  // namespace syrinx::bench
