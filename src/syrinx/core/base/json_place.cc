// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "syrinx/core/base/json.h"

namespace syrinx {
namespace {

// Walks a document that is known to be JSON.
class Walker {
 public:
  explicit Walker(std::string_view text) : text_(text) { skip_space(); }

  std::size_t at() const noexcept { return at_; }

  // From the start of an object or array to the value of that step. False, and anywhere, when there
  // is none.
  bool enter(const JsonStep& step) {
    const char open = peek();
    if (open != (step.index() == 0 ? '{' : '[')) return false;
    ++at_;
    skip_space();
    for (std::size_t index = 0; at_ < text_.size() && peek() != ']' && peek() != '}'; ++index) {
      bool found = step.index() == 1 && std::get<1>(step) == index;
      if (step.index() == 0) {
        const std::size_t begin = at_;
        skip_value();
        found = unquoted(text_.substr(begin, at_ - begin)) == std::get<0>(step);
        skip_space();
        ++at_;  // The colon.
        skip_space();
      }
      if (found) return true;
      skip_value();
      skip_space();
      if (peek() == ',') ++at_;
      skip_space();
    }
    return false;
  }

 private:
  char peek() const noexcept { return at_ < text_.size() ? text_[at_] : '\0'; }

  void skip_space() { at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size()); }

  static std::string unquoted(std::string_view quoted) {
    const auto value = parse_json(quoted);
    return value && value->text() != nullptr ? *value->text() : std::string();
  }

  void skip_text() {
    for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) {
      if (text_[at_] == '\\') ++at_;
    }
    ++at_;
  }

  // Past one value of any kind; nested ones by counting what opens and closes.
  void skip_value() {
    std::size_t depth = 0;
    do {
      const char c = peek();
      if (c == '"') {
        skip_text();
        continue;
      }
      if (c == '{' || c == '[') ++depth;
      if ((c == '}' || c == ']') && depth > 0) --depth;
      ++at_;
      if (depth == 0 && (c == '}' || c == ']')) return;
    } while (at_ < text_.size() &&
             (depth > 0 || std::string_view(",]}: \t\r\n").find(peek()) == std::string_view::npos));
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

JsonPlace json_place_of_byte(std::string_view text, std::size_t byte) {
  const std::string_view before = text.substr(0, std::min(byte, text.size()));
  const std::size_t line_begin = before.rfind('\n');
  return {static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n')) + 1,
          before.size() - (line_begin == std::string_view::npos ? 0 : line_begin + 1) + 1};
}

JsonPlace json_place(std::string_view text, const std::vector<JsonStep>& way) {
  Walker walker(text);
  std::size_t at = walker.at();
  for (const JsonStep& step : way) {
    if (!walker.enter(step)) break;
    at = walker.at();
  }
  return json_place_of_byte(text, at);
}

}  // namespace syrinx
