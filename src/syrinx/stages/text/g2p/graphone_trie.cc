// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/g2p/graphone_trie.h"

#include <algorithm>
#include <cstring>
#include <string_view>

#include "syrinx/stages/text/g2p/arpabet_codes.h"
#include "syrinx/stages/text/g2p/file_bytes.h"

namespace syrinx::text {
namespace {

constexpr std::string_view kMagic = "SYXG2P01";

Error broken(std::string_view what) {
  return make_error(ErrorCode::kCorruptData, "the pronunciation model ", what,
                    "; make it anew with training/g2p");
}

Result<void> read_graphones(FileBytes& bytes, std::size_t count,
                            std::vector<GraphonePhones>& phones,
                            std::array<GraphoneRange, 256>& by_letter) {
  std::uint8_t last_letter = 0;
  for (std::size_t symbol = 0; symbol < count; ++symbol) {
    if (!bytes.has(2)) return broken("ends in its graphones");
    const std::uint8_t letter = bytes.byte();
    GraphonePhones one{bytes.byte(), {}};
    if (one.count > one.codes.size() || !bytes.has(one.count)) return broken("has a long graphone");
    if (letter < last_letter) return broken("has unsorted graphones");
    const auto codes = bytes.take(one.count);
    std::copy(codes.begin(), codes.end(), one.codes.begin());
    for (const auto code : codes) {
      if (code >= kArpabetCodes) return broken("names a phoneme that is none");
    }
    auto& range = by_letter[letter];
    if (letter != last_letter) range.begin = static_cast<std::uint32_t>(symbol);
    range.end = static_cast<std::uint32_t>(symbol + 1);
    last_letter = letter;
    phones.push_back(one);
  }
  return {};
}

// Each n-gram's children follow those of the one before.
Result<void> read_children(FileBytes& bytes, GraphoneLevel& level) {
  std::uint32_t first = 0;
  level.first_child.reserve(level.symbols.size() + 1);
  for (const std::uint8_t children : bytes.take(level.symbols.size())) {
    level.first_child.push_back(first);
    first += children;
  }
  level.first_child.push_back(first);
  return {};
}

bool has_known_symbols(std::span<const std::uint8_t> symbols, std::size_t graphones) {
  return std::all_of(symbols.begin(), symbols.end(), [graphones](std::uint8_t symbol) {
    return symbol < graphones || symbol >= kGraphoneEnd;
  });
}

Result<GraphoneLevel> read_level(FileBytes& bytes, bool is_last, std::size_t graphones) {
  if (!bytes.has(4)) return broken("ends before its n-grams");
  const std::size_t count = bytes.u32();
  if (!bytes.has(count * (is_last ? 2 : 4))) return broken("ends in its n-grams");
  GraphoneLevel level;
  level.symbols = bytes.take(count);
  level.chances = bytes.take(count);
  if (!has_known_symbols(level.symbols, graphones)) return broken("has an unknown symbol");
  if (is_last) return level;
  level.backoffs = bytes.take(count);
  SYRINX_TRY(read_children(bytes, level));
  return level;
}

}  // namespace

Result<GraphoneTrie> GraphoneTrie::read(std::span<const std::byte> data) {
  FileBytes bytes(data);
  if (!bytes.has(kMagic.size() + 2) ||
      std::memcmp(bytes.take(kMagic.size()).data(), kMagic.data(), kMagic.size()) != 0) {
    return broken("does not begin with SYXG2P01");
  }
  const std::size_t order = bytes.byte(), graphones = bytes.byte();
  if (order < 2 || order > kMaxGraphoneOrder) return broken("has an order outside 2 to 8");
  if (graphones >= kGraphoneEnd) return broken("has more than 253 graphones");
  GraphoneTrie trie;
  SYRINX_TRY(read_graphones(bytes, graphones, trie.phones_, trie.by_letter_));
  for (std::size_t n = 1; n <= order; ++n) {
    SYRINX_ASSIGN(GraphoneLevel level, read_level(bytes, n == order, graphones));
    if (n > 1 && trie.levels_.back().first_child.back() != level.symbols.size()) {
      return broken("has n-grams that continue nothing");
    }
    trie.levels_.push_back(std::move(level));
  }
  return trie;
}

GraphoneRange GraphoneTrie::continuations(std::size_t length, std::uint32_t node,
                                          GraphoneRange wanted) const noexcept {
  const GraphoneLevel& longer = levels_[length];
  std::uint32_t begin = 0, end = static_cast<std::uint32_t>(longer.symbols.size());
  if (length > 0) {
    begin = levels_[length - 1].first_child[node];
    end = levels_[length - 1].first_child[node + 1];
  }
  // Most n-grams have a few continuations: looking at each is quicker than halving.
  constexpr std::uint32_t kFew = 12;
  const auto* const symbols = longer.symbols.data();
  if (end - begin <= kFew) {
    while (begin < end && symbols[begin] < wanted.begin) ++begin;
    std::uint32_t to = begin;
    while (to < end && symbols[to] < wanted.end) ++to;
    return {begin, to};
  }
  const auto* const from = std::lower_bound(symbols + begin, symbols + end, wanted.begin);
  const bool one = wanted.end == wanted.begin + 1;
  const auto* const to = one ? from + (from != symbols + end && *from < wanted.end ? 1 : 0)
                             : std::lower_bound(from, symbols + end, wanted.end);
  return {static_cast<std::uint32_t>(from - symbols), static_cast<std::uint32_t>(to - symbols)};
}

}  // namespace syrinx::text
