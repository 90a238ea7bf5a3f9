// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "syrinx/core/flow/phonemes.h"
#include "syrinx/core/flow/text.h"

namespace syrinx {

// What a piece of writing is: Google's classes (Sproat and Jaitly 2016, "RNN Approaches to Text
// Normalization") and those that later work added.
enum class TokenClass {
  kPlain,        // A word that is read as it is written.
  kPunctuation,  // Not said; shapes pauses and tune.
  kCardinal,
  kOrdinal,
  kDecimal,
  kFraction,
  kDigits,  // Digit by digit.
  kMoney,
  kDate,
  kTime,
  kMeasure,
  kTelephone,
  kAddress,
  kElectronic,
  kLetters,       // Spelt: "FBI".
  kAbbreviation,  // Expanded: "Dr."
  kRoman,
  kMath,
  kSerial,
  kRange,
  kScore,
  kVerbatim,  // A symbol by its name: "&".
  kEmoji,
};

// "cardinal", "punctuation": as printed and as say-as takes them.
std::string_view name_of(TokenClass token_class) noexcept;

// How a word is pronounced, written in one set: "HH AH0 L OW1" in ARPABET, "həlˈoʊ" in IPA,
// "həlˈO" in Kokoro's, "h@l\"oU" in X-SAMPA.
struct Pronunciation {
  PhonemeSet set = PhonemeSet::kArpabet;
  std::string symbols;

  friend bool operator==(const Pronunciation&, const Pronunciation&) = default;
};

// One word as it is said.
struct SpokenWord {
  std::string text;   // "fifty", "Lee": what a lexicon is asked for; letter case is the author's.
  SourceSpan source;  // The author's bytes that it stands for; several words may share them.
  bool is_letter_name = false;  // "F" of "FBI": said as the letter's name.
  std::string part_of_speech;   // Penn Treebank tag, or "" where no tagger ran.
  std::optional<Pronunciation> pronunciation;
  std::string decided_by;  // Who chose it: "lexicon us_gold", "homograph lead_vrb", ...
};

// A piece of the author's text, what it was taken for and what is said for it. Every byte of a
// sentence that is not white space belongs to one token.
struct SpokenToken {
  TokenClass token_class = TokenClass::kPlain;
  SourceSpan source;
  std::string written;  // After cleaning; "$3.50".
  std::vector<SpokenWord> words;
  std::string rule;     // What decided, for a person: "money: symbol before amount".
  std::string skipped;  // Why nothing is said ("ornament"), or "".
};

// What a voice is to say in one go: a sentence, or the part of one that is said in one manner.
struct UtterancePlan {
  std::vector<SpokenToken> tokens;
  Prosody prosody;
};

// The words as they are said, with a space between them and the marks that shape the tune.
std::string plain_words(const std::vector<SpokenToken>& tokens);

}  // namespace syrinx
