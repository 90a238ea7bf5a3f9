// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/flow/characters.h"

namespace syrinx {
namespace {

// The bytes that a character takes by its first one; 0 for a byte that begins none.
std::size_t length_of(unsigned char first) {
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first < 0xE0) return 2;
  if (first >= 0xE0 && first < 0xF0) return 3;
  return first >= 0xF0 && first < 0xF5 ? 4 : 0;
}

constexpr char32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};  // By length in bytes.

// The character at `at`; {kReplacement, one byte} where there is none.
Character decode(std::string_view utf8, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(utf8[i]); };
  const Character broken{kReplacement, {at, at + 1}};
  const std::size_t length = length_of(byte(at));
  if (length == 0 || length > utf8.size() - at) return broken;
  char32_t code = length == 1 ? byte(at) : byte(at) & (0xFFU >> (length + 1));
  for (std::size_t i = at + 1; i < at + length; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U) return broken;
    code = code << 6U | (byte(i) & 0x3FU);
  }
  const bool surrogate = code >= 0xD800 && code < 0xE000;
  if (code < kSmallest[length] || code > 0x10FFFF || surrogate) return broken;
  return {code, {at, at + length}};
}

}  // namespace

std::vector<Character> characters_of(std::string_view utf8) {
  std::vector<Character> characters;
  characters.reserve(utf8.size());
  for (std::size_t at = 0; at < utf8.size(); at = characters.back().source.end)
    characters.push_back(decode(utf8, at));
  return characters;
}

void append_utf8(std::string& out, char32_t code) {
  const auto put = [&out](char32_t byte) {
    out += static_cast<char>(static_cast<unsigned char>(byte));
  };
  const auto rest = [&](unsigned shift) { put(0x80U | (code >> shift & 0x3FU)); };
  if (code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) return;
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0U | code >> 6U), rest(0);
  } else if (code < 0x10000) {
    put(0xE0U | code >> 12U), rest(6), rest(0);
  } else {
    put(0xF0U | code >> 18U), rest(12), rest(6), rest(0);
  }
}

std::string utf8_of(char32_t code) {
  std::string out;
  append_utf8(out, code);
  return out;
}

}  // namespace syrinx
