// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "syrinx/core/base/result.h"

namespace syrinx {

struct JsonMember;

// A JSON document read into plain values (RFC 8259): for the headers and configs of model files.
class JsonValue {
 public:
  using Array = std::vector<JsonValue>;
  using Object = std::vector<JsonMember>;  // As in the document; no two keys are the same.

  JsonValue() = default;
  explicit JsonValue(bool value);
  explicit JsonValue(double value);
  explicit JsonValue(std::string value);
  explicit JsonValue(Array value);
  explicit JsonValue(Object value);

  bool is_null() const noexcept { return std::holds_alternative<std::monostate>(value_); }
  // Each of these is nothing unless the value is of that kind.
  std::optional<bool> boolean() const noexcept;
  std::optional<double> number() const noexcept;
  // A number without a fraction, at least 0 and below 2^53, up to which doubles hold integers.
  std::optional<std::uint64_t> count() const noexcept;
  const std::string* text() const noexcept { return std::get_if<std::string>(&value_); }
  const Array* array() const noexcept { return std::get_if<Array>(&value_); }
  const Object* object() const noexcept { return std::get_if<Object>(&value_); }
  // The member of an object, or nullptr.
  const JsonValue* find(std::string_view key) const noexcept;

 private:
  std::variant<std::monostate, bool, double, std::string, Array, Object> value_;
};

struct JsonMember {
  std::string key;
  JsonValue value;
};

// Reads one document and nothing after it but white space. Errors: kCorruptData with the byte where
// it stops being JSON, or a key that stands twice; kLimitExceeded (kMaxJsonDepth, kMaxJsonValues).
Result<JsonValue> parse_json(std::string_view text);

// The text between quotes, as JSON writes it.
std::string json_quoted(std::string_view text);

// The value as JSON in one line, its members in their order. A number that JSON cannot write
// (infinite or not a number) is null; bytes that are not UTF-8 are replaced.
std::string json_text(const JsonValue& value);

// Where a value stands in a document.
struct JsonPlace {
  std::size_t line = 1;    // From 1.
  std::size_t column = 1;  // From 1, in bytes.
};

// One step on the way to a value: a member's key, or an item's index.
using JsonStep = std::variant<std::string, std::size_t>;

// Where the value at the end of the way begins in `text`, which parse_json() has read; where the
// last value on the way begins when the rest of it is not there.
JsonPlace json_place(std::string_view text, const std::vector<JsonStep>& way);

// The place of a byte: what errors of parse_json() name.
JsonPlace json_place_of_byte(std::string_view text, std::size_t byte);

}  // namespace syrinx
