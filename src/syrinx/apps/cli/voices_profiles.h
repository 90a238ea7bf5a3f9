// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "syrinx/apps/cli/command.h"

namespace syrinx::cli {

// Adds `learn`, `compare`, `like` and `learnt` to `voices`: voices that are learnt from recordings.
void add_profile_commands(CLI::App& voices, Context& context);

}  // namespace syrinx::cli
