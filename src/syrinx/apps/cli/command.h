// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <stop_token>
#include <string>

#include "syrinx/core/base/result.h"

// What the subcommands share. Results go to standard output, everything else to standard error.
namespace syrinx::cli {

struct Context {
  bool json = false;     // --json: one JSON document on standard output.
  bool quiet = false;    // --quiet: no progress, no summary, errors only.
  std::stop_token stop;  // Requested by Ctrl-C, SIGTERM and SIGHUP.
  int exit_code = 0;
};

// Each subcommand adds itself and, when it was chosen, leaves its exit code in the context.
void add_say_command(CLI::App& app, Context& context);
void add_text_command(CLI::App& app, Context& context);
void add_lexicon_command(CLI::App& app, Context& context);
void add_read_command(CLI::App& app, Context& context);
void add_voices_command(CLI::App& app, Context& context);
void add_info_command(CLI::App& app, Context& context);
void add_measure_command(CLI::App& app, Context& context);
void add_compare_command(CLI::App& app, Context& context);
void add_emodel_command(CLI::App& app, Context& context);
void add_media_command(CLI::App& app, Context& context);
void add_fx_command(CLI::App& app, Context& context);
void add_spectrogram_command(CLI::App& app, Context& context);
void add_model_command(CLI::App& app, Context& context);
void add_models_command(CLI::App& app, Context& context);
void add_config_command(CLI::App& app, Context& context);
void add_vocode_command(CLI::App& app, Context& context);
void add_validate_command(CLI::App& app, Context& context);
void add_serve_command(CLI::App& app, Context& context);
void add_doctor_command(CLI::App& app, Context& context);
void add_completion_command(CLI::App& app, Context& context);

// Adds --json, with what it gives.
void add_json_option(CLI::App& command, Context& context, const std::string& gives);

// The one table of exit codes: 0 done, 1 internal, 2 wrong use, 3 not found, 4 broken data,
// 5 unsupported or missing on this machine, 6 the system refused (disk, permission, pipe),
// 130 interrupted. `syrinx validate` adds 7: a voice is worse than the baseline.
int exit_code_for(ErrorCode code) noexcept;

// Says what went wrong on standard error, as a sentence or as {"error": {...}} with --json, and
// returns the exit code.
int report_error(const Context& context, const Error& error);

// A note for a person: "syrinx: note: ...". Nothing when quiet.
void note(const Context& context, const std::string& sentence);

// Prints the document, replacing bytes that are not UTF-8.
void print_json(const nlohmann::json& document);

// For the right-hand side of a callback: runs `body`, reports its error, sets the exit code.
template <class Body>
void run(Context& context, Body body) {
  const Result<void> done = body();
  if (!done) context.exit_code = report_error(context, done.error());
}

}  // namespace syrinx::cli
