// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/core/flow/spoken.h"
#include "syrinx/stages/acoustic/fastspeech/fastspeech_config.h"
#include "syrinx/stages/acoustic/speech_model.h"

// A sentence as the symbols that the acoustic model knows, and the way back: from how long each
// symbol lasts to when words and phonemes sound.
namespace syrinx::acoustic {

// One symbol of the line: a phoneme of a word, or what stands between words.
struct LineSound {
  std::int32_t id = 0;
  int word = -1;         // Index of the word that it belongs to; -1 for marks and boundaries.
  bool is_mark = false;  // A pause that the author wrote; else, without a word, a boundary.
  std::string phoneme;   // "ah", in lower case and without its stress; empty without a word.
  int stress = 0;
};

struct PhonemeLine {
  struct Word {
    std::string text;
    SourceSpan source;
  };
  std::vector<LineSound> sounds;
  std::vector<Word> words;  // Some may have no sounds.
  std::vector<UnsaidSymbol> unsaid;
};

// The words' ARPABET with a boundary between them, or the mark behind the word. Of several marks
// the one that shapes the tune most; a mark that the voice lacks is read as a comma or a full
// stop. A vowel whose stress the voice does not tell apart is taken without. Errors:
// kInvalidArgument for a word without a pronunciation in ARPABET; kLimitExceeded above
// limits::kMaxVoiceSymbols symbols.
Result<PhonemeLine> phoneme_line(const FastSpeechConfig& config,
                                 const std::vector<SpokenToken>& tokens);

// [begin, end) of the line's sounds.
struct LineStretch {
  std::size_t begin = 0;
  std::size_t end = 0;
};
// The line in stretches of at most `most` sounds: cut behind the last mark that fits, else behind
// the last boundary, else anywhere. Pre: most is above 0.
std::vector<LineStretch> cut_phonemes(const PhonemeLine& line, std::size_t most);

// When everything sounds. Each stretch was made with a silence before and after it.
struct StretchTimes {
  LineStretch stretch;
  std::size_t lead_frames = 0;
  std::vector<std::size_t> frames;  // Of each sound.
  std::size_t tail_frames = 0;
};
// Words and phonemes in seconds, gap-free from 0 to the end. A boundary below 50 ms is part of the
// phoneme before it; all else between words is "pau".
void place_phonemes(const PhonemeLine& line, std::span<const StretchTimes> times, double frame_s,
                    std::vector<TimedWord>& words, std::vector<TimedPhoneme>& phonemes);

}  // namespace syrinx::acoustic
