// SPDX-License-Identifier: Apache-2.0
#include "alignment.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <unordered_map>

namespace syrinx::training {
namespace {

constexpr std::size_t kMaxPhones = 3;  // Of one letter.

// A graphone as one number: the letter, then each phoneme plus one.
using Key = std::uint32_t;
Key key_of(char letter, const PhoneCode* phones, std::size_t count) {
  Key key = static_cast<unsigned char>(letter);
  for (std::size_t i = 0; i < count; ++i) key |= (phones[i] + Key{1}) << (8 * (i + 1));
  return key;
}

struct Pair {
  const std::string* spelling;
  const std::vector<PhoneCode>* phones;
};

class Aligner {
 public:
  explicit Aligner(const std::vector<Word>& words) {
    for (const Word& word : words) {
      if (word.held_out) continue;
      for (const auto& reading : word.readings) pairs_.push_back({&word.spelling, &reading});
    }
  }

  void pass() {
    counts_.clear();
    for (const Pair& pair : pairs_) expect(pair);
    double total = 0;
    for (const auto& [key, count] : counts_) total += count;
    chances_.clear();
    for (const auto& [key, count] : counts_) chances_[key] = count / total;
  }

  // The likeliest way, as keys; empty where there is none.
  std::vector<Key> best(const Pair& pair) const;
  const std::vector<Pair>& pairs() const { return pairs_; }

 private:
  double chance(Key key) const {
    if (chances_.empty())
      return key < 256 ? 0.02 : key < 65536 ? 0.1 : key < (1 << 24) ? 1e-3 : 1e-5;
    const auto found = chances_.find(key);
    return found == chances_.end() ? 0 : found->second;
  }
  void expect(const Pair& pair);

  std::vector<Pair> pairs_;
  std::unordered_map<Key, double> counts_, chances_;
};

// forward[i][j]: all ways in which the first i letters stand for the first j phonemes.
void Aligner::expect(const Pair& pair) {
  const std::string& spelling = *pair.spelling;
  const auto& phones = *pair.phones;
  const std::size_t columns = phones.size() + 1;
  std::vector<double> forward((spelling.size() + 1) * columns), backward(forward.size());
  forward[0] = 1;
  for (std::size_t i = 0; i < spelling.size(); ++i) {
    for (std::size_t j = 0; j < columns; ++j) {
      if (forward[i * columns + j] == 0) continue;
      for (std::size_t n = 0; n <= kMaxPhones && j + n < columns; ++n) {
        forward[(i + 1) * columns + j + n] +=
            forward[i * columns + j] * chance(key_of(spelling[i], &phones[j], n));
      }
    }
  }
  const double total = forward.back();
  if (total <= 0) return;
  backward.back() = 1;
  for (std::size_t i = spelling.size(); i-- > 0;) {
    for (std::size_t j = 0; j < columns; ++j) {
      if (forward[i * columns + j] == 0) continue;
      for (std::size_t n = 0; n <= kMaxPhones && j + n < columns; ++n) {
        const Key key = key_of(spelling[i], &phones[j], n);
        const double after = chance(key) * backward[(i + 1) * columns + j + n];
        if (after == 0) continue;
        backward[i * columns + j] += after;
        counts_[key] += forward[i * columns + j] * after / total;
      }
    }
  }
}

std::vector<Key> Aligner::best(const Pair& pair) const {
  const std::string& spelling = *pair.spelling;
  const auto& phones = *pair.phones;
  const std::size_t columns = phones.size() + 1;
  std::vector<double> score((spelling.size() + 1) * columns, -INFINITY);
  std::vector<std::uint8_t> taken(score.size());
  score[0] = 0;
  for (std::size_t i = 0; i < spelling.size(); ++i) {
    for (std::size_t j = 0; j < columns; ++j) {
      for (std::size_t n = 0; n <= kMaxPhones && j + n < columns; ++n) {
        const double p = chance(key_of(spelling[i], &phones[j], n));
        const double here = p > 0 ? score[i * columns + j] + std::log(p) : -INFINITY;
        if (here > score[(i + 1) * columns + j + n]) {
          score[(i + 1) * columns + j + n] = here;
          taken[(i + 1) * columns + j + n] = static_cast<std::uint8_t>(n);
        }
      }
    }
  }
  if (std::isinf(score.back())) return {};
  std::vector<Key> keys(spelling.size());
  std::size_t j = phones.size();
  for (std::size_t i = spelling.size(); i-- > 0;) {
    const std::size_t n = taken[(i + 1) * columns + j];
    j -= n;
    keys[i] = key_of(spelling[i], &phones[j], n);
  }
  return keys;
}

Graphone graphone_of(Key key) {
  Graphone graphone{static_cast<char>(key & 255), {}};
  for (key >>= 8; key != 0; key >>= 8)
    graphone.phones.push_back(static_cast<PhoneCode>(key % 256 - 1));
  return graphone;
}

}  // namespace

Alignment align(const std::vector<Word>& words, const AlignOptions& options) {
  Aligner aligner(words);
  for (int pass = 0; pass < options.passes; ++pass) aligner.pass();
  std::vector<std::vector<Key>> ways;
  std::map<Key, std::size_t> counts;
  for (const Pair& pair : aligner.pairs()) {
    ways.push_back(aligner.best(pair));
    for (const Key key : ways.back()) ++counts[key];
  }
  std::vector<std::pair<std::size_t, Key>> common;
  for (const auto& [key, count] : counts) common.push_back({count, key});
  std::sort(common.rbegin(), common.rend());
  common.resize(std::min(common.size(), options.max_graphones));
  std::sort(common.begin(), common.end(),
            [](auto& a, auto& b) { return graphone_of(a.second) < graphone_of(b.second); });
  Alignment alignment;
  std::map<Key, std::uint16_t> numbers;
  for (const auto& [count, key] : common) {
    numbers[key] = static_cast<std::uint16_t>(alignment.graphones.size());
    alignment.graphones.push_back(graphone_of(key));
  }
  for (const auto& way : ways) {
    Aligned aligned;
    for (const Key key : way) {
      if (const auto found = numbers.find(key); found != numbers.end())
        aligned.push_back(found->second);
    }
    if (way.empty() || aligned.size() != way.size()) {
      ++alignment.refused;
    } else {
      alignment.readings.push_back(std::move(aligned));
    }
  }
  return alignment;
}

}  // namespace syrinx::training
