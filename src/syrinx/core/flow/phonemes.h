// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "syrinx/core/flow/text.h"

namespace syrinx {

// The alphabet in which phonemes are written.
enum class PhonemeSet { kArpabet, kIpa, kKokoro, kXSampa };

// One phoneme with the written bytes that it stands for.
struct Phoneme {
  std::string symbol;  // In the set of its sequence: "ah", "dh"; "pau" for silence.
  int stress = 0;      // 0 none, 1 primary, 2 secondary; on vowels.
  SourceSpan source;   // Empty for silence between words.

  friend bool operator==(const Phoneme&, const Phoneme&) = default;
};

// What is to be said, in order.
struct PhonemeSequence {
  PhonemeSet set = PhonemeSet::kArpabet;
  std::vector<Phoneme> phonemes;
};

// A phoneme and when it sounds, in seconds from the start of what it belongs to.
struct TimedPhoneme {
  Phoneme phoneme;
  double begin_s = 0;
  double end_s = 0;
};

}  // namespace syrinx
