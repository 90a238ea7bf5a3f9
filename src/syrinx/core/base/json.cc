// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/base/json.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>

#include "syrinx/core/base/limits.h"

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"  // GCC bug 80635: a moved std::variant.
#endif

namespace syrinx {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

void append_utf8(std::string& out, std::uint32_t code) {
  const auto put = [&out](std::uint32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (code < 0x80) return put(code);
  if (code < 0x800) {
    put(0xC0 | code >> 6);
  } else {
    if (code < 0x10000) {
      put(0xE0 | code >> 12);
    } else {
      put(0xF0 | code >> 18);
      put(0x80 | (code >> 12 & 0x3F));
    }
    put(0x80 | (code >> 6 & 0x3F));
  }
  put(0x80 | (code & 0x3F));
}

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Result<JsonValue> document() {
    SYRINX_ASSIGN(JsonValue value, read_value(0));
    skip_space();
    if (at_ != text_.size()) return wrong("nothing more");
    return value;
  }

 private:
  Error wrong(std::string_view expected) const {
    return make_error(ErrorCode::kCorruptData, "not JSON at byte ", at_, ": expected ", expected);
  }

  void skip_space() {
    while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != text_.npos) ++at_;
  }
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool take(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  bool take_word(std::string_view word) {
    if (text_.substr(at_, word.size()) != word) return false;
    at_ += word.size();
    return true;
  }

  Result<JsonValue> read_value(std::size_t depth) {
    if (depth >= limits::kMaxJsonDepth)
      return make_error(ErrorCode::kLimitExceeded, "JSON nested deeper than ",
                        limits::kMaxJsonDepth);
    if (++values_ > limits::kMaxJsonValues)
      return make_error(ErrorCode::kLimitExceeded, "JSON of more than ", limits::kMaxJsonValues,
                        " values");
    skip_space();
    if (peek() == '{') return read_object(depth);
    if (peek() == '[') return read_array(depth);
    if (peek() == '"') {
      SYRINX_ASSIGN(std::string text, read_text());
      return JsonValue(std::move(text));
    }
    if (take_word("true")) return JsonValue(true);
    if (take_word("false")) return JsonValue(false);
    if (take_word("null")) return JsonValue();
    return read_number();
  }

  bool take_digits() {
    const std::size_t from = at_;
    while (is_digit(peek())) ++at_;
    return at_ > from;
  }

  Result<JsonValue> read_number() {
    const std::size_t from = at_;
    take('-');
    if (!take('0') && !take_digits()) return wrong("a value");
    if (take('.') && !take_digits()) return wrong("a digit");
    if (peek() == 'e' || peek() == 'E') {
      ++at_;
      if (!take('+')) take('-');
      if (!take_digits()) return wrong("a digit");
    }
    double value = 0.0;
    const auto [end, failed] = std::from_chars(text_.data() + from, text_.data() + at_, value);
    if (failed != std::errc{} || end != text_.data() + at_) return wrong("a number in range");
    return JsonValue(value);
  }

  Result<std::uint32_t> read_hex() {
    std::uint32_t code = 0;
    const std::string_view digits = text_.substr(at_, 4);
    const auto [end, failed] =
        std::from_chars(digits.data(), digits.data() + digits.size(), code, 16);
    if (failed != std::errc{} || digits.size() != 4 || end != digits.data() + 4)
      return wrong("four hexadecimal digits");
    at_ += 4;
    return code;
  }

  // What follows "\u"; a high surrogate takes the low one that must follow.
  Result<std::uint32_t> read_code_point() {
    SYRINX_ASSIGN(const std::uint32_t high, read_hex());
    if (high < 0xD800 || high > 0xDFFF) return high;
    if (high > 0xDBFF || !take_word("\\u")) return wrong("a pair of surrogates");
    SYRINX_ASSIGN(const std::uint32_t low, read_hex());
    if (low < 0xDC00 || low > 0xDFFF) return wrong("a low surrogate");
    return 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
  }

  Result<void> read_escape(std::string& text) {
    constexpr std::string_view kNames = "\"\\/bfnrt", kMeanings = "\"\\/\b\f\n\r\t";
    if (take('u')) {
      SYRINX_ASSIGN(const std::uint32_t code, read_code_point());
      append_utf8(text, code);
      return {};
    }
    const auto which = at_ < text_.size() ? kNames.find(text_[at_]) : kNames.npos;
    if (which == kNames.npos) return wrong("an escape");
    text.push_back(kMeanings[which]);
    ++at_;
    return {};
  }

  Result<std::string> read_text() {
    std::string text;
    if (!take('"')) return wrong("a string");
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (static_cast<unsigned char>(c) < 0x20) return wrong("no control character");
      ++at_;
      if (c == '"') return text;
      if (c != '\\') {
        text.push_back(c);
        continue;
      }
      SYRINX_TRY(read_escape(text));
    }
    return wrong("the end of a string");
  }

