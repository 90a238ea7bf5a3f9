// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "syrinx/apps/cli/command.h"
#include "syrinx/apps/validation/baseline.h"
#include "syrinx/apps/validation/voice_check.h"

// What `syrinx validate` tells, to a person and to a program.
namespace syrinx::cli {

struct ValidationReport {
  validation::TextSet texts;
  std::string recogniser;
  std::string without_dnsmos;  // Why; empty when it was measured.
  std::vector<validation::VoiceCheck> checks;
  std::string baseline_path;
  std::optional<validation::Comparison> comparison;  // None without a baseline.
  bool updated = false;                              // The baseline was written.
};

// {"program", "recogniser", "texts", "voices": [...], "baseline"}; null for what was not measured.
nlohmann::json to_json(const ValidationReport& report);
// A row for each voice, and what got worse or better.
void print_table(const ValidationReport& report);

}  // namespace syrinx::cli
