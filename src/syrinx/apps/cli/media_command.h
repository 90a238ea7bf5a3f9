// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "syrinx/apps/cli/command.h"

// The parts of `syrinx media`, a file each.
namespace syrinx::cli {

void add_media_transcode(CLI::App& media, Context& context);
void add_media_dtmf(CLI::App& media, Context& context);
void add_media_vad(CLI::App& media, Context& context);
void add_media_simulate(CLI::App& media, Context& context);
void add_media_report(CLI::App& media, Context& context);

}  // namespace syrinx::cli
