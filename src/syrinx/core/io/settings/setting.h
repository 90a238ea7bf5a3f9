// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "syrinx/core/base/json.h"
#include "syrinx/core/base/result.h"

namespace syrinx::io {

enum class SettingType {
  kSwitch,  // true or false
  kCount,   // A number without a fraction, 0 or more.
  kNumber,
  kText,
  kTexts,    // A list of texts; "a,b" from a flag or the environment.
  kRecords,  // A list of objects, whose members are `fields`; JSON from a flag or the environment.
};

// One thing that can be set, and what it may be.
struct SettingSpec {
  std::string path;  // Keys joined by dots: "server.port". Of a record's field: its key alone.
  SettingType type = SettingType::kText;
  std::string help;         // One sentence.
  JsonValue standard = {};  // When nobody sets it; null for none.
  double least = -std::numeric_limits<double>::infinity();
  double most = std::numeric_limits<double>::infinity();
  std::vector<std::string> choices = {};  // Of a text; empty: any.
  bool required = false;                  // Of a record's field.
  bool secret = false;                    // Never shown.
  bool live = false;                      // A running program takes a change without a restart.
  std::vector<SettingSpec> fields = {};
};

// Why a value is not one for `spec`, with the way to the part of it that is wrong; nothing when it
// is one.
struct SettingMistake {
  std::vector<JsonStep> way;
  std::string sentence;  // "server.port is 70000; it must be a count from 1 to 65535"
};
std::optional<SettingMistake> mistake_in(const SettingSpec& spec, const JsonValue& value);

// A value written on a command line or in the environment: texts as they are, others as JSON.
// Error: kInvalidArgument.
Result<JsonValue> parse_setting(const SettingSpec& spec, std::string_view text);

// "server.first_audio" is SYRINX_SERVER_FIRST_AUDIO in the environment.
std::string environment_name(const SettingSpec& spec);

}  // namespace syrinx::io
