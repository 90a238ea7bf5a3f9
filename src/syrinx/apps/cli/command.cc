// SPDX-License-Identifier: Apache-2.0
#include "syrinx/apps/cli/command.h"

#include <cstdio>

namespace syrinx::cli {

void add_json_option(CLI::App& command, Context& context, const std::string& gives) {
  command.add_flag("--json", context.json, "Print JSON: " + gives);
}

int exit_code_for(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::kInvalidArgument:
      return 2;
    case ErrorCode::kNotFound:
      return 3;
    case ErrorCode::kCorruptData:
      return 4;
    case ErrorCode::kLimitExceeded:
      return 4;
    case ErrorCode::kUnsupported:
      return 5;
    case ErrorCode::kUnavailable:
      return 5;
    case ErrorCode::kIo:
      return 6;
    case ErrorCode::kCancelled:
      return 130;
    case ErrorCode::kInternal:
      return 1;
  }
  return 1;
}

int report_error(const Context& context, const Error& error) {
  if (context.json) {
    const nlohmann::json document = {
        {"error", {{"code", to_string(error.code)}, {"message", error.message}}}};
    const std::string text =
        document.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    std::fprintf(stderr, "%s\n", text.c_str());
  } else {
    std::fprintf(stderr, "syrinx: %s\n", error.message.c_str());
  }
  return exit_code_for(error.code);
}

void note(const Context& context, const std::string& sentence) {
  if (!context.quiet) std::fprintf(stderr, "syrinx: note: %s\n", sentence.c_str());
}

void print_json(const nlohmann::json& document) {
  const std::string text = document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace);
  std::printf("%s\n", text.c_str());
}

}  // namespace syrinx::cli
