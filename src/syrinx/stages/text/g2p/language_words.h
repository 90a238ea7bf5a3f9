// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "syrinx/core/base/result.h"
#include "syrinx/stages/text/ascii_fold.h"
#include "syrinx/stages/text/g2p/english_speller.h"
#include "syrinx/stages/text/g2p/pronunciation_cache.h"
#include "syrinx/stages/text/g2p/said_word.h"

namespace syrinx::text {

// What the library itself knows about words, in the set that is wanted; remembers what it found.
// Any thread may call.
class LanguageWords {
 public:
  // Errors: of AsciiFolder::create().
  static Result<std::unique_ptr<LanguageWords>> create(PhonemeSet set, Dialect dialect);

  PhonemeSet set() const noexcept { return set_; }
  Dialect dialect() const noexcept { return dialect_; }
  const EnglishSpeller& speller() const noexcept { return speller_; }

  // The word without accents and in Latin letters.
  std::string in_ascii(std::string_view word) const;
  // A word in ASCII; `next_is_vowel` shapes "the" and "to". Empty symbols when there is nothing to
  // say.
  SaidWord say(std::string_view word, std::optional<bool> next_is_vowel) const;
  // `said` in the wanted set, as its voices want it; `word` said by the library where the set lacks
  // a sound.
  SaidWord in_wanted_set(SaidWord said, std::string_view word) const;

 private:
  LanguageWords(PhonemeSet set, Dialect dialect, AsciiFolder folder)
      : set_(set), dialect_(dialect), folder_(std::move(folder)) {}
  SaidWord converted(const SpeltWord& spelt) const;

  PhonemeSet set_;
  Dialect dialect_;
  const EnglishSpeller& speller_ = EnglishSpeller::builtin();
  AsciiFolder folder_;  // Guarded by folding_.
  mutable std::mutex folding_;
  mutable PronunciationCache<SaidWord> cache_;
};

}  // namespace syrinx::text
