// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "syrinx/stages/text/lexicon/lexicon_entry.h"

// How a Lexicon keeps an entry: lengths of spelling, part of speech (a byte each) and symbols (two
// bytes), kind and set in a byte, the line in four bytes, then the three texts.
namespace syrinx::text {

inline std::uint64_t hash_of_spelling(std::string_view spelling) noexcept {  // FNV-1a, mixed.
  std::uint64_t hash = 14695981039346656037ULL;
  for (const char c : spelling) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  hash ^= hash >> 32;
  return hash * 0x9E3779B97F4A7C15ULL >> 20;
}

void append_record(std::string& blob, std::string_view spelling, const LexiconEntry& entry);

// Pre: `offset` is where a record begins.
LexiconEntry record_at(std::string_view blob, std::size_t offset) noexcept;

}  // namespace syrinx::text
