// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/base/json.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "syrinx/core/base/limits.h"

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"  // GCC bug 80635: a moved std::variant.
#endif

namespace syrinx {
namespace {

using nlohmann::json;

// Builds values from the parser's events, so that limits and doubled keys are met as they come.
// Every function returns whether to go on; error_ says why not.
class Builder final : public json::json_sax_t {
 public:
  bool null() override { return add(JsonValue()); }
  bool boolean(bool value) override { return add(JsonValue(value)); }
  bool number_integer(std::int64_t value) override { return number(static_cast<double>(value)); }
  bool number_unsigned(std::uint64_t value) override { return number(static_cast<double>(value)); }
  bool number_float(double value, const std::string&) override { return number(value); }
  bool string(std::string& value) override { return add(JsonValue(std::move(value))); }
  bool binary(json::binary_t&) override { return false; }  // Not of JSON.

  bool start_object(std::size_t) override { return open(true); }
  bool start_array(std::size_t) override { return open(false); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(std::string& name) override {
    Level& level = levels_.back();
    if (!level.keys.insert(name).second)
      return fail(ErrorCode::kCorruptData, "the key '" + name + "' stands twice in one object");
    level.members.push_back({std::move(name), JsonValue()});
    return true;
  }
  bool parse_error(std::size_t byte, const std::string&, const json::exception&) override {
    return fail(ErrorCode::kCorruptData, "not JSON at byte " + std::to_string(byte));
  }

  Result<JsonValue> take() && {
    if (error_) return std::move(*error_);
    return std::move(root_);
  }

 private:
  struct Level {
    bool object = false;
    JsonValue::Array items;
    JsonValue::Object members;
    std::set<std::string, std::less<>> keys;
  };

  bool fail(ErrorCode code, std::string message) {
    if (!error_) error_ = Error{code, std::move(message)};
    return false;
  }
  bool number(double value) {
    if (!std::isfinite(value)) return fail(ErrorCode::kCorruptData, "a number is too large");
    return add(JsonValue(value));
  }
  bool add(JsonValue value) {
    if (++values_ > limits::kMaxJsonValues)
      return fail(ErrorCode::kLimitExceeded,
                  "JSON of more than " + std::to_string(limits::kMaxJsonValues) + " values");
    if (levels_.empty()) {
      root_ = std::move(value);
    } else if (levels_.back().object) {
      levels_.back().members.back().value = std::move(value);
    } else {
      levels_.back().items.push_back(std::move(value));
    }
    return true;
  }
  bool open(bool object) {
    if (levels_.size() == limits::kMaxJsonDepth)
      return fail(ErrorCode::kLimitExceeded,
                  "JSON nested deeper than " + std::to_string(limits::kMaxJsonDepth));
    levels_.push_back({object, {}, {}, {}});
    return true;
  }
  bool close() {
    Level level = std::move(levels_.back());
    levels_.pop_back();
    return add(level.object ? JsonValue(std::move(level.members))
                            : JsonValue(std::move(level.items)));
  }

  std::vector<Level> levels_;
  std::size_t values_ = 0;
  JsonValue root_;
  std::optional<Error> error_;
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

Result<JsonValue> parse_json(std::string_view text) {
  Builder builder;
  json::sax_parse(text.begin(), text.end(), &builder);
  return std::move(builder).take();
}

namespace {

json to_json(const JsonValue& value) {
  if (const auto flag = value.boolean()) return json(*flag);
  if (const auto count = value.count()) return json(*count);
  if (const auto number = value.number())
    return std::isfinite(*number) ? json(*number) : json(nullptr);
  if (const std::string* text = value.text()) return json(*text);
  return json(nullptr);
}

void append_text(const JsonValue& value, std::string& out) {
  const auto* items = value.array();
  const auto* members = value.object();
  if (items == nullptr && members == nullptr) {
    out += to_json(value).dump(-1, ' ', false, json::error_handler_t::replace);
    return;
  }
  out += items != nullptr ? '[' : '{';
  const std::size_t count = items != nullptr ? items->size() : members->size();
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) out += ", ";
    if (members != nullptr) out += json_quoted((*members)[i].key) + ": ";
    append_text(items != nullptr ? (*items)[i] : (*members)[i].value, out);
  }
  out += items != nullptr ? ']' : '}';
}

}  // namespace

std::string json_text(const JsonValue& value) {
  std::string out;
  append_text(value, out);
  return out;
}

std::string json_quoted(std::string_view text) {
  return json(std::string(text)).dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace syrinx
