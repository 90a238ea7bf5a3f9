// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "syrinx/apps/cli/command.h"

namespace syrinx::cli {

// `syrinx voices manner` and `syrinx voices emotion`: how somebody speaks, how evenly over a long
// sound, and how excited beside their neutral voice.
void add_manner_commands(CLI::App& voices, Context& context);

}  // namespace syrinx::cli
