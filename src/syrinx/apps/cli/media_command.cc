// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/cli/media_command.h"

namespace syrinx::cli {
namespace {

constexpr const char* kFooter =
    "Examples:\n"
    "  syrinx media simulate call.json -o heard     a call over a bad network, as each ear hears "
    "it\n"
    "  syrinx media report call.pcap                what its packets say of a call's quality";

}  // namespace

void add_media_command(CLI::App& app, Context& context) {
  CLI::App* command = app.add_subcommand("media", "Calls: networks, packets, why one sounded bad");
  command->require_subcommand(1);
  add_media_simulate(*command, context);
  add_media_report(*command, context);
  command->footer(kFooter);
}

}  // namespace syrinx::cli
