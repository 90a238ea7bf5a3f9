// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

namespace syrinx::text {

// Goes through the lines of a text; a carriage return before a line's end is not part of it.
class LexiconLines {
 public:
  explicit LexiconLines(std::string_view text) : rest_(text) {}

  bool next() noexcept {
    if (rest_.empty()) return false;
    line_ = rest_.substr(0, rest_.find('\n'));
    rest_.remove_prefix(line_.size() < rest_.size() ? line_.size() + 1 : line_.size());
    if (!line_.empty() && line_.back() == '\r') line_.remove_suffix(1);
    ++number_;
    return true;
  }
  std::string_view line() const noexcept { return line_; }
  std::size_t number() const noexcept { return number_; }

 private:
  std::string_view rest_, line_;
  std::size_t number_ = 0;
};

inline std::string_view trimmed(std::string_view text) noexcept {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") + 1 - begin);
}

// "tomato(2)" without its number.
inline std::string_view without_variant(std::string_view word) noexcept {
  const std::size_t open = word.rfind('(');
  const bool has_number = open != std::string_view::npos && open > 0 && word.back() == ')' &&
                          open + 2 < word.size() &&
                          word.find_first_not_of("0123456789", open + 1) == word.size() - 1;
  return has_number ? word.substr(0, open) : word;
}

}  // namespace syrinx::text
