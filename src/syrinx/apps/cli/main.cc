// SPDX-License-Identifier: Apache-2.0
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <cstdio>
#include <exception>
#include <optional>
#include <string>

#include "syrinx/apps/cli/command.h"
#include "syrinx/apps/cli/interrupt.h"
#include "syrinx/core/base/log.h"

namespace syrinx::cli {
namespace {

constexpr const char* kFooter =
    "Start here:\n"
    "  syrinx say \"Hello, world.\"     speak into say.wav\n"
    "  syrinx read book.epub          read a book aloud into book.m4b\n"
    "  syrinx text \"It cost $3.50.\"  what is said for a text, and why\n"
    "  syrinx voices                  who can speak\n"
    "  syrinx info say.wav            what is in an audio file\n"
    "  syrinx serve                   the same over HTTP, as OpenAI's clients ask for it\n"
    "  syrinx doctor                  what this machine has and lacks\n"
    "  syrinx say --help              every option, with examples\n"
    "\n"
    "Exit codes: 0 done, 1 internal, 2 wrong use, 3 not found, 4 broken data, 5 unsupported or\n"
    "missing here, 6 the system refused (disk, permission, pipe), 7 worse than the\n"
    "baseline (validate), 130 interrupted.";

spdlog::level::level_enum spdlog_level(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return spdlog::level::debug;
    case LogLevel::kInfo:
      return spdlog::level::info;
    case LogLevel::kWarning:
      return spdlog::level::warn;
    case LogLevel::kError:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

// The library's messages go to standard error: warnings always, everything with --verbose.
void log_to_stderr(bool verbose) {
  auto logger = spdlog::stderr_color_mt("syrinx");
  logger->set_pattern("%n: %^%l%$: %v");
  logger->set_level(verbose ? spdlog::level::debug : spdlog::level::warn);
  set_log_hook([logger](LogLevel level, std::string_view message) {
    logger->log(spdlog_level(level), "{}", message);
  });
}

// A word where a command should be, which is none: CLI11 would only say that one is required.
std::optional<Error> unknown_command(const CLI::App& app, int argc, char** argv) {
  if (argc < 2 || argv[1][0] == '-') return std::nullopt;
  std::string known;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (command->get_name() == argv[1]) return std::nullopt;
    known += (known.empty() ? "" : ", ") + command->get_name();
  }
  return make_error(ErrorCode::kInvalidArgument, "there is no command '", argv[1], "'; there are ",
                    known);
}

int run_program(int argc, char** argv) {
  const Interrupt interrupt;
  Context context;
  context.stop = interrupt.token();
  CLI::App app("Syrinx, a speech engine: text becomes speech, offline, on a CPU.", "syrinx");
  app.set_version_flag("--version", std::string("syrinx ") + SYRINX_VERSION);
  bool verbose = false;
  app.add_flag("-v,--verbose", verbose, "Say what is going on, on standard error");
  app.require_subcommand(1);
  app.footer(kFooter);
  app.parse_complete_callback([&] { log_to_stderr(verbose); });
  add_say_command(app, context);
  add_read_command(app, context);
  add_text_command(app, context);
  add_lexicon_command(app, context);
  add_voices_command(app, context);
  add_info_command(app, context);
  add_measure_command(app, context);
  add_compare_command(app, context);
  add_emodel_command(app, context);
  add_media_command(app, context);
  add_fx_command(app, context);
  add_spectrogram_command(app, context);
  add_vocode_command(app, context);
  add_model_command(app, context);
  add_models_command(app, context);
  add_validate_command(app, context);
  add_serve_command(app, context);
  add_config_command(app, context);
  add_doctor_command(app, context);
  add_completion_command(app, context);
  if (argc == 1) {
    std::printf("%s", app.help().c_str());
    return 2;
  }
  if (const auto unknown = unknown_command(app, argc, argv)) return report_error(context, *unknown);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& asked) {  // --help and --version.
    return app.exit(asked);
  } catch (const CLI::ParseError& wrong) {
    app.exit(wrong);
    return exit_code_for(ErrorCode::kInvalidArgument);
  }
  return context.exit_code;
}

}  // namespace
}  // namespace syrinx::cli

int main(int argc, char** argv) {
  try {
    return syrinx::cli::run_program(argc, argv);
  } catch (const std::exception& unforeseen) {  // Of an outside library, or out of memory.
    std::fprintf(stderr, "syrinx: internal error: %s\n", unforeseen.what());
    return 1;
  }
}
