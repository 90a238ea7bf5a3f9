// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "syrinx/core/flow/spoken.h"
#include "syrinx/stages/text/tagger/penn_tags.h"

namespace syrinx::text {

// How a unit is written.
enum class WordShape : std::uint8_t { kLower, kCapital, kAllCapitals, kNumber, kMark };

// One way to tag a unit, and how likely it is in its sentence.
struct TagProbability {
  PennTag tag = PennTag::kNN;
  float probability = 0;
};

// One word, number or mark, as the Penn Treebank divides writing ("do" + "n't"); hyphenated words
// are divided at the hyphen.
struct Unit {
  std::uint32_t begin = 0;  // Of its letters among all.
  std::uint32_t size = 0;
  WordShape shape = WordShape::kLower;
  PennTag tag = PennTag::kNN;      // The likeliest one.
  std::uint8_t noun_topic = 0;     // WordNet's lexicographer file of the word as a noun, or 0.
  std::uint8_t verb_topic = 0;     // The same as a verb.
  std::uint32_t first_option = 0;  // Its tags among options().
  std::uint32_t option_count = 0;
};

// A sentence as written, divided into units, with a place for their tags. Any bytes are taken:
// what is not ASCII counts as letters, but for the quotation marks, dashes and ellipsis of UTF-8.
class TaggedSentence {
 public:
  static constexpr std::uint32_t kNoUnit = 0xFFFFFFFF;

  static TaggedSentence of_text(std::string_view text);
  // The tokens' writing, not what is said for it. Empty `written` falls back to the words.
  static TaggedSentence of_tokens(std::span<const SpokenToken> tokens);
  static TaggedSentence of_words(std::span<const SpokenWord* const> words);

  std::size_t size() const noexcept { return units_.size(); }
  const Unit& operator[](std::size_t index) const noexcept { return units_[index]; }
  // In lower case (ASCII letters only), with a plain apostrophe.
  std::string_view text(std::size_t index) const noexcept {
    return std::string_view(letters_).substr(units_[index].begin, units_[index].size);
  }
  // The tags that the unit can have, each with its probability; empty before tagging.
  std::span<const TagProbability> options(std::size_t index) const noexcept {
    return std::span(options_).subspan(units_[index].first_option, units_[index].option_count);
  }
  // Of the words that the sentence was made of, in order (over all tokens): the unit that each is
  // read from, or kNoUnit where it is only said, not written ("dollars" of "$5").
  std::span<const std::uint32_t> unit_of_word() const noexcept { return unit_of_word_; }

 private:
  friend class Tagger;
  void add_text(std::string_view text);
  void add_unit(std::string_view text, WordShape shape);
  void add_word(std::string_view word);
  std::uint32_t unit_said_as(std::string_view word, std::uint32_t from) const;

  std::string letters_;
  std::vector<Unit> units_;
  std::vector<TagProbability> options_;
  std::vector<float> from_left_;   // Beside options_: probabilities given all up to the unit.
  std::vector<float> from_right_;  // Beside options_: likelihoods of the unit and all after it.
  std::vector<std::uint32_t> unit_of_word_;
};

}  // namespace syrinx::text
