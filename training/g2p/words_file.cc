// SPDX-License-Identifier: Apache-2.0
#include "words_file.h"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <map>
#include <stdexcept>

#include "syrinx/stages/text/g2p/english_words.h"

namespace syrinx::training {
namespace {

constexpr std::size_t kFilterBitsPerWord = 10;  // One word in a hundred that is unknown passes.

void put_u32(std::string& bytes, std::size_t value) {
  for (int i = 0; i < 4; ++i) bytes.push_back(static_cast<char>(value >> (8 * i) & 255));
}

std::string arpabet(const std::vector<PhoneCode>& reading) {
  std::string symbols;
  for (const PhoneCode code : reading) symbols += (symbols.empty() ? "" : " ") + phone_name(code);
  return symbols;
}

// Each word without what it begins with like the word before.
std::string packed(std::vector<const Word*> words) {
  std::sort(words.begin(), words.end(),
            [](const Word* a, const Word* b) { return a->spelling < b->spelling; });
  std::string bytes, before;
  put_u32(bytes, words.size());
  for (const Word* word : words) {
    const auto [mine, theirs] =
        std::mismatch(word->spelling.begin(), word->spelling.end(), before.begin(), before.end());
    const auto shared = mine - word->spelling.begin();
    bytes.push_back(static_cast<char>(shared));
    bytes.push_back(static_cast<char>(word->spelling.end() - mine));
    bytes.append(mine, word->spelling.end());
    bytes.push_back(static_cast<char>(word->readings[0].size()));
    bytes.append(word->readings[0].begin(), word->readings[0].end());
    before = word->spelling;
  }
  return bytes;
}

std::string filter_of(const std::vector<Word>& words) {
  std::string filter(words.size() * kFilterBitsPerWord / 8 + 1, '\0');
  for (const Word& word : words) {
    for (const std::size_t bit : text::filter_bits(word.spelling, filter.size() * 8)) {
      filter[bit / 8] = static_cast<char>(filter[bit / 8] | 1 << bit % 8);
    }
  }
  return filter;
}

}  // namespace

std::set<std::string> frequent_words(const std::vector<std::filesystem::path>& texts,
                                     std::size_t least) {
  std::map<std::string, std::size_t> counts;
  for (const auto& path : texts) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw std::runtime_error("no text at " + path.string());
    std::string word;
    for (char c = 0; file.get(c);) {
      const auto letter = static_cast<unsigned char>(c);
      if (std::isalpha(letter) || (c == '\'' && !word.empty())) {
        word += static_cast<char>(std::tolower(letter));
      } else if (!word.empty()) {
        ++counts[std::exchange(word, {})];
      }
    }
  }
  std::set<std::string> frequent;
  for (const auto& [word, count] : counts) {
    if (count >= least) frequent.insert(word);
  }
  return frequent;
}

WordsFile make_words_file(const std::vector<Word>& dictionary, const text::FallbackModel& model,
                          const std::set<std::string>& frequent) {
  WordsFile file;
  std::vector<const Word*> by_heart;
  for (const Word& word : dictionary) {
    const bool is_wrong = model.recall(word.spelling) != arpabet(word.readings[0]);
    file.wrong += is_wrong;
    if (is_wrong || frequent.count(word.spelling) != 0) by_heart.push_back(&word);
  }
  file.by_heart = by_heart.size();
  const std::string filter = filter_of(dictionary);
  file.bytes = "SYXWRD01" + packed(by_heart);
  put_u32(file.bytes, filter.size());
  file.bytes += filter;
  return file;
}

}  // namespace syrinx::training
