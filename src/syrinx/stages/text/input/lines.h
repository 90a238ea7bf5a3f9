// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

namespace syrinx::text {

// One line of a source, without its end.
struct Line {
  std::string_view text;
  std::size_t begin = 0;
  std::size_t end = 0;   // After the text.
  std::size_t next = 0;  // Where the next line begins.
};

// The line at `begin`. Pre: begin < source.size().
inline Line line_at(std::string_view source, std::size_t begin) {
  std::size_t end = source.find('\n', begin);
  const std::size_t next = end == std::string_view::npos ? source.size() : end + 1;
  if (end == std::string_view::npos) end = source.size();
  if (end > begin && source[end - 1] == '\r') --end;
  return {source.substr(begin, end - begin), begin, end, next};
}

inline bool is_blank(std::string_view line) {
  return line.find_first_not_of(" \t") == std::string_view::npos;
}

}  // namespace syrinx::text
