// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/recognition/word_error_rate.h"

#include <algorithm>
#include <random>
#include <utility>

namespace syrinx::measure {
namespace {

constexpr std::uint64_t kSeed = 2004;
constexpr std::string_view kRightQuote = "\xE2\x80\x99";

bool is_ascii_letter_or_digit(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}
bool belongs_to_word(char c) noexcept {
  return is_ascii_letter_or_digit(c) || static_cast<unsigned char>(c) >= 0x80;
}
char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

std::string with_plain_apostrophes(std::string_view text) {
  std::string plain(text);
  for (auto at = plain.find(kRightQuote); at != std::string::npos; at = plain.find(kRightQuote)) {
    plain.replace(at, kRightQuote.size(), "'");
  }
  return plain;
}

// One way to get from a reference's beginning to a hypothesis' beginning.
struct Path {
  std::size_t errors = 0;
  std::size_t substitutions = 0;
  std::size_t deletions = 0;
  std::size_t insertions = 0;

  bool better_than(const Path& other) const noexcept {
    if (errors != other.errors) return errors < other.errors;
    return substitutions > other.substitutions;
  }
};

Path best_of(const Path& diagonal, const Path& above, const Path& left, bool same) {
  Path match = diagonal;
  match.errors += same ? 0 : 1;
  match.substitutions += same ? 0 : 1;
  Path deletion = above;
  ++deletion.errors;
  ++deletion.deletions;
  Path insertion = left;
  ++insertion.errors;
  ++insertion.insertions;
  const Path& skip = deletion.better_than(insertion) ? deletion : insertion;
  return skip.better_than(match) ? skip : match;
}

}  // namespace

std::vector<std::string> words_of(std::string_view text) {
  const std::string plain = with_plain_apostrophes(text);
  std::vector<std::string> words;
  std::string word;
  for (std::size_t i = 0; i <= plain.size(); ++i) {
    const bool inside = i < plain.size() && belongs_to_word(plain[i]);
    const bool apostrophe =
        i + 1 < plain.size() && plain[i] == '\'' && !word.empty() && belongs_to_word(plain[i + 1]);
    if (inside || apostrophe) {
      word += lower(plain[i]);
    } else if (!word.empty()) {
      words.push_back(std::exchange(word, {}));
    }
  }
  return words;
}

double WordErrors::rate() const noexcept {
  return words == 0 ? 0.0 : static_cast<double>(errors()) / static_cast<double>(words);
}

WordErrors& WordErrors::operator+=(const WordErrors& other) noexcept {
  substitutions += other.substitutions;
  deletions += other.deletions;
  insertions += other.insertions;
  words += other.words;
  return *this;
}

WordErrors compare_words(std::span<const std::string> reference,
                         std::span<const std::string> hypothesis) {
  std::vector<Path> above(hypothesis.size() + 1);
  for (std::size_t j = 0; j <= hypothesis.size(); ++j) above[j] = {j, 0, 0, j};
  std::vector<Path> row(above.size());
  for (std::size_t i = 0; i < reference.size(); ++i) {
    row[0] = {i + 1, 0, i + 1, 0};
    for (std::size_t j = 0; j < hypothesis.size(); ++j) {
      row[j + 1] = best_of(above[j], above[j + 1], row[j], reference[i] == hypothesis[j]);
    }
    std::swap(row, above);
  }
  const Path& best = above.back();
  return {best.substitutions, best.deletions, best.insertions, reference.size()};
}

Interval bootstrap_rate_interval(std::span<const WordErrors> sentences, std::size_t draws) {
  if (sentences.empty()) return {};
  std::mt19937_64 random(kSeed);
  std::vector<double> rates(draws);
  for (double& rate : rates) {
    WordErrors drawn;
    for (std::size_t i = 0; i < sentences.size(); ++i) {
      drawn += sentences[static_cast<std::size_t>(random() % sentences.size())];
    }
    rate = drawn.rate();
  }
  std::sort(rates.begin(), rates.end());
  const std::size_t tail = draws / 40;
  return {rates[tail], rates[draws - 1 - tail]};
}

}  // namespace syrinx::measure
