// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "dictionary.h"

namespace syrinx::training {

// A letter and the phonemes that it stands for: none ("k" of "knee") to three.
struct Graphone {
  char letter = 0;
  std::vector<PhoneCode> phones;

  friend auto operator<=>(const Graphone&, const Graphone&) = default;
};

using Aligned = std::vector<std::uint16_t>;  // One graphone's number per letter.

// Which phonemes each letter of each training word stands for, by expectation and maximisation over
// all ways to share a reading's phonemes among the letters of its spelling.
struct Alignment {
  std::vector<Graphone> graphones;
  std::vector<Aligned> readings;
  std::size_t refused = 0;  // Readings with more phonemes than three a letter, or rare graphones.
};

struct AlignOptions {
  int passes = 10;
  std::size_t max_graphones = 253;  // The commonest are kept.
};

Alignment align(const std::vector<Word>& words, const AlignOptions& options);

}  // namespace syrinx::training
