// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "syrinx/stages/text/g2p/graphone_trie.h"

namespace syrinx::text {

// A way to say a word: the phonemes' codes, and how unlikely it is, in 1/16 of a natural logarithm.
struct GraphoneReading {
  std::vector<std::uint8_t> codes;
  std::uint32_t cost = 0;
};

// How far the search looks: at most `width` beginnings at once, none less likely than the best by
// more than `depth` sixteenths of a natural logarithm.
struct GraphoneBeam {
  std::size_t width = 16;
  std::uint32_t depth = 7 * 16;
};
// For words that the model was taught, which it mostly knows at once: half the time.
inline constexpr GraphoneBeam kRecallBeam{8, 5 * 16};

// The likeliest ways to say a word of the trie's letters, best first, at most `most` (1 or more);
// other bytes are passed over. A beam search (letter by letter, the best beginnings) in
// which beginnings that the model cannot tell apart are one.
std::vector<GraphoneReading> search_graphones(const GraphoneTrie& trie, std::string_view word,
                                              std::size_t most, GraphoneBeam beam = {});

}  // namespace syrinx::text
