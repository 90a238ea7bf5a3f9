// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace syrinx::measure {

// The words of a text as they are compared: lower case, without punctuation. An apostrophe inside a
// word stays ("it's"), a hyphen parts two words; what is not ASCII is left as it is.
std::vector<std::string> words_of(std::string_view text);

// How a hypothesis differs from its reference, by the fewest changes of words.
struct WordErrors {
  std::size_t substitutions = 0;
  std::size_t deletions = 0;   // Of the reference's words.
  std::size_t insertions = 0;  // Of words that the reference has not.
  std::size_t words = 0;       // Of the reference.

  std::size_t errors() const noexcept { return substitutions + deletions + insertions; }
  // Errors per word of the reference; above 1 is possible. 0 when there are no words.
  double rate() const noexcept;
  WordErrors& operator+=(const WordErrors& other) noexcept;
};

// By Levenshtein's distance over words; of alignments with as few errors, one with the most
// substitutions, as NIST's sclite with unit costs.
WordErrors compare_words(std::span<const std::string> reference,
                         std::span<const std::string> hypothesis);

struct Interval {
  double low = 0.0;
  double high = 0.0;
};

// The 95 % interval of the rate over all sentences, by `draws` bootstrap draws of whole sentences
// (Bisani and Ney, 2004). The same for the same sentences. Pre: draws >= 40.
Interval bootstrap_rate_interval(std::span<const WordErrors> sentences, std::size_t draws);

}  // namespace syrinx::measure
