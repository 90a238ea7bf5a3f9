// SPDX-License-Identifier: Apache-2.0
#include "scores.h"

#include <algorithm>
#include <limits>
#include <sstream>

namespace syrinx::training {
namespace {

std::vector<PhoneCode> codes_of(const std::string& symbols) {
  std::vector<PhoneCode> codes;
  std::istringstream names(symbols);
  for (std::string name; names >> name;) codes.push_back(static_cast<PhoneCode>(phone_code(name)));
  return codes;
}

std::vector<PhoneCode> unstressed(std::vector<PhoneCode> codes) {
  std::transform(codes.begin(), codes.end(), codes.begin(), without_stress);
  return codes;
}

std::size_t edits_between(const std::vector<PhoneCode>& a, const std::vector<PhoneCode>& b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t changed = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = std::exchange(row[j], std::min({row[j] + 1, row[j - 1] + 1, changed}));
    }
  }
  return row.back();
}

void add(const Word& word, const std::vector<PhoneCode>& said, Scores& scores) {
  bool right = false, with_stress = false;
  std::size_t edits = std::numeric_limits<std::size_t>::max(), phonemes = 0;
  for (const auto& reading : word.readings) {
    with_stress |= said == reading;
    const std::size_t here = edits_between(unstressed(said), unstressed(reading));
    right |= here == 0;
    if (here < edits) {
      edits = here;
      phonemes = reading.size();
    }
  }
  scores.words += 1;
  scores.right += right;
  scores.right_with_stress += with_stress;
  scores.edits += edits;
  scores.phonemes += phonemes;
}

}  // namespace

Scores score(const std::vector<Word>& words, const text::FallbackModel& model, bool held_out) {
  Scores scores;
  for (const Word& word : words) {
    if (word.held_out == held_out) add(word, codes_of(model.pronounce(word.spelling)), scores);
  }
  return scores;
}

}  // namespace syrinx::training