  Result<JsonValue> read_array(std::size_t depth) {
    JsonValue::Array items;
    ++at_;
    skip_space();
    if (take(']')) return JsonValue(std::move(items));
    while (true) {
      SYRINX_ASSIGN(auto item, read_value(depth + 1));
      items.push_back(std::move(item));
      skip_space();
      if (take(']')) return JsonValue(std::move(items));
      if (!take(',')) return wrong("',' or ']'");
    }
  }

  Result<JsonValue> read_object(std::size_t depth) {
    JsonValue::Object members;
    ++at_;
    skip_space();
    if (take('}')) return JsonValue(std::move(members));
    while (true) {
      skip_space();
      SYRINX_ASSIGN(std::string key, read_text());
      skip_space();
      if (!take(':')) return wrong("':'");
      SYRINX_ASSIGN(auto value, read_value(depth + 1));
      members.push_back({std::move(key), std::move(value)});
      skip_space();
      if (take('}')) break;
      if (!take(',')) return wrong("',' or '}'");
    }
    SYRINX_TRY(check_keys_differ(members));
    return JsonValue(std::move(members));
  }

  static Result<void> check_keys_differ(const JsonValue::Object& members) {
    std::vector<std::string_view> keys;
    keys.reserve(members.size());
    for (const JsonMember& member : members) keys.push_back(member.key);
    std::sort(keys.begin(), keys.end());
    const auto twice = std::adjacent_find(keys.begin(), keys.end());
    if (twice == keys.end()) return {};
    return make_error(ErrorCode::kCorruptData, "the key '", *twice, "' stands twice in one object");
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t values_ = 0;
};

}  // namespace

JsonValue::JsonValue(bool value) : value_(value) {}
JsonValue::JsonValue(double value) : value_(value) {}
JsonValue::JsonValue(std::string value) : value_(std::move(value)) {}
JsonValue::JsonValue(Array value) : value_(std::move(value)) {}
JsonValue::JsonValue(Object value) : value_(std::move(value)) {}

std::optional<bool> JsonValue::boolean() const noexcept {
  const bool* value = std::get_if<bool>(&value_);
  return value == nullptr ? std::nullopt : std::optional<bool>(*value);
}

std::optional<double> JsonValue::number() const noexcept {
  const double* value = std::get_if<double>(&value_);
  return value == nullptr ? std::nullopt : std::optional<double>(*value);
}

std::optional<std::uint64_t> JsonValue::count() const noexcept {
  const double* value = std::get_if<double>(&value_);
  if (value == nullptr || !(*value >= 0.0 && *value < 0x1p53) || *value != std::floor(*value))
    return std::nullopt;
  return static_cast<std::uint64_t>(*value);
}

const JsonValue* JsonValue::find(std::string_view key) const noexcept {
  const Object* members = object();
  if (members == nullptr) return nullptr;
  const auto found = std::find_if(members->begin(), members->end(),
                                  [key](const JsonMember& member) { return member.key == key; });
  return found == members->end() ? nullptr : &found->value;
}

Result<JsonValue> parse_json(std::string_view text) { return Parser(text).document(); }

std::string json_quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out.push_back('\\');
      out.push_back(c);
    } else if (static_cast<unsigned char>(c) < 0x20) {
      std::array<char, 8> escaped{};
      std::snprintf(escaped.data(), escaped.size(), "\\u%04x", static_cast<unsigned>(c));
      out += escaped.data();
    } else {
      out.push_back(c);
    }
  }
  return out + '"';
}

}  // namespace syrinx
