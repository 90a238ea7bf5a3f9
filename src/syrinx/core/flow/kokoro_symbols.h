// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace syrinx {

// The number of Kokoro-82M's embedding for a character of its alphabet (114 of 178 are used), or
// nothing.
std::optional<int> kokoro_id(char32_t character) noexcept;

// A pronunciation, or a sentence of them with punctuation, as Kokoro's network takes it.
struct KokoroIds {
  std::vector<std::int64_t> ids;     // Without the 0 that goes before and after.
  std::vector<std::size_t> begins;   // Where in the symbols each id's character begins.
  std::vector<std::string> dropped;  // Characters that the network does not know, in order.
};

// The ids of symbols in Kokoro's alphabet. As misaki does it for the voices of version 1, "ɾ" is
// given as "T" and "ʔ" as "t". What the network does not know is dropped, as it was in training;
// broken UTF-8 is dropped byte by byte.
KokoroIds kokoro_ids(std::string_view symbols);

}  // namespace syrinx
