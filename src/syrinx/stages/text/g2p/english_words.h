// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "syrinx/core/base/result.h"

namespace syrinx::text {

// Which bits of a filter of `bits` bits stand for a word (a Bloom filter; Kirsch and Mitzenmacher
// 2006, "Less Hashing, Same Performance").
std::array<std::size_t, 7> filter_bits(std::string_view word, std::size_t bits) noexcept;

// The words that training made known besides the model: those that it says in another way than the
// dictionary that it was taught with, and the frequent ones. The file:
//   "SYXWRD01", how many words (4 bytes); per word, in order: how many bytes it shares with the
//   word before, how many follow, these; how many phonemes, their codes (arpabet_codes.h); how many
//   bytes the filter has (4 bytes), the filter: the bits of every word of the dictionary.
class EnglishWords {
 public:
  static const EnglishWords& builtin();
  // Errors: kCorruptData.
  static Result<EnglishWords> from_bytes(std::span<const std::byte> bytes);

  // ARPABET of a word in lower case, or "" when it is not known by heart.
  std::string by_heart(std::string_view word) const;
  // Whether the word, in lower case, was in the dictionary. One in a hundred that were not passes.
  bool was_taught(std::string_view word) const noexcept;
  std::size_t words() const noexcept { return words_; }

 private:
  std::size_t words_ = 0;
  std::vector<std::uint8_t> records_;  // Per word: its length, its bytes, phoneme count, codes.
  std::vector<std::uint32_t> slots_;   // Hash table: where a record starts, plus one; 0 is free.
  std::span<const std::uint8_t> filter_;
};

}  // namespace syrinx::text
