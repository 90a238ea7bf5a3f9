// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

// Letter case of ASCII words: what English lexicons are made of.
namespace syrinx::text {

inline bool is_ascii_upper(char c) noexcept { return c >= 'A' && c <= 'Z'; }
inline bool is_ascii_lower(char c) noexcept { return c >= 'a' && c <= 'z'; }
inline bool is_ascii_letter(char c) noexcept { return is_ascii_upper(c) || is_ascii_lower(c); }

inline std::string ascii_lower(std::string_view word) {
  std::string lower(word);
  for (char& c : lower) c = is_ascii_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
  return lower;
}
inline bool has_no_lower(std::string_view word) noexcept {
  return std::none_of(word.begin(), word.end(), is_ascii_lower);
}
inline bool has_no_upper(std::string_view word) noexcept {
  return std::none_of(word.begin(), word.end(), is_ascii_upper);
}
inline bool ends_with(std::string_view word, std::string_view ending) noexcept {
  return word.size() >= ending.size() && word.substr(word.size() - ending.size()) == ending;
}
inline bool begins_with(std::string_view word, std::string_view beginning) noexcept {
  return word.substr(0, beginning.size()) == beginning;
}

}  // namespace syrinx::text
