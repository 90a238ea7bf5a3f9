// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/spoken.h"
#include "syrinx/core/flow/text.h"
#include "syrinx/stages/text/script/script.h"

// Writing becomes words: "$3.50" is "three dollars fifty cents", and says why.
namespace syrinx::text {

// How the writing is set. Corpora put white space around punctuation ("Paris , 1900 .") and their
// readers follow other habits (no "and" in numbers, "o" for a zero in a year, letters apart) than
// ordinary writing.
enum class WritingStyle { kAuto, kOrdinary, kSpaced };

struct NormaliserOptions {
  std::string language = "en-US";  // BCP 47; letter case does not matter. "en-US", "en-GB".
  WritingStyle style = WritingStyle::kAuto;  // kAuto looks at each sentence.
};

class LanguageNormaliser;  // What a language knows; language.h.

// Says what each piece of a sentence stands for. Immutable once made: any number of threads may
// call the const functions. Cost is linear in the text.
class Normaliser {
 public:
  // Errors: kUnsupported for a language that is not there; its message names those that are.
  static Result<Normaliser> create(const NormaliserOptions& options = {});
  Normaliser(Normaliser&&) noexcept;
  Normaliser& operator=(Normaliser&&) noexcept;
  ~Normaliser();

  // The tokens of one sentence, in order. Every byte that is not white space lies in exactly one
  // token's written part; a token either has words, or is punctuation, or says in `skipped` why
  // nothing is said. A token that is spelt has one word per letter with is_letter_name set; the
  // last may carry a plural or genitive ("O's" of "UFOs"). Never fails: broken UTF-8 and unknown
  // symbols become skipped tokens.
  std::vector<SpokenToken> normalise(const MappedText& sentence) const;

  // The tokens of text whose kind the author stated: cardinal number ordinal digits fraction unit
  // measure date (format mdy dmy ymd md dm ym my md y m d) time (hms12 hms24) telephone characters
  // spell-out verbatim expletive bleep address currency money name. What does not fit its kind is
  // read as plain text, and the token's rule says so.
  // Errors: kUnsupported for an unknown interpret_as or format; the message lists what is known.
  Result<std::vector<SpokenToken>> say_as(const MappedText& text, const SayAs& how) const;

 private:
  explicit Normaliser(std::unique_ptr<const LanguageNormaliser> language);
  std::unique_ptr<const LanguageNormaliser> language_;
};

// How spoken_line() writes what is spelt: "fbi" or "f b i". kAuto: apart where the tokens come from
// spaced writing.
enum class LetterSpacing { kAuto, kTogether, kApart };

// The words as one plain line: lower case, one space between words, no punctuation but apostrophes
// and the hyphens with which the author joined words ("mother-in-law").
std::string spoken_line(const std::vector<SpokenToken>& tokens,
                        LetterSpacing letters = LetterSpacing::kAuto);

}  // namespace syrinx::text
