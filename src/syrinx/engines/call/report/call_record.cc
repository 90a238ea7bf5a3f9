// SPDX-License-Identifier: Apache-2.0
#include "syrinx/engines/call/report/call_record.h"

#include <cmath>
#include <initializer_list>

#include "syrinx/core/io/json/json_file.h"

namespace syrinx::call {
namespace {

const JsonValue* find_in(const JsonValue& value, std::initializer_list<const char*> way) {
  const JsonValue* at = &value;
  for (const char* key : way) {
    if (at != nullptr) at = at->find(key);
  }
  return at;
}

std::optional<double> number_at(const JsonValue& value, std::initializer_list<const char*> way) {
  const JsonValue* found = find_in(value, way);
  if (found == nullptr) return std::nullopt;
  const auto number = found->number();
  return number && std::isfinite(*number) ? number : std::nullopt;
}

// A count: nothing for what is below 0.
std::optional<double> count_at(const JsonValue& value, std::initializer_list<const char*> way) {
  const auto number = number_at(value, way);
  return number && *number >= 0.0 ? number : std::nullopt;
}

std::string text_at(const JsonValue& value, const char* key) {
  const JsonValue* found = value.find(key);
  return found != nullptr && found->text() != nullptr ? *found->text() : std::string();
}

EarRecord ear_of(const JsonValue& value) {
  EarRecord ear;
  ear.listener = text_at(value, "listener");
  ear.speaker = text_at(value, "speaker");
  ear.codec = text_at(value, "codec");
  ear.packets_sent = count_at(value, {"network", "packets_sent"});
  ear.packets_lost = count_at(value, {"network", "packets_lost"});
  ear.network_delay_ms = count_at(value, {"network", "mean_delay_ms"});
  ear.burst_ratio = count_at(value, {"network", "burst_ratio"});
  ear.packets_recovered = count_at(value, {"buffer", "packets", "recovered"});
  ear.packets_late = count_at(value, {"buffer", "packets", "late"});
  ear.packets_overflow = count_at(value, {"buffer", "packets", "overflow"});
  ear.buffer_delay_ms = count_at(value, {"buffer", "delay_ms", "mean"});
  ear.clock_skew_ppm = number_at(value, {"buffer", "clock_skew_ppm"});
  ear.frames_out = count_at(value, {"buffer", "frames", "out"});
  ear.frames_removed = count_at(value, {"buffer", "frames", "removed"});
  ear.frames_inserted = count_at(value, {"buffer", "frames", "inserted"});
  const JsonValue* adaptations = value.find("adaptations");
  if (adaptations != nullptr && adaptations->array() != nullptr)
    ear.adaptations = adaptations->array()->size();
  return ear;
}

}  // namespace

Result<CallRecord> parse_call_record(const JsonValue& document) {
  const JsonValue* ears = document.find("ears");
  if (ears == nullptr || ears->array() == nullptr || ears->array()->empty())
    return make_error(
        ErrorCode::kCorruptData,
        "no report of a call: `syrinx media simulate` writes one, with a list 'ears'");
  if (ears->array()->size() > kMaxRecordEars)
    return make_error(ErrorCode::kLimitExceeded, "a call of ", ears->array()->size(),
                      " ears; at most ", kMaxRecordEars, " are explained");
  CallRecord record;
  record.scenario = text_at(document, "scenario");
  for (const JsonValue& value : *ears->array()) {
    EarRecord ear = ear_of(value);
    if (ear.listener.empty())
      return make_error(ErrorCode::kCorruptData, "ears[", record.ears.size(),
                        "] of the call's report has no 'listener'");
    record.ears.push_back(std::move(ear));
  }
  return record;
}

Result<CallRecord> read_call_record(const std::filesystem::path& file) {
  SYRINX_ASSIGN(const JsonValue document, io::read_json_file(file));
  auto record = parse_call_record(document);
  if (!record) return make_error(record.error().code, file.string(), ": ", record.error().message);
  return record;
}

}  // namespace syrinx::call
