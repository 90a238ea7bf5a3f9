// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "syrinx/core/base/result.h"
#include "syrinx/stages/measure/report/sound_report.h"

namespace syrinx::measure {

// Fills one group of a report, row by row.
class GroupSheet {
 public:
  GroupSheet(SoundReport& report, std::string_view group) : report_(report), group_(group) {}

  // A value that is not finite goes in as it is, with the reason for that among the missing.
  void add(std::string_view name, double value, std::string_view unit,
           std::string_view why_not = kSilent);
  // A failure goes among the missing alone.
  void add(std::string_view name, const Result<double>& value, std::string_view unit);
  void miss(std::string_view name, const Error& error);

  static constexpr std::string_view kSilent = "the sound is silent";

 private:
  SoundReport& report_;
  std::string group_;
};

}  // namespace syrinx::measure
