// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "syrinx/core/flow/spoken.h"

namespace syrinx::text {

class HomographModel;
class TaggedSentence;

// Whose English: "progress" begins with "proh" in London and with "prah" in New York.
enum class EnglishAccent { kAmerican, kBritish };

// How one of several readings was chosen for a word that is written alike and said differently.
struct HomographChoice {
  std::string wordid;           // "lead_nou": the word, then its part of speech or sense.
  Pronunciation pronunciation;  // ARPABET with stress: "L EH1 D".
  double confidence = 0;        // Probability of the reading as the model sees it, 0..1.
  std::string why;              // For a person: "lead_nou 0.97: the next word 'pipe'".
};

// Chooses between the readings of English homographs by their neighbours: a linear model that
// training/homographs makes, for the words of its table; a rule on parts of speech for some more.
// Immutable: any thread may call, at once.
class Homographs {
 public:
  // The built-in English model. The first call unpacks it (a few milliseconds).
  static const Homographs& english();
  ~Homographs();
  Homographs(Homographs&&) noexcept;

  // Whether `word`, in any letter case and also with a possessive 's, has several readings here.
  bool knows(std::string_view word) const;

  // The reading of sentence[index], or nothing where that word is no homograph. Works best where
  // marks are words whose text is the mark (",").
  // Pre: index < sentence.size().
  std::optional<HomographChoice> choose(std::span<const SpokenWord* const> sentence,
                                        std::size_t index,
                                        EnglishAccent accent = EnglishAccent::kAmerican) const;

  // Tags one sentence and gives every homograph in it that has no pronunciation yet its reading:
  // fills part_of_speech, pronunciation and decided_by ("homograph lead_nou 0.97: the next word
  // 'pipe'"). Returns how many words it decided. The way that a front end should go: it sees marks
  // and numbers as they were written.
  // A word that is tagged already is read as that part of speech.
  std::size_t decide(std::span<SpokenToken> sentence,
                     EnglishAccent accent = EnglishAccent::kAmerican) const;

 private:
  std::size_t decide_by_tags(std::span<SpokenToken> sentence, EnglishAccent accent) const;
  explicit Homographs(std::unique_ptr<const HomographModel> model);
  std::optional<HomographChoice> choose_unit(const TaggedSentence& sentence, std::size_t unit,
                                             std::string_view word, EnglishAccent accent) const;
  std::optional<HomographChoice> choose_among(std::span<const SpokenWord> words, std::size_t index,
                                              EnglishAccent accent) const;

  std::unique_ptr<const HomographModel> model_;
};

}  // namespace syrinx::text
