// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "syrinx/apps/cli/command.h"
#include "syrinx/engines/call/scenario.h"

namespace syrinx::cli {

// `syrinx media simulate` of a scenario with a conference: carries it through and writes into the
// folder what each party heard and said, what happened in the room, and the report, which it also
// prints. Errors: those of call::simulate_conference() and of writing.
Result<void> simulate_conference(const call::Scenario& scenario, const std::string& scenario_path,
                                 const std::string& folder, const Context& context);

}  // namespace syrinx::cli
