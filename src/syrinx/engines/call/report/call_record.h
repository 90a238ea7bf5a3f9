// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "syrinx/core/base/json.h"
#include "syrinx/core/base/result.h"

// The report.json of a simulated call, as far as an explanation needs it.
namespace syrinx::call {

inline constexpr std::size_t kMaxRecordEars = 64;

// One ear. Nothing where the report does not say it.
struct EarRecord {
  std::string listener;
  std::string speaker;
  std::string codec;
  std::optional<double> packets_sent;
  std::optional<double> packets_lost;
  std::optional<double> network_delay_ms;
  std::optional<double> burst_ratio;
  std::optional<double> packets_recovered;
  std::optional<double> packets_late;
  std::optional<double> packets_overflow;
  std::optional<double> buffer_delay_ms;  // Its mean.
  std::optional<double> clock_skew_ppm;
  std::optional<double> frames_out;
  std::optional<double> frames_removed;
  std::optional<double> frames_inserted;
  std::size_t adaptations = 0;  // Of what the speaker sends.
};

struct CallRecord {
  std::string scenario;  // The file; empty where it is not said.
  std::vector<EarRecord> ears;
};

// Errors: kCorruptData for what is no report of a call; kLimitExceeded beyond kMaxRecordEars.
Result<CallRecord> parse_call_record(const JsonValue& document);
// Errors: those of io::read_json_file() and parse_call_record(), with the file.
Result<CallRecord> read_call_record(const std::filesystem::path& file);

}  // namespace syrinx::call
