// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/cli/command.h"
#include "syrinx/apps/cli/media_enhance.h"

namespace syrinx::cli {

void add_media_command(CLI::App& app, Context& context) {
  CLI::App* command = app.add_subcommand("media", "Calls: echo taken out of a sound");
  command->require_subcommand(1);
  add_media_enhance(*command, context);
}

}  // namespace syrinx::cli
