// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

#include "syrinx/core/flow/spoken.h"
#include "syrinx/stages/text/tagger/tagged_sentence.h"

namespace syrinx::text {

class TaggerModel;

// Finds parts of speech (Penn Treebank tags) in English: a hidden Markov model over the tags that
// each word can have, which training/tagger makes. Immutable: any thread may call, at once.
// Linear in the length of the sentence.
class Tagger {
 public:
  // The built-in English model. The first call unpacks it (a few milliseconds).
  static const Tagger& english();
  ~Tagger();
  Tagger(Tagger&&) noexcept;

  // Fills the tags of `sentence` and, at words with several, how likely each is.
  void tag(TaggedSentence& sentence) const;

  // How well each tag would fit between the neighbours of a unit, whatever the unit itself is: by
  // tag, adding up to 1. Pre: `sentence` is tagged, index < sentence.size().
  std::array<float, kPennTags> fit(const TaggedSentence& sentence, std::size_t index) const;

  // Fills part_of_speech of every word of one sentence, in place; marks, numbers and the like are
  // read as they were written, so that "$3.50" is one amount, not four words. Words that carry a
  // tag already keep it.
  void tag(std::span<SpokenToken> sentence) const;
  // The same of bare words: a mark is a word whose text is the mark (",").
  void tag(std::span<SpokenWord* const> sentence) const;
  // Gives the words of `sentence`, of which `tagged` was made, the tags that were found.
  void copy_tags(const TaggedSentence& tagged, std::span<SpokenToken> sentence) const;

 private:
  class Pass;
  explicit Tagger(std::unique_ptr<const TaggerModel> model);
  std::string_view likeliest_alone(std::string_view word) const;

  std::unique_ptr<const TaggerModel> model_;
};

}  // namespace syrinx::text
