// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/phonemes.h"
#include "syrinx/core/flow/spoken.h"
#include "syrinx/stages/text/lexicon/lexicon_stack.h"

namespace syrinx::text {

// How a homograph is said here, and why.
struct HomographReading {
  Pronunciation pronunciation;
  std::string why;  // "lead_vrb 0.97": decided_by becomes "homograph lead_vrb 0.97".
};

// Chooses between the readings of a word that is written one way and said several ways; nothing for
// a word that is no homograph. `sentence` is every word of it, tagged. Any thread may call.
using HomographChooser = std::function<std::optional<HomographReading>(
    std::span<const SpokenWord* const> sentence, std::size_t index)>;

struct PronouncerOptions {
  std::string language = "en-US";          // "en-US" or "en-GB", in any case; "en" is "en-US".
  PhonemeSet set = PhonemeSet::kArpabet;   // What pronunciations are written in.
  std::shared_ptr<LexiconStack> lexicons;  // Asked in order before all else; or none.
  HomographChooser homographs;             // Or none.
};

// Says how each word of a sentence is pronounced. The first of these that knows the word decides:
//   what markup has said; the name of a letter that is spelt;
//   the lexicons, in their order, for the word and for its stem ("Kakuro's"), but misaki's;
//   the homograph chooser, or a pronunciation whose decided_by begins with "homograph";
//   misaki's rules where the stack has misaki lexicons (the first is "gold", the second "silver");
//   the words that the library knows; morphology; acronyms by letter; the model of unknown words.
// `the`, `to` and (by misaki's rules) several more are fitted to the sound that follows them. Every
// word that has a letter or a digit gets a pronunciation. Any thread may call.
class Pronouncer {
 public:
  // Errors: kUnsupported for another language.
  static Result<Pronouncer> create(PronouncerOptions options);
  Pronouncer(Pronouncer&&) noexcept;
  Pronouncer& operator=(Pronouncer&&) noexcept;
  ~Pronouncer();

  // Fills pronunciation (where markup has not) and decided_by of each word. `extra` is asked before
  // the options' lexicons: those that a document names. A tag of a word's part of speech helps.
  // Kokoro's symbols are the lexicons': a tap is "ɾ", which kokoro_ids() gives the voices as "T".
  void pronounce(std::vector<SpokenToken>& sentence, const LexiconList& extra = {}) const;

 private:
  struct Parts;
  explicit Pronouncer(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace syrinx::text
