// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "syrinx/core/base/result.h"

// The n-grams of graphones (a letter with the phonemes that it stands for) that a model file holds.
// The file, all numbers little-endian:
//   "SYXG2P01", order (1 byte), graphones (1 byte)
//   per graphone: letter, phoneme count (0 to 3), that many codes of arpabet_codes.h
//   per n from 1 to order: how many n-grams (4 bytes); their last symbols; the chance of each (in
//   -1/16 of a natural logarithm); and below the order: the backoff of each (likewise) and how many
//   longer n-grams begin with it.
// n-grams lie in the order of their symbols: the children of one follow each other in the next
// level. Symbol 254 is a word's end, 255 its beginning.
namespace syrinx::text {

inline constexpr std::size_t kMaxGraphoneOrder = 8;
inline constexpr std::uint8_t kGraphoneEnd = 254;
inline constexpr std::uint8_t kGraphoneStart = 255;

struct GraphonePhones {
  std::uint8_t count = 0;
  std::array<std::uint8_t, 3> codes{};
};

struct GraphoneRange {  // Of symbols, or of n-grams in a level: [begin, end).
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
};

struct GraphoneLevel {
  std::span<const std::uint8_t> symbols;
  std::span<const std::uint8_t> chances;
  std::span<const std::uint8_t> backoffs;  // Empty in the last level.
  std::vector<std::uint32_t> first_child;  // One more than n-grams; empty in the last level.
};

class GraphoneTrie {
 public:
  // `bytes` must outlive it. Errors: kCorruptData.
  static Result<GraphoneTrie> read(std::span<const std::byte> bytes);

  std::size_t order() const noexcept { return levels_.size(); }
  const GraphoneLevel& level(std::size_t length) const noexcept { return levels_[length - 1]; }
  const GraphonePhones& phones(std::uint8_t symbol) const noexcept { return phones_[symbol]; }
  // The graphones of a letter; none for a byte that is no letter of the model.
  GraphoneRange symbols_of(char letter) const noexcept {
    return by_letter_[static_cast<unsigned char>(letter)];
  }
  // Where n-grams lie that continue n-gram `node` of `length` symbols (0: all of length 1) by a
  // symbol of `wanted`. Pre: length < order().
  GraphoneRange continuations(std::size_t length, std::uint32_t node,
                              GraphoneRange wanted) const noexcept;

 private:
  std::vector<GraphonePhones> phones_;
  std::array<GraphoneRange, 256> by_letter_{};
  std::vector<GraphoneLevel> levels_;
};

}  // namespace syrinx::text
