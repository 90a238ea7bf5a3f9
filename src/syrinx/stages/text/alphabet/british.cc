// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/alphabet/british.h"

#include <string>
#include <string_view>

#include "syrinx/stages/text/alphabet/alphabet.h"
#include "syrinx/stages/text/alphabet/arpabet_table.h"

namespace syrinx::text {
namespace {

// A vowel in its three places: before nothing special, before an "r" that is not said, and before
// one that is (which is written after it).
struct BritishVowel {
  std::string_view arpabet;
  std::string_view alone;
  std::string_view before_silent_r;
  std::string_view before_said_r;
};

constexpr BritishVowel kVowels[] = {
    {"aa", "ɒ", "ɑː", "ɒ"},    {"ae", "æ", "æ", "æ"},     {"ah", "ʌ", "ɜː", "ʌ"},
    {"ao", "ɔː", "ɔː", "ɔː"},  {"aw", "aʊ", "aʊə", "aʊ"}, {"ay", "aɪ", "aɪə", "aɪ"},
    {"eh", "ɛ", "ɛː", "ɛ"},    {"er", "ɜː", "ɜː", "ɜː"},  {"ey", "eɪ", "ɛː", "ɛː"},
    {"ih", "ɪ", "ɪə", "ɪə"},   {"iy", "iː", "ɪə", "ɪə"},  {"ow", "əʊ", "ɔː", "ɔː"},
    {"oy", "ɔɪ", "ɔɪə", "ɔɪ"}, {"uh", "ʊ", "ʊə", "ʊə"},   {"uw", "uː", "ʊə", "ʊə"},
};

const BritishVowel* find_vowel(std::string_view arpabet) {
  for (const BritishVowel& vowel : kVowels) {
    if (vowel.arpabet == arpabet) return &vowel;
  }
  return nullptr;
}

class British {
 public:
  explicit British(const std::vector<Phoneme>& american) : american_(american) {}

  std::vector<Phoneme> spoken() {
    for (std::size_t i = 0; i < american_.size(); ++i) add(i);
    return std::move(british_);
  }

 private:
  bool is(std::size_t i, std::string_view symbol) const {
    return i < american_.size() && american_[i].symbol == symbol;
  }
  bool is_vowel(std::size_t i) const {
    if (i >= american_.size()) return false;
    const ArpabetSymbol* symbol = find_arpabet(american_[i].symbol);
    return symbol != nullptr && symbol->is_vowel;
  }

  void add(std::size_t i) {
    const Phoneme& phoneme = american_[i];
    if (phoneme.symbol == "r") {
      if (is_vowel(i + 1)) push(phoneme, "ɹ");
      return;
    }
    if (phoneme.symbol == "er" || phoneme.symbol == "axr") return add_er(i);
    const BritishVowel* vowel = find_vowel(phoneme.symbol);
    if (vowel == nullptr) return push(phoneme, plain(phoneme));
    if (is(i + 1, "r")) {
      push(phoneme, is_vowel(i + 2) ? vowel->before_said_r : vowel->before_silent_r);
    } else {
      push(phoneme, weak(i, vowel->alone));
    }
  }

  void add_er(std::size_t i) {
    const Phoneme& phoneme = american_[i];
    push(phoneme, phoneme.stress == 0 ? "ə" : "ɜː");
    if (is_vowel(i + 1)) push({phoneme.symbol, 0, phoneme.source}, "ɹ");
  }

  // What an unstressed vowel is: "ə" for "ah"; "i" at the end of a word and "ɪ" before a vowel.
  std::string_view weak(std::size_t i, std::string_view strong) const {
    if (american_[i].stress != 0) return strong;
    if (american_[i].symbol == "ah") return "ə";
    if (american_[i].symbol != "iy") return strong;
    return is_vowel(i + 1) ? "ɪ" : "i";
  }

  static std::string plain(const Phoneme& phoneme) {
    const ArpabetSymbol* symbol = find_arpabet(phoneme.symbol);
    return symbol == nullptr ? phoneme.symbol : std::string(symbol->ipa);
  }

  // Diphthongs with a schwa after them are two phonemes.
  void push(const Phoneme& phoneme, std::string_view ipa) {
    constexpr std::string_view kSchwa = "ə";
    if (ipa.size() > kSchwa.size() && ipa.ends_with(kSchwa)) {
      british_.push_back(
          {std::string(ipa.substr(0, ipa.size() - kSchwa.size())), phoneme.stress, phoneme.source});
      british_.push_back({std::string(kSchwa), 0, phoneme.source});
    } else {
      british_.push_back({std::string(ipa), phoneme.stress, phoneme.source});
    }
  }

  const std::vector<Phoneme>& american_;
  std::vector<Phoneme> british_;
};

}  // namespace

std::vector<Phoneme> arpabet_to_british_ipa(const std::vector<Phoneme>& phonemes) {
  return British(phonemes).spoken();
}

}  // namespace syrinx::text
