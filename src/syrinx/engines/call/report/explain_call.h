// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

#include "syrinx/core/base/result.h"
#include "syrinx/stages/measure/call/call_page.h"

namespace syrinx::call {

struct CallExplanation {
  std::vector<measure::CallEar> ears;
  std::vector<std::string> notes;  // What was not there, and is therefore unknown.
};

// Why each party of a simulated call heard what they heard. `report` is the report.json of
// `syrinx media simulate`; beside it lie timeline.ndjson (when things happened) and NAME.wav (what
// each heard), and it names the scenario (what each said, with which codec). What of these is not
// there is noted, and what would follow from it is unknown. The codec and what clocks took are
// measured over the first 40 s. Takes seconds of work per ear.
// Errors: those of reading the report; those of the other files where they are there and broken;
// kCancelled.
Result<CallExplanation> explain_call(const std::filesystem::path& report,
                                     std::stop_token stop = {});

}  // namespace syrinx::call
