// SPDX-License-Identifier: Apache-2.0
#include "syrinx/core/io/settings/setting.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <sstream>

namespace syrinx::io {
namespace {

std::string range_of(const SettingSpec& spec) {
  std::ostringstream text;
  if (std::isfinite(spec.least) && std::isfinite(spec.most))
    text << " from " << spec.least << " to " << spec.most;
  else if (std::isfinite(spec.least))
    text << " of " << spec.least << " or more";
  else if (std::isfinite(spec.most))
    text << " of " << spec.most << " or less";
  return text.str();
}

std::string wanted(const SettingSpec& spec) {
  switch (spec.type) {
    case SettingType::kSwitch:
      return "true or false";
    case SettingType::kCount:
      return "a number without a fraction" + range_of(spec);
    case SettingType::kNumber:
      return "a number" + range_of(spec);
    case SettingType::kText: {
      if (spec.choices.empty()) return "a text";
      std::string list;
      for (const std::string& choice : spec.choices) list += (list.empty() ? "" : ", ") + choice;
      return "one of " + list;
    }
    case SettingType::kTexts:
      return "a list of texts";
    case SettingType::kRecords:
      return "a list of objects";
  }
  return "";
}

bool fits(const SettingSpec& spec, const JsonValue& value) {
  const auto within = [&](double number) { return number >= spec.least && number <= spec.most; };
  switch (spec.type) {
    case SettingType::kSwitch:
      return value.boolean().has_value();
    case SettingType::kCount:
      return value.count() && within(static_cast<double>(*value.count()));
    case SettingType::kNumber:
      return value.number() && within(*value.number());
    case SettingType::kText:
      return value.text() != nullptr &&
             (spec.choices.empty() || std::find(spec.choices.begin(), spec.choices.end(),
                                                *value.text()) != spec.choices.end());
    case SettingType::kTexts:
      return value.array() != nullptr &&
             std::all_of(value.array()->begin(), value.array()->end(),
                         [](const JsonValue& item) { return item.text() != nullptr; });
    case SettingType::kRecords:
      return value.array() != nullptr;
  }
  return false;
}

std::string given(const SettingSpec& spec, const JsonValue& value) {
  if (spec.secret || spec.type == SettingType::kRecords) return "";
  constexpr std::size_t kShownBytes = 60;
  std::string text = json_text(value);
  if (text.size() > kShownBytes) text = text.substr(0, kShownBytes) + "...";
  return "is " + text + "; it ";
}

std::optional<SettingMistake> mistake_in_record(const SettingSpec& spec, const JsonValue& record) {
  if (record.object() == nullptr)
    return SettingMistake{{}, spec.path + " must be a list of objects"};
  for (const JsonMember& member : *record.object()) {
    const auto field = std::find_if(spec.fields.begin(), spec.fields.end(),
                                    [&](const SettingSpec& one) { return one.path == member.key; });
    if (field == spec.fields.end())
      return SettingMistake{{member.key}, spec.path + " has no member '" + member.key + "'"};
    if (auto mistake = mistake_in(*field, member.value)) {
      mistake->way.insert(mistake->way.begin(), member.key);
      mistake->sentence = "in " + spec.path + ", " + mistake->sentence;
      return mistake;
    }
  }
  for (const SettingSpec& field : spec.fields) {
    if (field.required && record.find(field.path) == nullptr)
      return SettingMistake{{}, "in " + spec.path + ", '" + field.path + "' is missing"};
  }
  return std::nullopt;
}

}  // namespace

std::optional<SettingMistake> mistake_in(const SettingSpec& spec, const JsonValue& value) {
  if (value.is_null() && spec.standard.is_null() && !spec.required) return std::nullopt;
  if (!fits(spec, value))
    return SettingMistake{{}, spec.path + " " + given(spec, value) + "must be " + wanted(spec)};
  if (spec.type != SettingType::kRecords) return std::nullopt;
  for (std::size_t i = 0; i < value.array()->size(); ++i) {
    if (auto mistake = mistake_in_record(spec, (*value.array())[i])) {
      mistake->way.insert(mistake->way.begin(), i);
      return mistake;
    }
  }
  return std::nullopt;
}

Result<JsonValue> parse_setting(const SettingSpec& spec, std::string_view text) {
  if (spec.type == SettingType::kText) return JsonValue(std::string(text));
  if (spec.type == SettingType::kTexts && text.substr(0, 1) != "[") {
    JsonValue::Array items;
    std::istringstream parts{std::string(text)};
    for (std::string part; std::getline(parts, part, ',');) {
      if (!part.empty()) items.emplace_back(std::move(part));
    }
    return JsonValue(std::move(items));
  }
  auto value = parse_json(text);
  if (value) return value;
  return make_error(ErrorCode::kInvalidArgument, spec.path, " must be ", wanted(spec),
                    spec.secret ? "" : ", not '" + std::string(text) + "'");
}

std::string environment_name(const SettingSpec& spec) {
  std::string name = "SYRINX_" + spec.path;
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) {
    return c == '.' ? '_' : static_cast<char>(std::toupper(c));
  });
  return name;
}

}  // namespace syrinx::io
