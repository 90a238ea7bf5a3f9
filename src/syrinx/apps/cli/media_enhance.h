// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "syrinx/apps/cli/command.h"

namespace syrinx::cli {

// `syrinx media enhance`: a microphone's sound without what the loudspeaker put in.
void add_media_enhance(CLI::App& media, Context& context);

}  // namespace syrinx::cli
