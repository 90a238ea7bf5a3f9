// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "syrinx/core/flow/text.h"
#include "syrinx/engines/tts/speech_stream.h"

// Finer times than those of words and phonemes, made of these.
namespace syrinx::tts {

// One character of the author's text and when it sounds: for text that fills as it is spoken.
struct TimedCharacter {
  std::string text;   // UTF-8, one code point.
  SourceSpan source;  // Of the word as a whole where the word was not written as it stands.
  double begin_s = 0;
  double end_s = 0;
};

// The characters of every word, in order. No voice says when a letter sounds: each word's time is
// apportioned, its characters spread evenly over its phonemes, so that a character is heard while
// the phonemes at the same place of the word are. Where a word has no phonemes, evenly over its
// time.
std::vector<TimedCharacter> time_characters(const SpokenSentence& sentence);

// A shape of the mouth and when it is made.
struct TimedViseme {
  int id = 0;         // 0 to 21: see viseme_of().
  SourceSpan source;  // Of the phoneme; empty for silence.
  double begin_s = 0;
  double end_s = 0;
};

inline constexpr int kVisemes = 22;

// The viseme of a phoneme in ARPABET, IPA or Kokoro's alphabet, in any letter case of ARPABET, with
// or without stress; nothing for a symbol that is none of these. The numbers are those of
// Microsoft's speech service ("Map phonemes to visemes", en-US), which SSML services and avatars
// share: 0 silence, 1 ae ah, 2 aa, 3 ao, 4 eh ey uh, 5 er, 6 ih iy y, 7 uw w, 8 ow, 9 aw, 10 oy,
// 11 ay, 12 hh, 13 r, 14 l, 15 s z, 16 sh ch jh zh, 17 dh, 18 f v, 19 d t n th, 20 k g ng,
// 21 p b m.
std::optional<int> viseme_of(std::string_view symbol) noexcept;

// One for each phoneme that has one, in order.
std::vector<TimedViseme> time_visemes(const SpokenSentence& sentence);

}  // namespace syrinx::tts
