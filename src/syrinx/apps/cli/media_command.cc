// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/cli/media_command.h"

#include "syrinx/apps/cli/media_enhance.h"

namespace syrinx::cli {
namespace {

constexpr const char* kFooter =
    "Examples:\n"
    "  syrinx media transcode in.wav -o heard.wav --codec pcmu --loss 5%   as the other side "
    "hears\n"
    "  syrinx media dtmf call.wav                   which digits were pressed, and when\n"
    "  syrinx media vad call.wav                    from when to when somebody speaks\n"
    "  syrinx media simulate call.json -o heard     a call over a bad network, as each ear hears\n"
    "  syrinx media report call.pcap                what its packets say of a call's quality\n"
    "  syrinx media report heard/report.json --page call.html   why it sounded as it did\n"
    "  syrinx media enhance mic.wav --far ref.wav -o out.wav   without the loudspeaker's echo\n"
    "  syrinx media enhance mic.wav --gain -o out.wav          at an even level";

}  // namespace

void add_media_command(CLI::App& app, Context& context) {
  CLI::App* command = app.add_subcommand("media", "Calls: codecs, networks, packets, digits, echo");
  command->require_subcommand(1);
  add_media_transcode(*command, context);
  add_media_dtmf(*command, context);
  add_media_vad(*command, context);
  add_media_simulate(*command, context);
  add_media_report(*command, context);
  add_media_enhance(*command, context);
  command->footer(kFooter);
}

}  // namespace syrinx::cli
