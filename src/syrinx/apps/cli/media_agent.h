// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "syrinx/apps/cli/command.h"
#include "syrinx/engines/call/scenario.h"

namespace syrinx::cli {

// `syrinx media simulate` of a call with an agent: carries it through and writes into the folder
// what both heard, what happened at the agent's port, and the report, which it also prints.
// Errors: those of call::simulate_agent() and of writing.
Result<void> simulate_agent(const call::Scenario& scenario, const std::string& scenario_path,
                            const std::string& folder, const Context& context);

}  // namespace syrinx::cli
