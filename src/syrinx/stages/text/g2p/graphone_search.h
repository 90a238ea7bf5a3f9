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

// The likeliest ways to say a word of the trie's letters, best first, at most `most` (1 or more);
// other bytes are passed over. A beam search (letter by letter, the best kBeamWidth beginnings) in
// which beginnings that the model cannot tell apart are one.
std::vector<GraphoneReading> search_graphones(const GraphoneTrie& trie, std::string_view word,
                                              std::size_t most);

}  // namespace syrinx::text
