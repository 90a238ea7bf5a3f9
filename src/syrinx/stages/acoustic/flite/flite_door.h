// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "syrinx/core/base/result.h"

// All of Flite that Syrinx uses, without Flite's types. Any thread may call. Flite keeps its
// voices, and the way out of its errors, in globals, so calls take turns for a third of their work,
// the text's side; samples are made by several at once.
namespace syrinx::acoustic::flite {

// A word as Flite takes it.
struct Token {
  std::string name;                 // ASCII, without punctuation.
  std::string punctuation;          // That follows it: "", ",", "?" ...
  std::vector<std::string> phones;  // How it is said, "ax0" "k" "ae1"; none: by Flite's lexicon.
};

struct Segment {
  std::string phone;  // Flite's US English phone set: ARPABET in lower case, "pau" for silence.
  double end_s = 0;
  int stress = 0;  // 1 on the vowel of a stressed syllable.
  int token = -1;  // Index of the token that it belongs to; -1 for silence.
};

struct Speech {
  std::vector<float> samples;
  int sample_rate_hz = 0;
  std::vector<Segment> segments;
};

enum class VoiceId { kSlt, kRms, kAwb };

// Speaks the words. `stretch` multiplies durations, `pitch_ratio` multiplies F0 (the spectral
// envelope stays). Errors: kInternal when Flite gives up; its own word on it goes to stderr.
Result<Speech> speak(VoiceId voice, const std::vector<Token>& tokens, double stretch,
                     double pitch_ratio);

// The version of the Flite headers that this was built with.
std::string version();

}  // namespace syrinx::acoustic::flite
