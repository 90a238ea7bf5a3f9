// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/text/alphabet/characters.h"

#include <unicode/utf8.h>

#include <cstdint>

namespace syrinx::text {

std::vector<Character> characters_of(std::string_view utf8) {
  std::vector<Character> characters;
  characters.reserve(utf8.size());
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(utf8.data());
  const auto length = static_cast<std::int64_t>(utf8.size());
  for (std::int64_t at = 0; at < length;) {
    const auto begin = static_cast<std::size_t>(at);
    std::int32_t code = 0;
    U8_NEXT(bytes, at, length, code);
    const char32_t decoded = code < 0 ? kReplacement : static_cast<char32_t>(code);
    characters.push_back({decoded, {begin, static_cast<std::size_t>(at)}});
  }
  return characters;
}

void append_utf8(std::string& out, char32_t code) {
  std::uint8_t bytes[U8_MAX_LENGTH];
  std::int32_t length = 0;
  bool failed = false;
  U8_APPEND(bytes, length, U8_MAX_LENGTH, static_cast<std::int32_t>(code), failed);
  if (!failed) out.append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(length));
}

std::string utf8_of(char32_t code) {
  std::string out;
  append_utf8(out, code);
  return out;
}

Error symbol_error(std::string_view set_name, std::string_view symbols, SourceSpan symbol,
                   std::string_view expected) {
  const std::size_t place = characters_of(symbols.substr(0, symbol.begin)).size() + 1;
  const std::string_view given = symbols.substr(symbol.begin, symbol.size());
  return make_error(ErrorCode::kInvalidArgument, "character ", place, " of the pronunciation: '",
                    given, "' is not ", set_name, "; expected ", expected);
}

}  // namespace syrinx::text
