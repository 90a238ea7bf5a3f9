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
  std::string why;  // "lead_vrb": decided_by becomes "homograph lead_vrb".
};

// Chooses between the readings of a word that is written one way and said several ways; nothing for
// a word that is no homograph. `sentence` is every word of it, tagged. Any thread may call.
using HomographChooser = std::function<std::optional<HomographReading>(
    std::span<const SpokenWord* const> sentence, std::size_t index)>;

struct PronouncerOptions {
  std::string language = "en-US";            // "en-US" or "en-GB".
  PhonemeSet set = PhonemeSet::kArpabet;     // What pronunciations are written in.
  std::shared_ptr<LexiconStack> lexicons;    // Asked in order before all else; or none.
  HomographChooser homographs;               // Or none.
};

// Says how each word of a sentence is pronounced. Asked in this order: what markup has said; the
// name of a letter; the lexicons, in their order, up to the first misaki lexicon; the homograph
// chooser; misaki's rules, where the stack has misaki lexicons (the first is "gold", the second
// "silver") and the set is Kokoro's; the other lexicons; the words that the model learnt by heart;
// morphology (stem and ending, prefix, compound, contraction); acronyms by letter; the model.
// Afterwards `the`, `a` and `to` are fitted to what follows them.
// Every word that has a letter or a digit gets a pronunciation. Any thread may call.
class Pronouncer {
 public:
  // Errors: kUnsupported for another language.
  static Result<Pronouncer> create(PronouncerOptions options);
  Pronouncer(Pronouncer&&) noexcept;
  Pronouncer& operator=(Pronouncer&&) noexcept;
  ~Pronouncer();

  // Fills pronunciation (where markup has not) and decided_by of each word. `extra` is asked before
  // the options' lexicons: those that a document names. A word in whose pronunciation the wanted set
  // lacks a symbol keeps what can be said.
  void pronounce(std::vector<SpokenToken>& sentence, const LexiconList& extra = {}) const;

 private:
  struct Parts;
  explicit Pronouncer(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace syrinx::text
