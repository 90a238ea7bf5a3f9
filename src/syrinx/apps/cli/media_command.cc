// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/cli/media_command.h"

namespace syrinx::cli {
namespace {

constexpr const char* kFooter =
    "Examples:\n"
    "  syrinx media transcode in.wav -o heard.wav --codec pcmu --loss 5%   what the other side "
    "hears\n"
    "  syrinx media dtmf call.wav                                          which digits were "
    "pressed\n"
    "  syrinx media vad call.wav --json                                    when somebody speaks";

}  // namespace

void add_media_command(CLI::App& app, Context& context) {
  CLI::App* command = app.add_subcommand("media", "Calls: codecs, losses, digits, speech activity");
  command->require_subcommand(1);
  add_media_transcode(*command, context);
  add_media_dtmf(*command, context);
  add_media_vad(*command, context);
  command->footer(kFooter);
}

}  // namespace syrinx::cli
