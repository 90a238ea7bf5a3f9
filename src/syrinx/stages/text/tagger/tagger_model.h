// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/stages/text/tagger/tagged_sentence.h"

namespace syrinx::text {

class ByteReader;

// What training/tagger learned: the tags of words, which tag follows which, and how each is
// written. Private to this folder.
class TaggerModel {
 public:
  // One tag that a word can have, and its likelihood next to the word's likeliest tag.
  struct Option {
    PennTag tag = PennTag::kNN;
    float likelihood = 1;
  };
  struct Word {
    std::span<const Option> options;
    std::uint8_t noun_topic = 0;
    std::uint8_t verb_topic = 0;
  };

  // Reads the file's bytes. Errors: kCorruptData, with what was expected where.
  static Result<TaggerModel> parse(std::span<const std::uint8_t> bytes);

  // What is known of a unit; an unknown word is judged by its ending.
  Word word(std::string_view lower_case, WordShape shape) const;
  float transition(PennTag from, PennTag to) const noexcept {
    return transitions_[static_cast<std::size_t>(from)][static_cast<std::size_t>(to)];
  }
  // How likely a word of that tag is written so; `initial` where a sentence or quotation begins.
  float shape_likelihood(bool initial, WordShape shape, PennTag tag) const noexcept {
    return shapes_[initial ? 1 : 0][static_cast<std::size_t>(shape)][static_cast<std::size_t>(tag)];
  }
  std::size_t words() const noexcept { return words_.size(); }

 private:
  static constexpr std::size_t kCasedShapes = 3;
  using Row = std::array<float, kPennTags>;
  struct Entry {
    std::uint32_t begin = 0;  // Of its letters.
    std::uint16_t size = 0;
    std::uint16_t class_index = 0;
    std::uint8_t noun_topic = 0;
    std::uint8_t verb_topic = 0;
  };

  Result<void> read_classes(ByteReader& reader);
  Result<void> read_words(ByteReader& reader);
  const Entry* find(std::string_view key) const noexcept;
  const Entry& guess(std::string_view word, WordShape shape) const;
  void index_words();

  std::array<Row, kPennTags> transitions_{};
  std::array<std::array<Row, kCasedShapes>, 2> shapes_{};
  std::vector<Option> options_;
  std::vector<std::uint32_t> class_begin_;  // One more than there are classes.
  std::string letters_;
  std::vector<Entry> words_;
  std::vector<std::uint32_t> slots_;  // A hash table of indices into words_, plus 1; 0 is empty.
};

}  // namespace syrinx::text
