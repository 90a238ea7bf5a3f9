// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/spoken.h"
#include "syrinx/stages/acoustic/speech_model.h"

// A sentence as one line of symbols, which is what the networks of Kokoro's and Piper's voices
// take, and the way back: from when each symbol sounds to when words and phonemes do.
namespace syrinx::acoustic {

// A character of the line.
struct LineSymbol {
  char32_t code = 0;
  int word = -1;  // Index of the word that it belongs to; -1 for spaces and marks.
};

struct LineWord {
  std::string text;
  SourceSpan source;
};

struct SymbolLine {
  std::vector<LineSymbol> symbols;
  std::vector<LineWord>
      words;  // Some may have no symbols: those said together with the one before.
};

// Which marks the line takes.
enum class LineMarks {
  kKokoro,  // ; : , . ! ? and the dash, the ellipsis, quotes and brackets, as misaki gives them.
  kPiper,   // , . ? ! : ; as espeak-ng's clauses end; a dash and an ellipsis end one as ";" does.
};

// The words' pronunciations with a space between them, the marks behind the words that they follow.
// `letters`: the words' own letters instead. Errors: kInvalidArgument for a word without a
// pronunciation in `set`; kLimitExceeded above limits::kMaxVoiceSymbols symbols.
Result<SymbolLine> symbol_line(const std::vector<SpokenToken>& tokens, PhonemeSet set,
                               LineMarks marks, bool letters = false);

// The line as UTF-8.
std::string to_string(const SymbolLine& line);

// [begin, end) of the line's symbols.
struct LinePiece {
  std::size_t begin = 0;
  std::size_t end = 0;
};

// The line in pieces of at most `most` symbols, the first of at most `first`: cut behind the last
// mark that fits, else behind the last space, else anywhere. Pre: first and most are above 0.
std::vector<LinePiece> cut_line(const SymbolLine& line, std::size_t first, std::size_t most);

// What a network made of one piece of a line.
struct PieceSound {
  LinePiece piece;
  std::vector<float> samples;
  double lead_s = 0;                // Silence before the first symbol.
  std::vector<double> durations_s;  // Of each symbol of the piece; the rest is silence after.
};

// How long each symbol may last, where the network does not say: the time between the silences at
// both ends is shared out by kind of symbol (a vowel is longer than a consonant, a mark is a
// pause).
PieceSound apportioned(LinePiece piece, const SymbolLine& line, std::vector<float> samples,
                       int sample_rate_hz);

// All pieces as one utterance: silence where two meet within a clause is cut to a breath, spaces
// are shared by their neighbours, marks are pauses, words that are said together share their time
// by their letters.
Utterance utterance_of(const SymbolLine& line, std::vector<PieceSound> pieces, int sample_rate_hz);

// Whether a symbol only changes the one before it (length, aspiration, tie bars, tones), and
// whether it is a mark of stress, which stands before what it stresses.
bool is_modifier(char32_t code) noexcept;
int stress_of(char32_t code) noexcept;  // 1 for ˈ, 2 for ˌ, else 0.

// Errors: kInvalidArgument for a rate or pitch out of the range that every model accepts.
Result<void> check_prosody(const Prosody& prosody);

// A short silence, for a plan with nothing to pronounce.
Utterance silence(int sample_rate_hz);

}  // namespace syrinx::acoustic
